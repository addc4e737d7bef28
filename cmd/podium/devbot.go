package main

import (
	"context"
	"sync"

	"podium/internal/demobot"
	"podium/internal/pod/seed"
)

// demoBot is the user name of the demo bot in each company, and the name of its key.
const demoBot = "demo-bot"

// bots returns the user names of the bots that podium dev runs.
func (c *devCommand) bots() []string {
	if !c.Bot {
		return nil
	}
	return []string{demoBot}
}

// demoBots holds the demo bots of a podium dev, one for each company.
type demoBots struct {
	bots    []demobot.Bot
	end     func()
	running sync.WaitGroup
}

// plantBots adds the account of the demo bot to each company, where it is not there yet. With
// --no-bot it does nothing.
func (c *devCommand) plantBots(ctx context.Context, n *node, f devFolder, demos []seed.Demo) (*demoBots, error) {
	b := &demoBots{end: func() {}}
	if !c.Bot {
		return b, nil
	}
	key, err := f.key(demoBot, true)
	if err != nil {
		return nil, err
	}
	for i, demo := range demos {
		account := seed.Service{Username: demoBot, Key: &key.PublicKey}
		if err := seed.AddService(ctx, n.pod, demo.Company, demo.Domain, "Podium Bot", account); err != nil {
			return nil, err
		}
		b.bots = append(b.bots, demobot.Bot{Base: c.baseURL(i), Username: demoBot, Key: key, Log: n.log})
	}
	return b, nil
}

// start runs the bots until stop is called or ctx ends. The doors must be open: the bots are their
// clients. ca is the file with the certificate to trust; empty: none.
func (b *demoBots) start(ctx context.Context, ca string) error {
	transport, err := (&caller{CA: ca}).transport()
	if err != nil {
		return err
	}
	ctx, b.end = context.WithCancel(ctx)
	for i := range b.bots {
		b.bots[i].HTTP = transport
		b.running.Go(func() { b.bots[i].Run(ctx) })
	}
	return nil
}

// stop ends the bots and waits for them.
func (b *demoBots) stop() {
	b.end()
	b.running.Wait()
}
