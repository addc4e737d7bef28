package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"podium/internal/front"
	"podium/internal/pod"
	"podium/internal/pod/inspector"
	"podium/internal/pod/seed"
	"podium/internal/private"
	"podium/internal/wire"
)

type devCommand struct {
	Data       string `type:"path" default:"podium-dev" placeholder:"FOLDER" help:"The folder of the database, the keys and the configurations for the SDKs."`
	Port       int    `default:"8080" help:"The port of the first company, Acme. The second, Globex, has the next port."`
	Fresh      bool   `help:"Delete the data of earlier runs first."`
	SeedUsers  int    `name:"seed-users" placeholder:"N" help:"Add so many people to Acme, the same in each run, to test at size. 1000000 take a minute or two."`
	TLS        bool   `name:"tls" help:"Serve https with a development CA, and make client certificates for certificate login."`
	Bot        bool   `default:"true" negatable:"" help:"Run a bot in each company that people can talk to: demo-bot."`
	Management string `placeholder:"ADDRESS" help:"The address of /healthz, /readyz and /metrics. Default: none."`
	logging

	StrictBodies bool `help:"Refuse JSON bodies with unknown members. By default they are ignored, and the header Podium-Ignored names them."`
}

// devDatabase is the database's file in the data folder.
const devDatabase = "podium.db"

// devFiles is the folder of the files of messages in the data folder.
const devFiles = "files"

// loopback is where podium dev is reached, and no other place: its data is no secret.
const loopback = "127.0.0.1"

// Validate names the setting that cannot be.
func (c *devCommand) Validate() error {
	if c.Port < 1 || c.Port > 65534 {
		return fmt.Errorf("--port must be between 1 and 65534")
	}
	if c.SeedUsers < 0 || c.SeedUsers > seed.MaxCrowd {
		return fmt.Errorf("--seed-users must be between 0 and %d", seed.MaxCrowd)
	}
	return nil
}

// Run starts the pod, on the data of an earlier run or on fresh demo data.
func (c *devCommand) Run(ctx context.Context) error {
	f := devFolder(c.Data)
	if err := f.prepare(c.Fresh, stderrLog(c.logging)); err != nil {
		return err
	}
	demos := []seed.Demo{seed.Acme(), seed.Globex()}
	ahead := f.fillAhead(demos, c.bots())
	settings := storage{Database: f.path(devDatabase), logging: c.logging}
	files := attachments{storage: fileStorage{f.path(devFiles)}}
	n, err := openNode(ctx, settings, calls{max: pod.DefaultMaxBody, strict: c.StrictBodies, demo: true, passwords: true, shown: shown{inspector.All, true, true}}, files, devBounds(), func(unready func()) *front.Drain { return front.NewDrain(0, unready) })
	if err != nil {
		if ahead != nil {
			ahead() // nothing is written to the folder any longer
		}
		return err
	}
	defer n.close()
	if err := plantDemos(ctx, n.pod, f, demos, c.bots(), ahead); err != nil {
		return err
	}
	bots, err := c.plantBots(ctx, n, f, demos)
	if err != nil {
		return err
	}
	if err := c.plantCrowd(ctx, n, demos[0]); err != nil {
		return err
	}
	config := front.Config{RequestClientCertificates: c.TLS}
	if c.TLS {
		if err := f.makeTLS(ctx, n.pod, demos); err != nil {
			return err
		}
		if config.Certificate, err = front.LoadCertificate(f.path("tls", "server.pem"), f.path("tls", "server-key.pem"), n.log); err != nil {
			return err
		}
	}
	config = n.bound(0, config)
	for i, demo := range demos {
		if err := n.listenOnLoopback(c.Port+i, demo.Company.ID, config); err != nil {
			return fmt.Errorf("%s: %w (choose another with --port)", demo.Company.Name, err)
		}
	}
	stop, err := n.manage(c.Management)
	if err != nil {
		return err
	}
	defer stop()
	defer os.Remove(f.path("bootstrap.json"))
	defer bots.stop()
	return n.run(bots.stopFirst(ctx), func() error {
		if err := c.announce(f, demos); err != nil {
			return err
		}
		ca := ""
		if c.TLS {
			ca = f.path("tls", "ca.pem")
		}
		return bots.start(ctx, ca)
	})
}

func (c *devCommand) address(i int) string { return loopback + ":" + strconv.Itoa(c.Port+i) }

func (c *devCommand) baseURL(i int) string {
	if c.TLS {
		return "https://" + c.address(i)
	}
	return "http://" + c.address(i)
}

