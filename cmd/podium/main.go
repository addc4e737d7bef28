// Command podium is a pod that you can run: the server behind the published REST API, and
// the command line around it. `podium dev` starts one with demo data at once.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"podium/internal/pod"
)

// commandLine is every command with its flags.
type commandLine struct {
	Dev           devCommand           `cmd:"" help:"Start a pod with demo data, for this machine alone."`
	Serve         serveCommand         `cmd:"" help:"Start a pod for production."`
	Company       companyCommand       `cmd:"" help:"Add, list and change the companies that a pod hosts."`
	Users         usersCommand         `cmd:"" help:"Import and export many accounts."`
	Admin         adminCommand         `cmd:"" help:"Create a company's first administrator."`
	LoginLink     loginLinkCommand     `cmd:"" name:"login-link" help:"Print a link by which an account signs in to the console once."`
	Disclaimer    disclaimerCommand    `cmd:"" help:"Add, list and change the disclaimers of a company."`
	Barrier       barrierCommand       `cmd:"" help:"Information barriers: groups of users, and policies that separate them."`
	ContentExport contentExportCommand `cmd:"" help:"Export what was said into files."`
	Backup        backupCommand        `cmd:"" help:"Write the whole pod into one verified file, while it runs."`
	Restore       restoreCommand       `cmd:"" help:"Write a backup into an empty database, of either kind."`
	Audit         auditCommand         `cmd:"" help:"Verify, export and repair the sealed log of facts; print checkpoints."`
	Call          callCommand          `cmd:"" help:"Call any operation of a pod by its id."`
	Presence      presenceCommand      `cmd:"" help:"Follow the presence of users."`
	Operations    operationsCommand    `cmd:"" help:"List the operations: id, method, path, right, chapter."`
	Openapi       openapiCommand       `cmd:"" help:"Print the API description (OpenAPI 3.1)."`
	Config        configCommand        `cmd:"" help:"Print the effective settings, secrets hidden."`
	Version       versionCommand       `cmd:"" help:"Print the version."`
}

func main() {
	pod.TuneRuntime()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, func() {
		time.AfterFunc(endLimit+time.Second, func() {
			fmt.Fprintln(os.Stderr, "podium: told to end, and did not within ten seconds: cut off")
			os.Exit(1)
		})
	})
	os.Exit(run(ctx, os.Args[1:]))
}

// run carries one command line out and tells the exit code: 0, 1 for a failure, 2 for a wrong
// command line or settings.
func run(ctx context.Context, args []string) int {
	var cli commandLine
	parser, err := kong.New(&cli,
		kong.Name("podium"),
		kong.Description("A self-hosted pod: the published REST API, on your own machine."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Configuration(loadDefaultSettings, defaultSettingsFile),
		kong.Configuration(loadSettings),
		kong.NamedMapper("optionalpath", kong.MapperFunc(optionalPath)),
		kong.NamedMapper("text", kong.MapperFunc(textMapper)),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "podium:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if err != nil {
		complain(err)
		return 2
	}
	if err := command.Run(); err != nil {
		complain(err)
		return 1
	}
	return 0
}

// complain tells of an error, but does not wait for a reader that stalls: the program is to end.
func complain(err error) {
	told := make(chan struct{})
	go func() {
		fmt.Fprintln(os.Stderr, "podium:", err)
		close(told)
	}()
	select {
	case <-told:
	case <-time.After(logPatience):
	}
}
