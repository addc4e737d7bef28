package seal

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// The published audit trail is read from the index audit_trail, which is not sealed: every row of
// it follows from a fact. So it is compared with the facts: each row with its own, and their number
// with how many there must be. No two rows are the same, so none is missing then.

// trailRow is a row of the index, with the data of the fact that it names.
type trailRow struct {
	role      string
	at        wire.Time
	actor     wire.UserID
	cursor    journal.Cursor
	known     bool // the company has such a fact
	factAt    wire.Time
	factActor wire.UserID
	allowed   string
}

const selectTrail = `
	SELECT t.role, t.at, t.actor, t.position, t.seq, e.company IS NOT NULL, COALESCE(e.at, 0), COALESCE(e.actor, 0), COALESCE(e.allowed_by, '')
	FROM audit_trail t
	LEFT JOIN events e ON e.position = t.position AND e.seq = t.seq AND e.company = t.company
	WHERE t.company = $1 `

func scanTrail(row db.Row) (t trailRow, err error) {
	return t, row.Scan(&t.role, &t.at, &t.actor, &t.cursor.Position, &t.cursor.Seq, &t.known, &t.factAt, &t.factActor, &t.allowed)
}

// broken returns what is wrong with a row; nil if nothing is.
func (t trailRow) broken() error {
	roles := strings.Fields(t.allowed)
	switch {
	case !t.known:
		return &Broken{"audit_trail", 0, t.cursor, "it was inserted or altered: there is no such fact"}
	case len(roles) == 0 || t.role != "" && !slices.Contains(roles, t.role):
		return &Broken{"audit_trail", 0, t.cursor, "it was inserted or altered: the fact names no such role: " + t.role}
	case t.at != t.factAt || t.actor != t.factActor:
		return &Broken{"audit_trail", 0, t.cursor, "it was altered: the fact has another time or actor"}
	}
	return nil
}

// verifyTrail walks the index of a company's audit trail in pages. want is how many rows follow
// from the facts.
func verifyTrail(tx *db.Tx, company wire.CompanyID, want int64) error {
	rows := newPages(func(after *trailRow, n int) ([]trailRow, error) {
		const order = ` ORDER BY t.role, t.at, t.position, t.seq LIMIT $2`
		if after == nil {
			return db.All(tx, scanTrail, selectTrail+order, company, n)
		}
		return db.All(tx, scanTrail, selectTrail+`AND (t.role, t.at, t.position, t.seq) > ($3, $4, $5, $6)`+order,
			company, n, after.role, after.at, after.cursor.Position, after.cursor.Seq)
	})
	var found int64
	for {
		row, err := rows.next()
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		if err := row.broken(); err != nil {
			return err
		}
		found++
	}
	if found == want {
		return nil
	}
	return missing(tx, company)
}

// missing finds the first fact of which a row of the index is missing.
func missing(tx *db.Tx, company wire.CompanyID) error {
	facts := newPages(func(f *journal.Raw, n int) ([]journal.Raw, error) { return journal.Stored(tx, company, cursorOf(f), n) })
	for {
		fact, err := facts.next()
		if err != nil {
			return err
		}
		if fact == nil {
			return &Broken{"audit_trail", 0, journal.Cursor{}, "rows were inserted: there are more than follow from the facts"}
		}
		for _, role := range indexedBy(*fact) {
			_, err := db.Value[int64](tx, `
				SELECT seq
				FROM audit_trail
				WHERE company = $1 AND role = $2 AND at = $3 AND position = $4 AND seq = $5`,
				company, role, fact.Values[journal.ColumnAt], fact.Position, fact.Seq)
			if errors.Is(err, db.ErrNoRow) {
				return &Broken{"audit_trail", 0, fact.Cursor, "its row was removed, or altered: role " + role}
			}
			if err != nil {
				return err
			}
		}
	}
}

// indexedBy returns the roles under which the index has a fact: each that allowed it, and the empty
// one; none if it is not audited.
func indexedBy(fact journal.Raw) []string {
	allowed, _ := fact.Values[journal.ColumnAllowedBy].(string)
	roles := strings.Fields(allowed)
	if len(roles) == 0 {
		return nil
	}
	return append([]string{""}, roles...)
}
