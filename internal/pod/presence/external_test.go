package presence_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/pod/presence"
	"podium/podtest"
)

// TestExternalPresenceNeverLeaks checks all combinations of company, connection, interest and local
// flag. A user of another company sees the presence only if connected and with interest registered
// within the hour, and not with local. That applies to every version.
func TestExternalPresenceNeverLeaks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		reader := p.User("alice")
		subjects := map[string]*podtest.User{"same": p.User("bob"), "other": p.Stranger("dave")}
		for company, subject := range subjects {
			set(subject, presence.Busy, false)
			for _, connection := range []string{"none", "asked", "was asked", "refused", "was refused", "accepted", "removed", "accepted again"} {
				for _, interest := range []string{"none", "registered", "ended", "of the other"} {
					name := fmt.Sprintf("%s company, connection %s, interest %s", company, connection, interest)
					for _, u := range []*podtest.User{reader, subject} {
						u.Login() // hours have passed
					}
					forget(t, p)
					link(reader, subject, connection)
					connected := company == "same" || connection == "accepted" || connection == "accepted again"
					switch interest {
					case "registered", "ended":
						status := register(reader, subject)
						if (status == 200) != connected {
							t.Errorf("%s: registering is answered %d", name, status)
						}
						if connected && connection == "accepted again" && company == "other" {
							// The interest ends with the connection, whatever follows.
							act(reader, "remove", subject)
							link(reader, subject, "accepted")
						}
					case "of the other":
						register(subject, reader)
					}
					if interest == "ended" {
						clock.Advance(time.Hour)
					}
					interested := interest == "registered" && connection == "accepted"
					told := company == "same" || interested
					for _, version := range []string{"v1", "v2", "v3"} {
						for _, local := range []string{"true", "false"} {
							check(t, name+", "+version+", local "+local, reader, subject, version, local == "true" || version == "v1", connected, told, company == "same")
						}
					}
				}
			}
		}
	})
}

func check(t *testing.T, name string, reader, subject *podtest.User, version string, local, connected, told, same bool) {
	t.Helper()
	answer := reader.Get(fmt.Sprintf("/pod/%s/user/%d/presence?local=%v", version, subject.ID, local))
	var got presence.Presence
	_ = json.Unmarshal(answer.Body, &got)
	switch {
	case same || told && !local:
		if answer.Status != 200 || got.Category != presence.Busy {
			t.Errorf("%s: %d %s, though it may be told", name, answer.Status, answer.Body)
		}
	case local || connected:
		if answer.Status != 200 || got.Category != presence.Offline {
			t.Errorf("%s: %d %s, not OFFLINE", name, answer.Status, answer.Body)
		}
	case answer.Status != 403 || got.Category != "":
		t.Errorf("%s: %d %s, not a refusal", name, answer.Status, answer.Body)
	}
}

// link brings two users without a connection into a given state.
func link(a, b *podtest.User, connection string) {
	switch connection {
	case "asked":
		act(a, "create", b)
	case "was asked":
		act(b, "create", a)
	case "refused":
		act(b, "create", a)
		act(a, "reject", b)
	case "was refused":
		act(a, "create", b)
		act(b, "reject", a)
	case "accepted":
		act(a, "create", b)
		act(b, "accept", a)
	case "removed", "accepted again":
		act(a, "create", b)
		act(b, "accept", a)
		register(a, b)
		act(a, "remove", b)
		if connection == "accepted again" {
			act(b, "create", a)
			act(a, "accept", b)
		}
	}
}

func act(u *podtest.User, action string, other *podtest.User) {
	if action == "remove" {
		u.Post(fmt.Sprintf("/pod/v1/connection/user/%d/remove", other.ID), nil)
		return
	}
	u.Post("/pod/v1/connection/"+action, map[string]int64{"userId": other.ID})
}

func register(u, subject *podtest.User) int {
	return u.Post("/pod/v1/user/presence/register", []int64{subject.ID}).Status
}

// forget deletes all connections and interests between companies.
func forget(t *testing.T, p *podtest.Pod) {
	t.Helper()
	p.Write(t, func(tx *db.Tx) error {
		if err := tx.Exec(`DELETE FROM connections`); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM presence_interests`)
	})
}

// TestExternalPresenceIsKept checks that the presence shown of a user of another company stays for
// five minutes, then is read again, and that renewed interest continues.
func TestExternalPresenceIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		alice, dave := p.User("alice"), p.Stranger("dave")
		link(alice, dave, "accepted")
		register(alice, dave)
		set(dave, presence.DoNotDisturb, false)
		told := of(alice, dave.ID)
		if told.Category != presence.Away {
			t.Errorf("DO_NOT_DISTURB is told as %s", told.Category)
		}
		set(dave, presence.OnThePhone, false)
		clock.Advance(5*time.Minute - time.Millisecond)
		if again := of(alice, dave.ID); again != told {
			t.Errorf("within five minutes %v became %v", told, again)
		}
		clock.Advance(time.Millisecond)
		if now := of(alice, dave.ID); now.Category != presence.OnThePhone {
			t.Errorf("after five minutes: %v", now)
		}
		clock.Advance(50 * time.Minute)
		register(alice, dave)
		clock.Advance(50 * time.Minute)
		if later := of(alice, dave.ID); later.Category != presence.OnThePhone {
			t.Errorf("with renewed interest: %v", later)
		}
	})
}
