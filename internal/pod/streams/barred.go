package streams

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// barring is whether an information barrier separates members of a stream. A barrier removes no
// member: the stream stays as it is, inactive, until the barrier ends or, in a room, until the
// separated members have left.
type barring int64

const (
	// the stream would be active without the barrier (an IM or MIM: or without disabled accounts)
	held barring = 1
	shut barring = 2 // a room that was also deactivated
)

// Open reports whether a room was not deactivated: it is active, or would be without a barrier.
// Such a room has an owner and an enabled member.
func (s Stream) Open() bool { return s.Active || s.Barred == held }

// ErrApart is the refusal to bring separated users together.
var ErrApart = apierr.Forbidden("an information barrier separates the members")

// mayMeet fails with errApart if a barrier separates any of the people. The caller must have locked
// their accounts; mayMeet locks their barrier state.
func mayMeet(tx *db.Tx, people []accounts.User) error {
	walled := WalledAmong(people)
	if len(walled) < 2 {
		return nil
	}
	if err := barriers.LockUsers(tx, walled...); err != nil {
		return err
	}
	apart, err := barriers.AnySeparated(tx, walled)
	if err == nil && apart {
		err = ErrApart
	}
	return err
}

// WalledAmong returns those of the people who are in a barrier group.
func WalledAmong(people []accounts.User) (walled []wire.UserID) {
	for _, u := range people {
		if u.Walled {
			walled = append(walled, u.ID)
		}
	}
	return walled
}

// largeRoom is the number of members from which mayMeetThose first counts the members of the
// separated groups.
const largeRoom = 500

// MayMeetAll fails with errApart if a barrier separates a user from a member of a stream. walled is
// the account's. The caller must have locked the user's barrier state and then the stream.
func MayMeetAll(tx *db.Tx, s Stream, user wire.UserID, walled bool) error {
	if !walled {
		return nil
	}
	if err := barriers.LockUsers(tx, user); err != nil {
		return err
	}
	opposed, err := barriers.SeparatedGroups(tx, user)
	if err != nil {
		return err
	}
	return MayMeetThose(tx, s, user, opposed)
}

// MayMeetThose is mayMeetAll for a user who is separated from the members of the groups opposed.
// The caller must have locked the same.
func MayMeetThose(tx *db.Tx, s Stream, user wire.UserID, opposed []int64) error {
	if len(opposed) == 0 {
		return nil
	}
	statement := `
		SELECT user_id
		FROM stream_members
		WHERE stream = $1 AND user_id <> $2 AND ` + barriers.InGroups("stream_members.user_id", "$3") + `
		LIMIT 1`
	if s.Members > largeRoom { // the groups may have fewer members than the room
		n, err := barriers.CountMembers(tx, opposed)
		if err != nil {
			return err
		}
		if n < s.Members {
			statement = `
				SELECT hidden.user_id
				FROM (` + barriers.MembersQuery("$3") + `) AS hidden
				WHERE hidden.user_id <> $2 AND EXISTS (SELECT 1 FROM stream_members m WHERE m.stream = $1 AND m.user_id = hidden.user_id)
				LIMIT 1`
		}
	}
	_, err := db.Value[wire.UserID](tx, statement, s.Number, user, opposed)
	if err == nil {
		return ErrApart
	}
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return err
}

// Separate handles a change of barriers: streams with separated members become inactive, and
// streams without any become active again.
func (s *Service) Separate(tx *db.Tx, caller auth.Caller, c barriers.Change) error {
	var concerned []int64
	if c.Landed != 0 {
		numbers, err := divided(tx, `JOIN barrier_sides b ON b.user_id = m.user_id WHERE b.policy = $1`, c.Landed)
		if err != nil {
			return err
		}
		concerned = append(concerned, numbers...)
	}
	for part := range slices.Chunk(c.Joined, atOnce) {
		numbers, err := divided(tx, `
			JOIN barrier_sides b ON b.user_id = m.user_id
			WHERE m.stream IN (SELECT stream FROM stream_members WHERE user_id IN ($1))`, part)
		if err != nil {
			return err
		}
		concerned = append(concerned, numbers...)
	}
	if c.Lifted {
		numbers, err := db.All(tx, db.ScanValue[int64], `SELECT number FROM streams WHERE barred > 0`)
		if err != nil {
			return err
		}
		concerned = append(concerned, numbers...)
	}
	slices.Sort(concerned)
	return s.review(tx, caller.AsConsequence(), slices.Compact(concerned))
}

// LockAll is hold of many.
func LockAll(tx *db.Tx, ids []wire.StreamID) error {
	keys := make([]lock.Key, len(ids))
	for i, id := range ids {
		keys[i] = lock.Stream(id)
	}
	return tx.Lock(keys...)
}

// atOnce is the most users or streams in one statement.
const atOnce = 1000

// divided returns the numbers of the streams with separated members m, by those policies b that the
// rest of the statement selects.
func divided(tx *db.Tx, rest string, arg any) ([]int64, error) {
	return db.All(tx, db.ScanValue[int64], `
		SELECT DISTINCT stream
		FROM (SELECT m.stream, b.policy, b.grp, b.user_id FROM stream_members m `+rest+`) AS sides
		GROUP BY stream, policy
		HAVING `+barriers.Divided, arg)
}

