package journal

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// Audited selects audited facts of a company.
type Audited struct {
	Company  wire.CompanyID
	From, To wire.Time   // both included
	Actor    wire.UserID // 0: any
	Role     auth.Role   // that allowed it; empty: any
}

// Trail returns at most limit audited facts, newest first, after the first skip. Each skipped fact
// costs a step along an index.
func Trail(tx *db.Tx, a Audited, skip int64, limit int) ([]Entry, error) {
	if a.Actor != 0 {
		return db.All(tx, scanEntry, selectEntries+`
			JOIN (
				SELECT position, seq
				FROM audit_trail
				WHERE company = $1 AND actor = $2 AND role = $3 AND at BETWEEN $4 AND $5
				ORDER BY at DESC, position DESC, seq DESC
				LIMIT $6 OFFSET $7
			) page ON page.position = events.position AND page.seq = events.seq
			ORDER BY events.at DESC, events.position DESC, events.seq DESC`,
			a.Company, a.Actor, a.Role, a.From, a.To, limit, skip)
	}
	return db.All(tx, scanEntry, selectEntries+`
		JOIN (
			SELECT position, seq
			FROM audit_trail
			WHERE company = $1 AND role = $2 AND at BETWEEN $3 AND $4
			ORDER BY at DESC, position DESC, seq DESC
			LIMIT $5 OFFSET $6
		) page ON page.position = events.position AND page.seq = events.seq
		ORDER BY events.at DESC, events.position DESC, events.seq DESC`,
		a.Company, a.Role, a.From, a.To, limit, skip)
}

// indexed returns the rows of the trail's index for an entry that some roles allowed.
func indexed(e Entry) [][]any {
	if len(e.Allowed) == 0 {
		return nil
	}
	rows := [][]any{{e.Company, "", e.At, e.Position, e.Seq, e.Actor}}
	for _, role := range e.Allowed {
		rows = append(rows, []any{e.Company, role, e.At, e.Position, e.Seq, e.Actor})
	}
	return rows
}

func insertIndexed(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`
		INSERT INTO audit_trail (company, role, at, position, seq, actor)
		VALUES`, rows, "", nil)
}
