package signals

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var unsubscribe = op.Operation[Service]{
	ID:      "unsubscribeSignal",
	Route:   "POST /agent/v1/signals/{id}/unsubscribe",
	Tag:     "Signals",
	Summary: "Unsubscribe from a signal, or unsubscribe other users.",
	About: "Without a body, the caller unsubscribes, which users to whom the signal was pushed " +
		"may not. To name other users needs the feature canManageSignalSubscription; " +
		"nobody can take a company-wide signal from them. The owner remains.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Handle:          op.Write((*Service).unsubscribe),
}

type unsubscribeInput struct {
	ID   string         `path:"id" maxLength:"64"`
	Body *[]wire.UserID `maxItems:"1000"`
}

func (s *Service) unsubscribe(tx *db.Tx, caller auth.Caller, in unsubscribeInput) (Subscription, error) {
	from, err := locked(tx, caller, in.ID)
	if err != nil {
		return Subscription{}, err
	}
	users, err := named(tx, caller, in.Body)
	if err != nil {
		return Subscription{}, err
	}
	present, err := subscribersAmong(tx, from, users)
	if err != nil {
		return Subscription{}, err
	}
	refused := map[wire.UserID]string{}
	var leaving []wire.UserID
	for _, id := range users {
		pushed, subscribed := present[id]
		switch {
		case id == from.owner:
			refused[id] = "The owner of a signal cannot unsubscribe"
		case id != caller.User && from.CompanyWide:
			refused[id] = "The signal is company-wide"
		case !subscribed:
			refused[id] = "The user is not subscribed"
		case id == caller.User && pushed:
			refused[id] = "The signal was pushed to the user"
		default:
			leaving = append(leaving, id)
		}
	}
	out := settle(users, refused)
	if len(leaving) == 0 {
		return out, nil
	}
	if err := tx.Exec(`DELETE FROM signal_subscribers WHERE signal = $1 AND user_id IN ($2)`, from.ID, leaving); err != nil {
		return out, err
	}
	return out, s.Journal.Record(tx, caller, from.subject(), Unsubscribed{leaving})
}
