package admission

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// ErrSeparated is the refusal to bring separated users together.
var ErrSeparated = apierr.Forbidden("an information barrier separates the members")

// MayMeet fails with ErrSeparated if a barrier separates any of the people. The caller must have
// locked their accounts; MayMeet locks their barrier state.
func MayMeet(tx *db.Tx, people []accounts.User) error {
	walled := WalledAmong(people)
	if len(walled) < 2 {
		return nil
	}
	if err := barriers.LockUsers(tx, walled...); err != nil {
		return err
	}
	apart, err := barriers.AnySeparated(tx, walled)
	if err == nil && apart {
		err = ErrSeparated
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

// largeRoom is the number of members from which MayMeetThose first counts the members of the
// separated groups.
const largeRoom = 500

// MayMeetAll fails with ErrSeparated if a barrier separates a user from a member of a stream.
// walled is the account's. The caller must have locked the user's barrier state and then the
// stream.
func MayMeetAll(tx *db.Tx, s streams.Stream, user wire.UserID, walled bool) error {
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

// MayMeetThose is MayMeetAll for a user who is separated from the members of the groups opposed.
// The caller must have locked the same.
func MayMeetThose(tx *db.Tx, s streams.Stream, user wire.UserID, opposed []int64) error {
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
		return ErrSeparated
	}
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return err
}