// announce writes what clients need into the folder, the bootstrap file last, and prints it.
func (c *devCommand) announce(f devFolder, demos []seed.Demo) error {
	for i, demo := range demos {
		if err := f.writeKits(demo, c.Port+i, c.TLS); err != nil {
			return err
		}
	}
	acme, globex := demos[0], demos[1]
	err := f.writeBootstrap(bootstrap{
		PodBaseURL:                   c.baseURL(0),
		AdminUsername:                acme.Admin.Username,
		AdminPrivateKeyPath:          keyFile(acme.Admin.Username),
		BotUsername:                  acme.Bot.Username,
		BotPrivateKeyPath:            keyFile(acme.Bot.Username),
		SecondPodBaseURL:             c.baseURL(1),
		SecondPodAdminUsername:       globex.Admin.Username,
		SecondPodAdminPrivateKeyPath: keyFile(globex.Admin.Username),
	})
	if err != nil {
		return err
	}
	w := os.Stdout
	fmt.Fprintf(w, "Podium is up, for this machine alone. Data: %s\n", f)
	for i, demo := range demos {
		fmt.Fprintf(w, "\n%s (pod %d)  %s\n", demo.Company.Name, demo.Company.ID, c.baseURL(i))
		fmt.Fprintf(w, "  administrator  %-13s %s\n", demo.Admin.Username, f.path(keyFile(demo.Admin.Username)))
		fmt.Fprintf(w, "  bot            %-13s %s\n", demo.Bot.Username, f.path(keyFile(demo.Bot.Username)))
		if demo.App != nil {
			fmt.Fprintf(w, "  app            %-13s %s\n", demo.App.ID, f.path(keyFile(demo.App.ID)))
		}
		if c.Bot {
			fmt.Fprintf(w, "  demo bot       %-13s open a conversation with it and say /help\n", demoBot)
		}
		fmt.Fprintf(w, "  people         %s\n", peopleOf(demo))
	}
	fmt.Fprintf(w, "\nConsole:            %s/\nBDK configurations: %s\nAPI explorer:       %s/docs\n", c.baseURL(0), f.path("bdk"), c.baseURL(0))
	return nil
}

// plantDemos adds the demo companies that are not there yet, with keys that lie in the folder or
// are made: by ahead, where that was begun, or now.
func plantDemos(ctx context.Context, p *pod.Pod, f devFolder, demos []seed.Demo, also []string, ahead func() error) error {
	there := func(id wire.CompanyID) bool { _, ok := p.Companies.Get(id); return ok }
	fill := ahead
	if fill == nil {
		fill = func() error { return f.fillKeys(demos, also, there) }
	}
	if err := fill(); err != nil {
		return err
	}
	for _, demo := range demos {
		if there(demo.Company.ID) {
			continue
		}
		demo.Company.CertificateBits = 2048 // made in a blink
		if err := seed.Plant(ctx, p, demo); err != nil {
			return err
		}
	}
	return p.Companies.Refresh(ctx)
}

// plantCrowd adds the people of --seed-users that are not there yet.
func (c *devCommand) plantCrowd(ctx context.Context, n *node, demo seed.Demo) error {
	if c.SeedUsers == 0 {
		return nil
	}
	said := 0
	return seed.Crowd(ctx, n.pod.DB, demo.Company, demo.Domain, c.SeedUsers, func(planted int) {
		if planted >= c.SeedUsers || planted-said >= 100_000 {
			said = planted
			n.log.Info("people planted", "company", demo.Company.Name, "planted", planted, "of", c.SeedUsers)
		}
	})
}

// devFolder is the data folder of a podium dev.
type devFolder string

func (f devFolder) path(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

// prepare makes the folder, and lets no other user read what an earlier run left in it. It removes
// and changes only files that podium dev itself puts there.
func (f devFolder) prepare(fresh bool, log *slog.Logger) error {
	if f.shared() {
		log.Warn("the data folder holds other files too: its mode stays as it is", "path", string(f))
	} else if err := private.Folder(string(f), log); err != nil {
		return err
	}
	remove := []string{"bootstrap.json"} // it says that the pod answers, which it does not yet
	if fresh {
		// In this order an end halfway leaves nothing that fits nothing else.
		remove = append(remove, filepath.Join("tls", "ready"), "tls", "bdk", devDatabase, devFiles, devDatabase+"-wal", devDatabase+"-shm", "keys")
	}
	for _, name := range remove {
		if err := os.RemoveAll(f.path(name)); err != nil {
			return err
		}
	}
	if err := private.CheckAll(log, f.path("keys"), f.path("tls"), f.path("bdk")); err != nil {
		return err
	}
	return private.Folder(f.path("keys"), log)
}

// shared reports whether the folder exists and holds files, none of which an earlier podium dev has
// left: a home directory, perhaps.
func (f devFolder) shared() bool {
	entries, err := os.ReadDir(string(f))
	return err == nil && len(entries) > 0 && !slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return e.Name() == devDatabase || e.Name() == "keys"
	})
}
