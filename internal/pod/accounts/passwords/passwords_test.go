package passwords

import (
	"context"
	"strings"
	"testing"
)

// The derived text is that of Python's hashlib for the published parameters.
const derived = "7ibzhBWBrxOSHcgrHa2BC50JzEE7bBjk95I76otk+FI="

func TestDerive(t *testing.T) {
	t.Parallel()
	for _, salt := range []string{"c2FsdCBvZiAxNiBieXRlcw==", "c2FsdCBvZiAxNiBieXRlcw", "salt of 16 bytes"} {
		if got := Derive("correct horse", salt); got != derived {
			t.Errorf("with the salt %q: %s", salt, got)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	sealed := Seal(derived)
	if !strings.HasPrefix(sealed, "$argon2id$v=19$m=19456,t=2,p=1$") || Seal(derived) == sealed {
		t.Errorf("%s, and again", sealed)
	}
	url := strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(derived)
	for _, c := range []struct {
		stored, derived string
		want            bool
	}{
		{sealed, derived, true},
		{sealed, url, true}, // another spelling of the same bytes
		{Seal(url), derived, true},
		{derived, derived, true}, // by an older podium
		{url, derived, true},
		{sealed, sealed, false},
		{sealed, "", false},
		{sealed, Derive("Correct horse", "salt of 16 bytes"), false},
		{derived, Derive("Correct horse", "salt of 16 bytes"), false},
		{"", "", false}, // no password
		{"", derived, false},
		{decoy, "", false},
	} {
		got, err := Match(context.Background(), c.stored, c.derived)
		if err != nil || got != c.want {
			t.Errorf("%q and %q: %v, %v", c.stored, c.derived, got, err)
		}
	}
}

// What a database holds cannot make a sign-in take more memory or time than a hash of this package
// may.
func TestBrokenHashes(t *testing.T) {
	t.Parallel()
	good := Seal(derived)
	for _, stored := range []string{
		"$argon2id$", "$argon2id$v=19$m=19456$x$y", strings.Replace(good, "m=19456", "m=4194304", 1), strings.Replace(good, "t=2", "t=1000000", 1),
		strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "v=19", "v=16", 1), good[:len(good)-4], strings.Replace(good, "$m=", "$!m=", 1),
	} {
		if same, err := Match(context.Background(), stored, derived); err == nil || same {
			t.Errorf("%s: %v, %v", stored, same, err)
		}
	}
}

// A sign-in whose client has gone waits for no place.
func TestMatchEndsWithItsClient(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range cap(places) {
		places <- struct{}{}
	}
	defer func() {
		for range cap(places) {
			<-places
		}
	}()
	if _, err := Match(ctx, "", derived); err != context.Canceled {
		t.Errorf("all places are taken: %v", err)
	}
}
