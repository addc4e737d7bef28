package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"podium/internal/front"
	"podium/internal/wire"
)

type serveCommand struct {
	storage
	fileStorage
	serving
}

// Validate names the settings that cannot be.
func (c *serveCommand) Validate() error {
	return errors.Join(c.storage.Validate(), c.fileStorage.Validate(), c.serving.Validate())
}

// Run serves until ctx ends. It starts on an empty database too, and invents no credentials:
// companies and their first administrators are made by `podium company` and `podium admin`.
func (c *serveCommand) Run(ctx context.Context) error {
	scanner, err := c.scanner()
	if err != nil {
		return err
	}
	n, err := openNode(ctx, c.storage, calls{max: c.MaxBody, strict: c.StrictBodies, retired: c.OlderFeedsRetired, passwords: c.PasswordSignIn, shown: c.shown()}, attachments{c.fileStorage, scanner}, c.bounds(), func(unready func()) *front.Drain { return front.NewDrain(c.DrainDelay, unready) })
	if err != nil {
		return err
	}
	defer n.close()
	if err := c.open(n); err != nil {
		return err
	}
	stop, err := n.manage(c.Management)
	if err != nil {
		return err
	}
	defer stop()
	return n.run(ctx, func() error {
		for _, d := range n.doors {
			n.log.Info("listening", "address", d.listener.Addr().String(), "tls", d.tls)
		}
		return nil
	})
}

// open opens the common door, and one for each company with an address of its own.
func (c *serveCommand) open(n *node) error {
	config, err := c.front(n)
	if err != nil {
		return err
	}
	members := n.pod.Companies.All()
	if len(members) == 0 {
		n.log.Warn("no company yet: add one with `podium company create`, and its first administrator with `podium admin create`")
	}
	for _, m := range members {
		if m.Listen != "" {
			if err := n.listen(m.Listen, m.ID, config); err != nil {
				return fmt.Errorf("company %d: %w", m.ID, err)
			}
		}
	}
	return n.listen(c.Listen, wire.CompanyID(0), config)
}

func (c *serveCommand) front(n *node) (front.Config, error) {
	config := front.Config{
		RequestClientCertificates: c.ClientCertificates,
		MaxHeaderBytes:            c.MaxHeader,
		ReadHeaderTimeout:         c.HeaderTimeout,
		BodyTimeout:               c.BodyTimeout,
		IdleTimeout:               c.IdleTimeout,
		TrustedProxies:            c.TrustedProxies,
		ProxyHeaders:              front.ProxyHeaders(strings.TrimPrefix(c.ProxyHeaders, "any")),
		Limits:                    front.Limits{Rate: c.Rate, Burst: int(2 * c.Rate)},
	}
	config = n.bound(c.Connections, config)
	if c.TLSCertificate == "" {
		return config, nil
	}
	var err error
	config.Certificate, err = front.LoadCertificate(c.TLSCertificate, c.TLSKey, n.log)
	return config, err
}
