// Package retention removes what users have said when the time is over for which their company
// keeps it. By default companies keep everything.
package retention

import (
	"errors"
	"log/slog"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/messages/files"
	"podium/internal/wire"
)

// Service is the chapter retention. Package pod sets its fields.
type Service struct {
	DB      *db.DB
	Log     *slog.Logger
	Journal *journal.Log
	Files   *files.Service
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound { return op.Bind(s, getRetention, setRetention) }

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact { return []journal.Fact{Set{}} }

const path = "/podium/v1/admin/retention"

// administrator is the need of both operations: the two administrators of a company.
var administrator = auth.Any(auth.ModifyPodEntitlements, auth.AccessUserProvisioningAPI)

// Retention is how long a company keeps what its users say.
type Retention struct {
	MessageDays *int64 `json:"messageDays" min:"1" max:"36500" doc:"Null: for ever."`
}

type nothing struct{}

var getRetention = op.Operation[Service]{
	ID:      "getRetention",
	Route:   "GET " + path,
	Tag:     "Retention",
	Summary: "Return how long the company keeps messages.",
	Needs:   administrator,
	Handle:  op.Read((*Service).getRetention),
}

func (s *Service) getRetention(tx *db.Tx, caller auth.Caller, _ nothing) (Retention, error) {
	days, err := db.Value[int64](tx, `SELECT days FROM retention WHERE company = $1`, caller.Company)
	if errors.Is(err, db.ErrNoRow) || err == nil && days == 0 {
		return Retention{}, nil
	}
	return Retention{MessageDays: &days}, err
}

var setRetention = op.Operation[Service]{
	ID:      "setRetention",
	Route:   "PUT " + path,
	Tag:     "Retention",
	Summary: "Set how long the company keeps messages.",
	About: "Within an hour, messages of the company's users that are older lose their texts, files, tags and " +
		"values of forms. That cannot be undone. Their authors, streams and times stay. An imported message is " +
		"as old as its import.",
	Needs:  administrator,
	Handle: op.Write((*Service).setRetention),
}

type setInput struct {
	Body Retention
}

// Set is recorded when a company decides how long it keeps messages.
type Set struct {
	MessageDays int64 `json:"messageDays"` // 0: for ever
}

// Kind returns the name of this fact in the log.
func (Set) Kind() string { return "retention.set" }

// Audience returns the company of the actor.
func (Set) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the number of days.
func (f Set) AuditLine(journal.Entry) journal.Line {
	return journal.Action("retentionUpdated", "Message retention updated").Now(f.MessageDays)
}

func (s *Service) setRetention(tx *db.Tx, caller auth.Caller, in setInput) (Retention, error) {
	var days int64
	if in.Body.MessageDays != nil {
		days = *in.Body.MessageDays
	}
	err := tx.Exec(`
		INSERT INTO retention (company, days, upto)
		VALUES ($1, $2, 0)
		ON CONFLICT (company) DO UPDATE SET days = excluded.days`, caller.Company, days)
	if err != nil {
		return Retention{}, err
	}
	return in.Body, s.Journal.Record(tx, caller, journal.Thing("messages"), Set{days})
}

// rule is a row of the table.
type rule struct {
	company wire.CompanyID
	days    int64
	upto    int64
}
