package signals

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

var subscribe = op.Operation[Service]{
	ID:      "subscribeSignal",
	Route:   "POST /agent/v1/signals/{id}/subscribe",
	Tag:     "Signals",
	Summary: "Subscribe to a signal, or subscribe other users.",
	About: "Without a body, the caller subscribes. To name other users in the body needs the " +
		"feature canManageSignalSubscription; those to whom the signal is pushed may not " +
		"unsubscribe. The answer names the users who cannot be subscribed. A signal has " +
		"at most 10,000 subscribers.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Handle:          op.Write((*Service).subscribe),
}

type subscribeInput struct {
	ID     string         `path:"id" maxLength:"64"`
	Pushed bool           `query:"pushed" default:"false" doc:"The users in the body may not unsubscribe."`
	Body   *[]wire.UserID `maxItems:"1000"`
}

// Subscription is what became of a request: the published ChannelSubscriptionResponse.
type Subscription struct {
	Requested int64          `json:"requestedSubscription"`
	Succeeded int64          `json:"successfulSubscription"`
	Failed    int64          `json:"failedSubscription"`
	Errors    []Unsuccessful `json:"subscriptionErrors"`
}

// Unsuccessful says why a user cannot be subscribed, or unsubscribed.
type Unsuccessful struct {
	User    wire.UserID `json:"userId"`
	Code    string      `json:"code" doc:"Always ERROR."`
	Message string      `json:"message"`
}

// settle returns the answer to a request for users. refused says why a user is refused; it is
// empty for the others.
func settle(users []wire.UserID, refused map[wire.UserID]string) Subscription {
	out := Subscription{Requested: int64(len(users)), Errors: []Unsuccessful{}}
	for _, id := range users {
		if why := refused[id]; why != "" {
			out.Errors = append(out.Errors, Unsuccessful{id, "ERROR", why})
		}
	}
	out.Failed = int64(len(out.Errors))
	out.Succeeded = out.Requested - out.Failed
	return out
}

// named returns the users that a body names, each once; the caller without a body. It fails with
// Forbidden for other users if the caller may not manage subscriptions.
func named(tx *db.Tx, caller auth.Caller, body *[]wire.UserID) ([]wire.UserID, error) {
	if body == nil {
		return []wire.UserID{caller.User}, nil
	}
	var users []wire.UserID
	known := make(map[wire.UserID]bool, len(*body))
	for _, id := range *body {
		if !known[id] {
			users, known[id] = append(users, id), true
		}
	}
	if len(users) == 0 || len(users) == 1 && users[0] == caller.User {
		return users, nil
	}
	return users, needs(tx, caller, features.CanManageSignalSubscription)
}

func (s *Service) subscribe(tx *db.Tx, caller auth.Caller, in subscribeInput) (Subscription, error) {
	to, err := locked(tx, caller, in.ID)
	if err != nil {
		return Subscription{}, err
	}
	users, err := named(tx, caller, in.Body)
	if err != nil {
		return Subscription{}, err
	}
	pushed := in.Pushed && in.Body != nil
	refused, err := mayFollow(tx, caller, to, users)
	if err != nil {
		return Subscription{}, err
	}
	present, err := subscribersAmong(tx, to, users)
	if err != nil {
		return Subscription{}, err
	}
	var fresh, pushing []wire.UserID
	for _, id := range users {
		was, subscribed := present[id]
		switch {
		case refused[id] != "":
		case !subscribed:
			fresh = append(fresh, id)
		case pushed && !was && id != to.owner:
			pushing = append(pushing, id)
		}
	}
	if err := s.add(tx, caller, to, fresh, pushing, pushed); err != nil {
		return Subscription{}, err
	}
	return settle(users, refused), nil
}

// add subscribes users, and pushes the signal to others who have subscribed before.
func (s *Service) add(tx *db.Tx, caller auth.Caller, to Signal, fresh, pushing []wire.UserID, pushed bool) error {
	if len(fresh)+len(pushing) == 0 {
		return nil
	}
	if len(fresh) > 0 {
		n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM signal_subscribers WHERE signal = $1`, to.ID)
		if err != nil {
			return err
		}
		if n+int64(len(fresh)) > maxSubscribers {
			return apierr.Invalid("Subscriber limit reached: a signal has at most %d", maxSubscribers)
		}
		if err := addSubscribers(tx, to, fresh, pushed); err != nil {
			return err
		}
	}
	if len(pushing) > 0 {
		if err := tx.Exec(`UPDATE signal_subscribers SET pushed = TRUE WHERE signal = $1 AND user_id IN ($2)`, to.ID, pushing); err != nil {
			return err
		}
	}
	return s.Journal.Record(tx, caller, to.subject(), Subscribed{slices.Concat(fresh, pushing), pushed})
}

// mayFollow returns why users cannot subscribe to a signal.
func mayFollow(tx *db.Tx, caller auth.Caller, to Signal, users []wire.UserID) (map[wire.UserID]string, error) {
	refused := map[wire.UserID]string{}
	found, err := accounts.ByIDs(tx, caller.Company, users)
	if err != nil {
		return nil, err
	}
	for _, id := range users {
		if u, ok := found[id]; !ok || !u.Approachable() {
			refused[id] = "User not found"
		}
	}
	for _, from := range []wire.UserID{to.owner, caller.User} {
		apart, err := barriers.SeparatedFrom(tx, from, users)
		if err != nil {
			return nil, err
		}
		for _, id := range apart {
			refused[id] = "An information barrier blocks the user"
		}
	}
	return refused, nil
}

// subscribersAmong returns which of the users are subscribers, and whether the signal was pushed to
// them.
func subscribersAmong(tx *db.Tx, of Signal, users []wire.UserID) (pushed map[wire.UserID]bool, err error) {
	pushed = map[wire.UserID]bool{}
	if len(users) == 0 {
		return pushed, nil
	}
	_, err = db.All(tx, func(row db.Row) (none struct{}, err error) {
		var id wire.UserID
		var was bool
		if err = row.Scan(&id, &was); err == nil {
			pushed[id] = was
		}
		return none, err
	}, `SELECT user_id, pushed FROM signal_subscribers WHERE signal = $1 AND user_id IN ($2)`, of.ID, users)
	return pushed, err
}

func addSubscribers(tx *db.Tx, to Signal, users []wire.UserID, pushed bool) error {
	rows := make([][]any, len(users))
	for i, id := range users {
		rows[i] = []any{to.ID, id, pushed, tx.Now()}
	}
	return tx.InsertAll(`INSERT INTO signal_subscribers (signal, user_id, pushed, added) VALUES`, rows, "")
}
