package signals

import (
	"fmt"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

var listSubscribers = op.Operation[Service]{
	ID:      "listSignalSubscribers",
	Route:   "GET /agent/v1/signals/{id}/subscribers",
	Tag:     "Signals",
	Summary: "List the subscribers of a signal, its owner among them.",
	About: "The first come first. Users of whom a barrier separates the caller are left out. " +
		"That of a company-wide signal lists those who have subscribed. A limit above " +
		"100 means 100.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Handle:          op.Read((*Service).subscribers),
}

// maxPage is the most subscribers of one page, as published.
const maxPage = 100

type subscribersInput struct {
	ID    string `path:"id" maxLength:"64"`
	Skip  int64  `query:"skip" default:"0" min:"0" max:"1000000"`
	Limit int64  `query:"limit" default:"100" min:"1" max:"1000000"`
}

// Subscribers is a page of subscribers: the published ChannelSubscriberResponse.
type Subscribers struct {
	Offset  int64        `json:"offset"`
	HasMore bool         `json:"hasMore"`
	Total   int64        `json:"total"`
	Data    []Subscriber `json:"data"`
}

// Subscriber is a subscriber of a signal.
type Subscriber struct {
	ID     string      `json:"subscriptionId" doc:"The user's id."`
	Pushed bool        `json:"pushed" doc:"The user may not unsubscribe."`
	Owner  bool        `json:"owner"`
	Name   string      `json:"subscriberName"`
	User   wire.UserID `json:"userId"`
	Added  wire.Time   `json:"timestamp" doc:"When the user subscribed."`
}

func (s *Service) subscribers(tx *db.Tx, caller auth.Caller, in subscribersInput) (Subscribers, error) {
	of, err := find(tx, caller, in.ID)
	if err != nil {
		return Subscribers{}, err
	}
	where, args := `s.signal = $1`, []any{of.ID}
	if caller.Walled {
		opposed, err := barriers.SeparatedGroups(tx, caller.User)
		if err != nil {
			return Subscribers{}, err
		}
		if len(opposed) > 0 {
			where += ` AND NOT (s.user_id <> $2 AND ` + barriers.InGroups("s.user_id", "$3") + `)`
			args = append(args, caller.User, opposed)
		}
	}
	out := Subscribers{Offset: in.Skip}
	if out.Total, err = db.Value[int64](tx, `SELECT COUNT(*) FROM signal_subscribers s WHERE `+where, args...); err != nil {
		return out, err
	}
	out.Data, err = page(tx, of, where, args, min(in.Limit, maxPage), in.Skip)
	out.HasMore = in.Skip+int64(len(out.Data)) < out.Total && len(out.Data) > 0
	return out, err
}

// page returns a page of the subscribers of a signal that meet a condition.
func page(tx *db.Tx, of Signal, where string, args []any, limit, skip int64) ([]Subscriber, error) {
	n := len(args)
	list, err := db.All(tx, func(row db.Row) (u Subscriber, err error) {
		return u, row.Scan(&u.User, &u.Pushed, &u.Added)
	}, fmt.Sprintf(`
		SELECT s.user_id, s.pushed, s.added
		FROM signal_subscribers s
		WHERE %s
		ORDER BY s.added, s.user_id
		LIMIT $%d OFFSET $%d`, where, n+1, n+2), append(args, limit, skip)...)
	if err != nil || len(list) == 0 {
		return []Subscriber{}, err
	}
	ids := make([]wire.UserID, len(list))
	for i, u := range list {
		ids[i] = u.User
	}
	people, err := accounts.Briefs(tx, ids)
	for i, u := range people {
		list[i].ID, list[i].Name, list[i].Owner = ids[i].String(), u.DisplayName, ids[i] == of.owner
	}
	return list, err
}