// review makes streams barred exactly if a barrier separates any of their members. It locks them.
func (s *Service) review(tx *db.Tx, grant auth.Grant, numbers []int64) error {
	var all []wire.StreamID
	for part := range slices.Chunk(numbers, atOnce) {
		ids, err := db.All(tx, db.ScanValue[wire.StreamID], `SELECT id FROM streams WHERE number IN ($1)`, part)
		if err != nil {
			return err
		}
		all = append(all, ids...)
	}
	if err := LockAll(tx, all); err != nil {
		return err
	}
	for part := range slices.Chunk(numbers, atOnce) {
		apart, err := divided(tx, `JOIN barrier_sides b ON b.user_id = m.user_id WHERE m.stream IN ($1)`, part)
		if err != nil {
			return err
		}
		slices.Sort(apart)
		list, err := db.All(tx, ScanStreams(), Select+` WHERE s.number IN ($1) ORDER BY s.number`, part)
		if err != nil {
			return err
		}
		for _, one := range list {
			_, is := slices.BinarySearch(apart, one.Number)
			switch {
			case is && one.Barred == 0:
				err = s.bar(tx, grant, one)
			case !is && one.Barred != 0:
				err = s.unbar(tx, grant, one)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// bar makes a stream inactive while a barrier separates its members.
func (s *Service) bar(tx *db.Tx, grant auth.Grant, one Stream) error {
	was := one.Active
	one.Barred = held
	if one.Type == Room && !one.Active {
		one.Barred = shut
	}
	one.Active = false
	err := tx.Change(`UPDATE streams SET barred = $2, active = FALSE WHERE number = $1`, one.Number, one.Barred)
	if err != nil || !was {
		return err
	}
	place, err := one.Place(tx)
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, grant, one.Subject(), Barred{Stream: place, Company: grant.Company})
}

// Release makes a room active again if no barrier separates its members any longer.
func (s *Service) Release(tx *db.Tx, grant auth.Grant, room Stream) error {
	apart, err := divided(tx, `JOIN barrier_sides b ON b.user_id = m.user_id WHERE m.stream = $1`, room.Number)
	if err != nil || len(apart) > 0 {
		return err
	}
	return s.unbar(tx, grant, room)
}

// unbar gives a stream the state that it has without a barrier.
func (s *Service) unbar(tx *db.Tx, grant auth.Grant, one Stream) error {
	var err error
	if one.Type == Room {
		one.Active, one.Barred = one.Barred == held, 0
		err = SaveCounts(tx, one)
	} else { // accounts are disabled and enabled without a lock of the stream; the row counts them
		err = tx.Change(`UPDATE streams SET barred = 0, active = (away = 0) WHERE number = $1`, one.Number)
		one.Active = one.Away == 0
	}
	if err != nil || !one.Active {
		return err
	}
	place, err := one.Place(tx)
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, grant, one.Subject(), Unbarred{Stream: place, Company: grant.Company})
}

// Barred is recorded when a stream becomes inactive because a barrier separates its members.
type Barred struct {
	Stream  Place          `json:"stream"`
	Company wire.CompanyID `json:"company"` // the barrier's
}

// Kind is the name of this fact in the log.
func (Barred) Kind() string { return "stream.barred" }

// Audience returns the companies in the stream. Those that the barrier is not of do not learn that
// there is one.
func (f Barred) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorHidden, func(company wire.CompanyID) journal.Fact {
		if company == f.Company {
			return f
		}
		return Closed{Stream: f.Stream}
	})
}

// AuditLine returns why the audit trail leaves this fact out.
func (Barred) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("The change of the barrier is audited.")
}

// Unbarred is recorded when a stream becomes active because no barrier separates its members any
// longer.
type Unbarred struct {
	Stream  Place          `json:"stream"`
	Company wire.CompanyID `json:"company"` // the barrier's
}

// Kind is the name of this fact in the log.
func (Unbarred) Kind() string { return "stream.unbarred" }

// Audience returns the companies in the stream. Those that the barrier is not of do not learn that
// there is one.
func (f Unbarred) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorHidden, func(company wire.CompanyID) journal.Fact {
		if company == f.Company {
			return f
		}
		return Opened{Stream: f.Stream}
	})
}

// AuditLine returns why the audit trail leaves this fact out.
func (Unbarred) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("The change of the barrier is audited.")
}

// Closed is what other companies hear of Barred.
type Closed struct {
	Stream Place `json:"stream"`
}

// Kind is the name of this fact in the log.
func (Closed) Kind() string { return "stream.closed" }

// Audience returns the company that hears of it.
func (Closed) Audience() journal.Audience { return journal.InStream(nil, journal.ActorHidden, nil) }

// AuditLine returns why the audit trail leaves this fact out.
func (Closed) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(ofOthers) }

// Opened is what other companies hear of Unbarred.
type Opened struct {
	Stream Place `json:"stream"`
}

// Kind is the name of this fact in the log.
func (Opened) Kind() string { return "stream.opened" }

// Audience returns the company that hears of it.
func (Opened) Audience() journal.Audience { return journal.InStream(nil, journal.ActorHidden, nil) }

// AuditLine returns why the audit trail leaves this fact out.
func (Opened) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(ofOthers) }

// ofOthers is why no trail shows what follows from a change in another company.
const ofOthers = "It follows from a change in another company, whose trail has that."
