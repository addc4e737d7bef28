package profiles

import (
	"context"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var follow = op.Operation[Service]{
	ID:      "followUser",
	Route:   "POST /pod/v1/user/{uid}/follow",
	Tag:     "User",
	Summary: "Add followers to a user.",
	About: "The user's own id in the list is skipped, and a user who already follows is no " +
		"error. Unknown ids are answered 400, and the others follow nevertheless. On " +
		"behalf of a user, only that user may be listed.",
	Needs:  auth.OnBehalfOr(auth.AccessUserProvisioningAPI),
	Opens:  []auth.Permission{auth.ManageUserFollowing},
	Handle: op.Call((*Service).follow),
}

var unfollow = op.Operation[Service]{
	ID:      "unfollowUser",
	Route:   "POST /pod/v1/user/{uid}/unfollow",
	Tag:     "User",
	Summary: "Remove followers from a user.",
	About: "A user who does not follow is no error. Unknown ids are answered 400, and the " +
		"others stop following nevertheless. On behalf of a user, only that user may be " +
		"listed.",
	Needs:  auth.OnBehalfOr(auth.AccessUserProvisioningAPI),
	Opens:  []auth.Permission{auth.ManageUserFollowing},
	Handle: op.Call((*Service).unfollow),
}

// maxFollowers is the most followers in one call. The limit is our choice.
const maxFollowers = 10_000

type followInput struct {
	UID  wire.UserID `path:"uid" doc:"The user who is followed."`
	Body struct {
		Followers []wire.UserID `json:"followers" maxItems:"10000"`
	}
}

func (in followInput) Validate() error {
	switch {
	case len(in.Body.Followers) == 0:
		return apierr.Invalid("followers: at least one user id is expected")
	case len(in.Body.Followers) > maxFollowers:
		return apierr.Invalid("followers: it has more than %d ids", maxFollowers)
	}
	return nil
}

func (s *Service) follow(ctx context.Context, caller auth.Caller, in followInput) (wire.Success, error) {
	return wire.Done("User(s) successfully added in the list of followers"), s.changeFollowers(ctx, caller, in, s.addFollowers)
}

func (s *Service) unfollow(ctx context.Context, caller auth.Caller, in followInput) (wire.Success, error) {
	return wire.Done("User(s) successfully removed from the list of followers"), s.changeFollowers(ctx, caller, in, s.removeFollowers)
}

// followersAtOnce is the most followers in one transaction, so that others need not wait long.
const followersAtOnce = 500

// changeFollowers implements the published operations on a list of ids: each known id takes effect,
// and then the call is refused because of the unknown ones. So it begins its own transactions.
func (s *Service) changeFollowers(ctx context.Context, caller auth.Caller, in followInput, change func(*db.Tx, auth.Caller, accounts.User, []wire.UserID) error) error {
	if caller.Kind == auth.OnBehalfSession && slices.ContainsFunc(in.Body.Followers, func(id wire.UserID) bool { return id != caller.User }) {
		return apierr.Forbidden("an application may have only its user follow, not others")
	}
	var unknown []string
	for part := range slices.Chunk(unique(in.Body.Followers), followersAtOnce) {
		missing, err := db.Write(ctx, s.DB, func(tx *db.Tx) ([]string, error) {
			followed, err := accounts.Own(tx, caller.Company, in.UID)
			if err != nil {
				return nil, accounts.Unknown(err, in.UID)
			}
			known, missing, err := sift(tx, caller.Company, part)
			if err != nil {
				return nil, err
			}
			known = slices.DeleteFunc(known, func(id wire.UserID) bool { return id == in.UID })
			if err := lockLists(tx, in.UID, known); err != nil {
				return nil, err
			}
			return missing, change(tx, caller, followed, known)
		})
		if err != nil {
			return err
		}
		unknown = append(unknown, missing...)
	}
	if len(unknown) > 0 {
		return apierr.Invalid("Invalid user id: %s", strings.Join(unknown, ", "))
	}
	return nil
}

// unique returns a list without duplicates, in the order of first mention.
func unique(ids []wire.UserID) []wire.UserID {
	seen := make(map[wire.UserID]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id wire.UserID) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}

// sift returns which ids are accounts of the company and which are not, both in the given order.
func sift(tx *db.Tx, company wire.CompanyID, ids []wire.UserID) (known []wire.UserID, missing []string, err error) {
	found, err := db.All(tx, db.ScanValue[wire.UserID], `SELECT id FROM users WHERE company = $1 AND id IN ($2) AND account_type <> $3`, company, ids, auth.SDL)
	if err != nil {
		return nil, nil, err
	}
	there := make(map[wire.UserID]bool, len(found))
	for _, id := range found {
		there[id] = true
	}
	for _, id := range ids {
		if there[id] {
			known = append(known, id)
		} else {
			missing = append(missing, id.String())
		}
	}
	return known, missing, nil
}

// lockLists locks the follow lists of the followers and of the followed user.
func lockLists(tx *db.Tx, followed wire.UserID, followers []wire.UserID) error {
	keys := []lock.Key{lock.FollowsOf(followed)}
	for _, id := range followers {
		keys = append(keys, lock.FollowsOf(id))
	}
	return tx.Lock(keys...)
}

// FollowersAdded is recorded when users begin to follow a user.
type FollowersAdded struct {
	Followers []wire.UserID `json:"followers"`
}

// Kind returns the name of this fact in the log.
func (FollowersAdded) Kind() string { return "user.followersAdded" }

// Audience returns the company of the actor.
func (FollowersAdded) Audience() journal.Audience { return journal.Within() }

// AuditLine names the action.
func (FollowersAdded) AuditLine(journal.Entry) journal.Line {
	return journal.Action("userFollowersAdded", "User followers added")
}

// FollowersRemoved is recorded when users stop following a user.
type FollowersRemoved struct {
	Followers []wire.UserID `json:"followers"`
}

// Kind returns the name of this fact in the log.
func (FollowersRemoved) Kind() string { return "user.followersRemoved" }

// Audience returns the company of the actor.
func (FollowersRemoved) Audience() journal.Audience { return journal.Within() }

// AuditLine names the action.
func (FollowersRemoved) AuditLine(journal.Entry) journal.Line {
	return journal.Action("userFollowersRemoved", "User followers removed")
}

func (s *Service) addFollowers(tx *db.Tx, caller auth.Caller, u accounts.User, followers []wire.UserID) error {
	followed := u.ID
	var fresh []wire.UserID
	for _, id := range followers {
		place, err := tx.Next("places")
		if err != nil {
			return err
		}
		added, err := tx.Count(`
			INSERT INTO follows (followed, follower, company, place)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (followed, follower) DO NOTHING`, followed, id, followed.Company(), place)
		if err != nil {
			return err
		}
		if added == 0 {
			continue
		}
		fresh = append(fresh, id)
		if err := grow(tx, followList{followed, followersSide}, place, fullStretch); err != nil {
			return err
		}
		if err := grow(tx, followList{id, followingSide}, place, fullStretch); err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return s.Journal.Record(tx, caller, u.Subject(), FollowersAdded{fresh})
}

func (s *Service) removeFollowers(tx *db.Tx, caller auth.Caller, u accounts.User, followers []wire.UserID) error {
	followed := u.ID
	present, err := db.All(tx, scanFollow, `SELECT follower, place FROM follows WHERE followed = $1 AND follower IN ($2)`, followed, followers)
	if err != nil {
		return err
	}
	var gone []wire.UserID
	for _, f := range present {
		gone = append(gone, f.follower)
		if err := tx.Change(`DELETE FROM follows WHERE followed = $1 AND follower = $2`, followed, f.follower); err != nil {
			return err
		}
		if err := shrink(tx, followList{followed, followersSide}, f.place); err != nil {
			return err
		}
		if err := shrink(tx, followList{f.follower, followingSide}, f.place); err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return s.Journal.Record(tx, caller, u.Subject(), FollowersRemoved{gone})
}

type follower struct {
	follower wire.UserID
	place    int64
}

func scanFollow(row db.Row) (f follower, err error) { return f, row.Scan(&f.follower, &f.place) }
