package profiles

import (
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var listFollowers = op.Operation[Service]{
	ID:      "listFollowers",
	Route:   "GET /pod/v1/user/{uid}/followers",
	Tag:     "User",
	Summary: "List the followers of a user, in the order in which they began.",
	About:   aboutCursors,
	Needs:   auth.AnyUser,
	Handle:  op.Read((*Service).listFollowers),
}

var listFollowing = op.Operation[Service]{
	ID:      "listFollowing",
	Route:   "GET /pod/v1/user/{uid}/following",
	Tag:     "User",
	Summary: "List the users whom a user follows, in the order in which that began.",
	About:   aboutCursors,
	Needs:   auth.AnyUser,
	Handle:  op.Read((*Service).listFollowing),
}

const aboutCursors = "Cursors are ranks, counted from 1: after=10 begins with the 11th, before=10 ends with the 10th, and " +
	"with both the page begins as after says and goes no further than before. The " +
	"answer's cursor before is how many stand before its first, and after is the rank of its last, left out on the last page."

type followListInput struct {
	UID    wire.UserID `path:"uid"`
	Limit  int64       `query:"limit" default:"100" min:"1" max:"1000"`
	Before *string     `query:"before" maxLength:"32" doc:"The page ends with this rank."`
	After  *string     `query:"after" maxLength:"32" doc:"The page begins behind this rank."`
}

func (in followListInput) Validate() error {
	_, _, err := in.page()
	return err
}

// page returns how many members precede the page, and how many it has at most.
func (in followListInput) page() (skip, limit int64, err error) {
	switch {
	case in.After != nil && in.Before != nil: // the Java SDK's page always has both
		if skip, err = rank("after", *in.After); err != nil {
			return 0, 0, err
		}
		last, err := rank("before", *in.Before)
		return skip, max(0, min(in.Limit, last-skip)), err
	case in.After != nil:
		skip, err = rank("after", *in.After)
		return skip, in.Limit, err
	case in.Before != nil:
		last, err := rank("before", *in.Before)
		skip = max(0, last-in.Limit)
		return skip, last - skip, err
	}
	return 0, in.Limit, nil
}

func rank(name, text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, apierr.Invalid("Invalid value for %s: a rank is expected, a whole number from 0", name)
	}
	return n, nil
}

// Followers is a page of the followers of a user.
type Followers struct {
	Count      int64         `json:"count" doc:"The total."`
	Followers  []wire.UserID `json:"followers"`
	Pagination Pagination    `json:"pagination"`
}

// Following is a page of the users that a user follows.
type Following struct {
	Count      int64         `json:"count" doc:"The total."`
	Following  []wire.UserID `json:"following"`
	Pagination Pagination    `json:"pagination"`
}

// Pagination holds the cursors of a page. The SDKs need it on empty pages too.
type Pagination struct {
	Cursors Cursors `json:"cursors"`
}

// Cursors holds ranks as texts.
type Cursors struct {
	Before string `json:"before" doc:"The number of elements before the page."`
	After  string `json:"after,omitempty" doc:"The rank of the last element of the page; absent on the last page."`
}

func (s *Service) listFollowers(tx *db.Tx, caller auth.Caller, in followListInput) (Followers, error) {
	ids, count, p, err := followPage(tx, caller, in, followersSide)
	return Followers{Count: count, Followers: ids, Pagination: p}, err
}

func (s *Service) listFollowing(tx *db.Tx, caller auth.Caller, in followListInput) (Following, error) {
	ids, count, p, err := followPage(tx, caller, in, followingSide)
	return Following{Count: count, Following: ids, Pagination: p}, err
}

func followPage(tx *db.Tx, caller auth.Caller, in followListInput, side string) ([]wire.UserID, int64, Pagination, error) {
	if _, err := accounts.Own(tx, caller.Company, in.UID); err != nil {
		return nil, 0, Pagination{}, accounts.Unknown(err, in.UID)
	}
	skip, limit, _ := in.page() // Validate has checked it
	ids, count, err := members(tx, followList{in.UID, side}, skip, limit)
	first := min(skip, count)
	p := Pagination{Cursors{Before: strconv.FormatInt(first, 10)}}
	if last := first + int64(len(ids)); last < count {
		p.Cursors.After = strconv.FormatInt(last, 10)
	}
	return ids, count, p, err
}
