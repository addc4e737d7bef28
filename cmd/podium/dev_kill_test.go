package main_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Wherever the first start of a podium dev is cut off, the next one works.
func TestDevKilledWhileItBegins(t *testing.T) {
	t.Parallel()
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	for round := range rounds {
		folder := t.TempDir()
		var flags []string
		if round%2 == 1 {
			flags = append(flags, "--tls")
		}
		for range 1 + rand.IntN(2) {
			more := 1 + rand.IntN(30)
			if rand.IntN(2) == 0 {
				more = 1 + rand.IntN(8) // most of the time goes by before there is much
			}
			killAt(beginDev(t, folder, flags...), len(entries(folder))+more)
			t.Logf("round %d: killed when there was %q", round, files(t, folder))
		}
		d := dev(t, folder)
		d.works()
		d.stop()
		if round%2 == 1 {
			d := dev(t, folder, "--tls")
			d.worksByTLS()
			d.stop()
		}
		if t.Failed() {
			return
		}
	}
}

// So it is when a start with --fresh is cut off.
func TestDevKilledWhileItBeginsAnew(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	dev(t, folder, "--tls").stop()
	file := filepath.Join(folder, "keys", "acme-bot.pem")
	for round := range 5 {
		key := read(t, file)
		d := beginDev(t, folder, "--tls", "--fresh")
		if round > 0 { // somewhere after it has removed the keys, which it does last
			watch(d, func() bool {
				now, err := os.ReadFile(file)
				return err != nil || string(now) != key
			})
			killAt(d, 1+rand.IntN(30))
		}
		d.kill()
		t.Logf("round %d: killed when there was %q", round, files(t, folder))
		again := dev(t, folder, "--tls")
		again.worksByTLS()
		again.stop()
	}
}

// killAt kills a podium dev as soon as its folder holds so many files, or it is up.
func killAt(d *devPod, many int) {
	d.t.Helper()
	watch(d, func() bool { return len(entries(d.folder)) >= many || exists(d.folder, "bootstrap.json") })
	d.kill()
}

// watch waits until something is so in the folder of a podium dev, or that has ended.
func watch(d *devPod, so func() bool) {
	d.t.Helper()
	deadline := time.After(patience)
	ticker := time.NewTicker(200 * time.Microsecond)
	defer ticker.Stop()
	for !so() {
		select {
		case <-ticker.C:
		case <-d.ended:
			return
		case <-deadline:
			d.t.Fatalf("nothing happens\n%s", d.all())
		}
	}
}

// entries returns the files below a folder that changes meanwhile.
func entries(folder string) []string {
	var list []string
	for _, pattern := range []string{"*", "*/*", "*/*/*"} {
		found, _ := filepath.Glob(filepath.Join(folder, pattern))
		list = append(list, found...)
	}
	return list
}
