package jose

import (
	"crypto/rsa"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
)

// attack is a login token that an attacker might send, and the expected result.
type attack struct {
	name  string
	token string
	want  error // the kind of refusal; nil if the token must be accepted
}

// TestAttacks sends every attack to the account "bot", which has registered ownKey. The files
// attack_*_test.go hold the attacks, by the part of the token that they change.
func TestAttacks(t *testing.T) {
	t.Parallel()
	trap := newTrap(t)
	attacks := slices.Concat(
		algorithmAttacks(t),
		headerAttacks(t, trap.url()),
		claimAttacks(t),
		formAttacks(t),
		signatureAttacks(t),
	)
	names := make(map[string]bool)
	for _, a := range attacks {
		if names[a.name] {
			t.Errorf("two attacks are called %q", a.name)
		}
		names[a.name] = true
		t.Run(a.name, func(t *testing.T) { a.check(t, &ownKey().PublicKey) })
	}
	if len(attacks) < 60 {
		t.Errorf("only %d attacks", len(attacks))
	}
	t.Logf("%d attacks", len(attacks))
	trap.mustBeUntouched(t)
}

func (a attack) check(t *testing.T, key *rsa.PublicKey) {
	t.Helper()
	err := login(a.token, key)
	if !errors.Is(err, a.want) {
		t.Fatalf("the error is %v, not %v", err, a.want)
	}
	if err == nil {
		return
	}
	for segment := range strings.SplitSeq(a.token, ".") {
		if len(segment) > 8 && strings.Contains(err.Error(), segment) {
			t.Errorf("the error quotes the token: %.200v", err)
		}
	}
	if len(err.Error()) > 150 {
		t.Errorf("the error is so long that it may quote: %.200v", err)
	}
	// Without a key, the token is refused, too.
	if err := login(a.token); err == nil {
		t.Error("verified without a key")
	}
}

// trap is a listener on loopback that no code under test must dial.
type trap struct {
	listener net.Listener
}

func newTrap(t *testing.T) trap {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return trap{listener}
}

func (trap trap) url() string { return "http://" + trap.listener.Addr().String() + "/keys.json" }

// mustBeUntouched dials the trap and checks that its own connection is the first one accepted:
// connections are accepted in the order in which they came.
func (trap trap) mustBeUntouched(t *testing.T) {
	t.Helper()
	mine, err := net.Dial("tcp", trap.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Close()
	first, err := trap.listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if first.RemoteAddr().String() != mine.LocalAddr().String() {
		t.Error("an address in a token was dialled")
	}
}

func TestTrapNoticesADial(t *testing.T) {
	t.Parallel()
	trap := newTrap(t)
	stray, err := net.Dial("tcp", trap.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stray.Close()
	first, err := trap.listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if first.RemoteAddr().String() != stray.LocalAddr().String() {
		t.Error("the trap does not accept in order, so TestAttacks proves nothing")
	}
}
