package message

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// ReadableSince returns the time from which the caller may read the messages of a stream, 0 for all
// of them; ok is false if the caller may read none. Members read what was sent since they joined
// or, where the history is shown and in IMs, everything. All users of the company read its public
// rooms.
func ReadableSince(caller auth.Caller, to streams.Seen) (since wire.Time, ok bool) {
	switch {
	case to.In && (to.ViewHistory || to.Type != streams.Room):
		return 0, true
	case to.In:
		return to.Self.Joined, true
	}
	return 0, to.Public && to.Company == caller.Company
}

// ReadableBy reports whether a user could read a message when it was sent, and still can. Beside
// those of ReadableSince, that applies to former members of a room that shows its history.
func (m Row) ReadableBy(tx *db.Tx, caller auth.Caller, to streams.Seen) (bool, error) {
	if since, ok := ReadableSince(caller, to); ok {
		return since <= m.At, nil
	}
	if !to.ViewHistory {
		return false, nil
	}
	n, err := db.Value[int64](tx, `
		SELECT COUNT(*)
		FROM stream_leavers
		WHERE stream = $1 AND user_id = $2 AND joined <= $3 AND left_at >= $3`, m.Stream, caller.User, m.At)
	return n > 0, err
}

// Read returns a message with its stream, if the caller may read it; ok is false for any other one.
func Read(tx *db.Tx, caller auth.Caller, id wire.MessageID) (m Row, to streams.Seen, ok bool, err error) {
	m, to, err = See(tx, caller, id)
	var refused *apierr.Error
	if errors.As(err, &refused) {
		return m, to, false, nil
	}
	if err != nil {
		return m, to, false, err
	}
	if ok, err = m.ReadableBy(tx, caller, to); err != nil || !ok || m.Suppressed != 0 {
		return m, to, false, err
	}
	ok, err = MayReadWall(tx, caller, to)
	return m, to, ok, err
}

// MayReadWall reports whether the caller may read a stream, as far as it is a wall: that needs a
// feature.
func MayReadWall(tx *db.Tx, caller auth.Caller, to streams.Seen) (bool, error) {
	if to.Type != streams.Post {
		return true, nil
	}
	return features.Has(tx, caller.User, features.PostReadEnabled)
}

// Readable returns a stream whose messages the caller may read, and since when. It fails with
// Forbidden.
func Readable(tx *db.Tx, caller auth.Caller, id wire.StreamID) (to streams.Seen, since wire.Time, err error) {
	if to, err = streams.See(tx, caller, id); err != nil {
		return to, 0, err
	}
	since, ok := ReadableSince(caller, to)
	if ok {
		ok, err = MayReadWall(tx, caller, to)
	}
	if err == nil && !ok {
		err = apierr.Forbidden("the user is not a member of stream %s", to.ID)
	}
	return to, since, err
}
