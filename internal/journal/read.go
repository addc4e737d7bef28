package journal

import (
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/wire"
)

// Cursor is a place in the log: after the fact with these numbers. The zero Cursor is the log's
// beginning.
type Cursor = follow.Cursor

// Entry is a fact as stored in the log.
type Entry struct {
	Cursor
	Company wire.CompanyID
	Kind    string
	At      wire.Time
	Actor   wire.UserID // 0: the pod itself
	Name    string      // the actor's user name at that time
	Email   string      // the actor's e-mail address at that time
	App     string      // the application that acted on the actor's behalf
	Roles   []auth.Role // of the actor at that time
	Subject Subject
	Data    string // the fact as JSON
	// the actor's roles by which this is an audited action; none: it is not audited
	Allowed []auth.Role
}

// Stream returns the stream that the fact is about, or an empty text.
func (e Entry) Stream() string {
	if aboutStream(e.Kind) {
		return e.Subject.ID
	}
	return ""
}

// After returns at most limit facts of a company after a cursor, in the log's order. A follower
// that continues from the cursor of the last entry misses no fact: After leaves facts of
// transactions that may still run, and all after them, for later.
func After(tx *db.Tx, company wire.CompanyID, c Cursor, limit int) ([]Entry, error) {
	return ofCompany.After(tx, c, limit, company)
}

// AfterInStream is After for one stream: it returns the facts about it that concern a company, in
// the order of commit.
func AfterInStream(tx *db.Tx, company wire.CompanyID, stream string, c Cursor, limit int) ([]Entry, error) {
	return inStream.After(tx, c, limit, company, stream)
}

// isOfStream is the condition of the index events_by_stream.
const isOfStream = `substr(kind, 1, 7) = 'stream.'`

const entryColumns = `events.position, events.seq, events.company, kind, events.at, events.actor, actor_name, actor_email, app, roles,
		subject, subject_name, subject_email, data, allowed_by`

const selectEntries = `
	SELECT ` + entryColumns + `
	FROM events`

// entriesWhere returns the log under a condition with n parameters.
func entriesWhere(condition string, n int) follow.Table[Entry] {
	return follow.NewTable(follow.Rows[Entry]{
		Columns: entryColumns, Table: "events", Condition: condition,
		Scan: scanEntry, Place: func(e Entry) Cursor { return e.Cursor },
	}, n)
}

var (
	all       = entriesWhere("", 0)
	ofStreams = entriesWhere(isOfStream, 0)
	ofCompany = entriesWhere("company = $1", 1)
	inStream  = entriesWhere("company = $1 AND subject = $2 AND "+isOfStream, 2)
)

func scanEntry(row db.Row) (e Entry, err error) {
	var roles, allowed string
	err = row.Scan(&e.Position, &e.Seq, &e.Company, &e.Kind, &e.At, &e.Actor, &e.Name, &e.Email, &e.App, &roles,
		&e.Subject.ID, &e.Subject.Name, &e.Subject.Email, &e.Data, &allowed)
	e.Roles, e.Allowed = rolesOf(roles), rolesOf(allowed)
	return e, err
}

func rolesOf(text string) []auth.Role {
	var roles []auth.Role
	for _, r := range strings.Fields(text) {
		roles = append(roles, auth.Role(r))
	}
	return roles
}

// At returns the facts at some places, in no order. Places without a fact are left out.
func At(tx *db.Tx, places []Cursor) ([]Entry, error) {
	if len(places) == 0 {
		return nil, nil
	}
	positions, seqs := make([]int64, len(places)), make([]int64, len(places))
	for i, c := range places {
		positions[i], seqs[i] = c.Position, c.Seq
	}
	// A number of the sequence is given once, so no other place has one of the positions and one of
	// the numbers.
	return db.All(tx, scanEntry, selectEntries+` WHERE position IN ($1) AND seq IN ($2)`, positions, seqs)
}
