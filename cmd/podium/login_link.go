package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/pod/seed"
	"podium/internal/pod/signin"
	"podium/internal/wire"
)

type loginLinkCommand struct {
	storage
	Company  wire.CompanyID `arg:"" help:"The company's number."`
	Username string         `arg:"" help:"The account's user name: of a person or of a service."`
	Data     string         `type:"path" placeholder:"FOLDER" help:"The data folder of a podium dev, whose database is meant."`
	Address  string         `placeholder:"URL" help:"The pod's address, as browsers know it. Default: https:// and the company's first host name; with --data, the address of the podium dev."`
}

// Validate refuses an address that no link can begin with.
func (c *loginLinkCommand) Validate() error {
	if c.Address == "" {
		return nil
	}
	u, err := url.Parse(c.Address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("address is a URL such as https://pod.example")
	}
	return nil
}

// Run prints a link.
func (c *loginLinkCommand) Run(ctx context.Context) error {
	if c.Data != "" {
		c.Database = devFolder(c.Data).path(devDatabase)
		if !fileExists(c.Database) {
			return fmt.Errorf("%s holds no data of a podium dev", c.Data)
		}
	}
	code, address := "", ""
	err := c.withDatabase(ctx, func(tx *db.Tx) error {
		company, err := companies.Find(tx, c.Company)
		if errors.Is(err, db.ErrNoRow) {
			return fmt.Errorf("there is no company %d", c.Company)
		}
		if err != nil {
			return err
		}
		if address, err = c.address(company); err != nil {
			return err
		}
		code, err = signin.MakeLink(tx, &journal.Log{}, c.Company, c.Username)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%s/#/signin/%s\n", strings.TrimSuffix(address, "/"), code)
	fmt.Fprintf(os.Stderr, "It signs %s in, once, within %.0f minutes.\n", c.Username, signin.LinkLife.Minutes())
	return nil
}

// address returns the address at which browsers find a company.
func (c *loginLinkCommand) address(company companies.Company) (string, error) {
	if c.Address != "" {
		return c.Address, nil
	}
	if c.Data != "" {
		b, err := readBootstrap(c.Data)
		switch {
		case err != nil:
			return "", fmt.Errorf("no podium dev runs on %s, so --address must tell where the console is", c.Data)
		case company.ID == seed.Globex().Company.ID:
			return b.SecondPodBaseURL, nil
		}
		return b.PodBaseURL, nil
	}
	if len(company.Hosts) == 0 {
		return "", fmt.Errorf("company %d has no host name, so --address must tell where its console is", company.ID)
	}
	return "https://" + company.Hosts[0], nil
}
