package signals

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/barriers"
)

var listSignals = op.Operation[Service]{
	ID:              "listSignals",
	Route:           "GET /agent/v1/signals/list",
	Tag:             "Signals",
	Summary:         "List the caller's own signals, those subscribed to, and the company-wide ones.",
	About:           "The oldest come first. A limit above 500 means 500.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Handle:          op.Read((*Service).list),
}

type listInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000"`
	Limit int `query:"limit" default:"50" min:"1" max:"1000000"`
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in listInput) ([]Signal, error) {
	args := []any{caller.User, caller.Company, min(in.Limit, maxListed), in.Skip}
	hidden := ""
	if caller.Walled {
		opposed, err := barriers.SeparatedGroups(tx, caller.User)
		if err != nil {
			return nil, err
		}
		if len(opposed) > 0 {
			hidden = ` AND NOT (owner <> $1 AND ` + barriers.InGroups("signals.owner", "$5") + `)`
			args = append(args, opposed)
		}
	}
	return db.All(tx, scanSignal, selectSignals+`
		WHERE id IN (
			SELECT signal FROM signal_subscribers WHERE user_id = $1
			UNION
			SELECT id FROM signals WHERE company = $2 AND company_wide
		)`+hidden+`
		ORDER BY place
		LIMIT $3 OFFSET $4`, args...)
}

var getSignal = op.Operation[Service]{
	ID:      "getSignal",
	Route:   "GET /agent/v1/signals/{id}/get",
	Tag:     "Signals",
	Summary: "Read a signal.",
	About: "For its owner and its subscribers. If it is company-wide or visible on its owner's " +
		"profile, for all users of the company.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Handle:          op.Read((*Service).get),
}

type signalInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Service) get(tx *db.Tx, caller auth.Caller, in signalInput) (Signal, error) {
	return find(tx, caller, in.ID)
}
