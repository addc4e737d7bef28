package main_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// podium presence watch shows the present status of everybody and then what changes, and ends when
// it is told to.
func TestPresenceWatch(t *testing.T) {
	t.Parallel()
	c := command{folder: t.TempDir()}
	dev(t, filepath.Join(c.folder, "podium-dev"))
	set := func(category string) {
		body := filepath.Join(c.folder, category+".json")
		write(t, body, `{"category": "`+category+`"}`)
		c.run(t, "call", "setPresence", "--body", body).want(0)
	}
	set("BUSY")
	watch := c.start(t, "presence", "watch", "--all")
	watch.says(watch.stdout, "\tBUSY\n")
	set("ON_THE_PHONE")
	watch.says(watch.stdout, "\tON_THE_PHONE\n")
	watch.signal(syscall.SIGTERM)
	if code := watch.code(); code != 0 {
		t.Errorf("ended with %d: %s", code, watch.all())
	}
}

// What will not change by trying again ends it.
func TestPresenceWatchRefused(t *testing.T) {
	t.Parallel()
	c := command{folder: t.TempDir()}
	c.run(t, "presence", "watch").fails(1, "no --url")
}
