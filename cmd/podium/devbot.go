package main

import (
	"context"
	"net/http"
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
	running sync.WaitGroup

	mu   sync.Mutex   // guards the fields below
	http *http.Client // nil: not started
	end  func()       // nil: not started
	over bool         // stopped
}

// plantBots adds the account of the demo bot to each company, where it is not there yet. With
// --no-bot it does nothing.
func (c *devCommand) plantBots(ctx context.Context, n *node, f devFolder, demos []seed.Demo) (*demoBots, error) {
	b := &demoBots{}
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
	client, err := (&caller{CA: ca}).transport()
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return nil
	}
	b.http = client
	ctx, b.end = context.WithCancel(ctx)
	for i := range b.bots {
		b.bots[i].HTTP = client
		b.running.Go(func() { b.bots[i].Run(ctx) })
	}
	return nil
}

// stop ends the bots, waits for them and closes their connections.
func (b *demoBots) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
	if b.end == nil {
		return
	}
	b.end()
	b.running.Wait()
	b.http.CloseIdleConnections()
}

// stopFirst returns a context that ends when ctx has ended and the bots have. Otherwise a bot that
// begins a connection while the pod ends would hold the end up: the pod waits for its first
// request.
func (b *demoBots) stopFirst(ctx context.Context) context.Context {
	later, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		b.stop()
		end()
	})
	return later
}
