package feeds

import (
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/wire"
)

type nothing struct{}

// Feed is a feed: the published V5Datafeed.
type Feed struct {
	ID      string    `json:"id"`
	Created wire.Time `json:"createdAt,omitempty"`
	Type    string    `json:"type" doc:"fanout."`
}

var listFeeds = op.Operation[Service]{
	ID:              "listDatafeeds",
	Route:           "GET /agent/v5/datafeeds",
	Tag:             "Datafeed",
	Summary:         "List the caller's datafeeds, the oldest first.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Passive:         true,
	Handle:          op.Read((*Service).listFeeds),
}

type listInput struct {
	Tag *string `query:"tag" maxLength:"100" refusal:"tag must not exceed 100 characters"`
}

func (s *Service) listFeeds(tx *db.Tx, caller auth.Caller, in listInput) ([]Feed, error) {
	own, err := live(tx, caller.User, fanout)
	list := make([]Feed, 0, len(own))
	for _, f := range own {
		if in.Tag == nil || *in.Tag == "" || *in.Tag == f.tag {
			list = append(list, Feed{ID: f.id, Created: f.created, Type: string(fanout)})
		}
	}
	return list, err
}

var createFeed = op.Operation[Service]{
	ID:      "createDatafeed",
	Route:   "POST /agent/v5/datafeeds",
	Tag:     "Datafeed",
	Summary: "Create a datafeed.",
	About: "It delivers what happens in the caller's streams from now on. With the tag of a live feed of the " +
		"caller, answers that feed. A user has at most 20 feeds; a feed that is not read for half an " +
		"hour is deleted.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Passive:         true,
	Success:         201,
	Handle:          op.Write((*Service).createFeed),
}

// NewFeed is the body of createDatafeed: the published V5DatafeedCreateBody.
type NewFeed struct {
	Tag       string `json:"tag" maxLength:"100" refusal:"tag must not exceed 100 characters"`
	Invisible bool   `json:"includeInvisible" doc:"Accepted without effect: no stream of a pod is invisible."`
}

type createInput struct {
	Body *NewFeed
}

func (s *Service) createFeed(tx *db.Tx, caller auth.Caller, in createInput) (Feed, error) {
	if err := owners(tx, caller.User); err != nil {
		return Feed{}, err
	}
	tag := ""
	if in.Body != nil {
		tag = in.Body.Tag
	}
	own, err := live(tx, caller.User, fanout)
	if err != nil {
		return Feed{}, err
	}
	for _, f := range own {
		if tag != "" && tag == f.tag {
			return Feed{ID: f.id, Type: string(fanout)}, nil
		}
	}
	if len(own) >= feedsEach {
		return Feed{}, apierr.Refused("Too many feeds created. Maximum is 20 active feeds")
	}
	f, err := insert(tx, caller, fanout, tag, filter{})
	return Feed{ID: f.id, Type: string(fanout)}, err
}

var deleteFeed = op.Operation[Service]{
	ID:              "deleteDatafeed",
	Route:           "DELETE /agent/v5/datafeeds/{datafeedId}",
	Tag:             "Datafeed",
	Summary:         "Delete a datafeed.",
	About:           "A waiting read answers with nothing. An unknown feed is no error: the SDKs delete feeds that have ended.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Passive:         true,
	Handle:          op.Write((*Service).deleteFeed),
}

type deleteInput struct {
	ID        string  `path:"datafeedId" maxLength:"128"`
	UserAgent *string `header:"User-Agent" maxLength:"16384"`
}

// Deleted is the answer to a kit that fails on an answer without a body: the published V2Error.
type Deleted struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (s *Service) deleteFeed(tx *db.Tx, caller auth.Caller, in deleteInput) (op.Optional[Deleted], error) {
	none := op.Optional[Deleted]{}
	if err := tx.Lock(lock.Feed(in.ID)); err != nil {
		return none, err
	}
	tx.OnCommit(func() { s.ears.wakeReads(caller.User) })
	if err := tx.Exec(`DELETE FROM feeds WHERE id = $1 AND owner = $2 AND kind = $3`, in.ID, caller.User, fanout); err != nil {
		return none, err
	}
	if in.UserAgent != nil && needsBody(*in.UserAgent) {
		return op.Optional[Deleted]{Value: &Deleted{Code: 200, Message: "Datafeed deleted with success."}}, nil
	}
	return none, nil
}

// needsBody reports whether a client may fail on the published 204. The kit for Python 3.0.0 does:
// it parses the missing body. Its loop, which deletes a feed that has ended, then ends for
// good. It does not send its version.
func needsBody(userAgent string) bool { return strings.HasPrefix(userAgent, "Symphony-BDK-Python/") }
