package apps

import (
	"math"

	"podium/internal/db"
	"podium/internal/pod/accounts"
)

// audience finds the users of one application for a walk: those for whom it is installed or listed.
// If that is so for all users, few have rows of their own; if not, few are found. In each case the
// statement begins at the smaller table. It joins the table users of another chapter, because
// reading a million ids through that chapter is too slow for a page.
type audience struct {
	tx   *db.Tx
	app  App
	walk walk
}

// wanted reports whether the walk finds a user with these entitlements.
func (q audience) wanted(install, listed bool) bool {
	switch q.walk.installed {
	case "true":
		return install
	case "false":
		return listed && !install
	}
	return listed || install
}

// condition returns wanted as a SQL condition on the row a. $3 and $4 are the company's values.
func (q audience) condition() string {
	switch q.walk.installed {
	case "true":
		// PostgreSQL requires that every parameter is used
		return `(COALESCE(a.install, $3) AND ($4 OR TRUE))`
	case "false":
		return `(COALESCE(a.listed, $4) AND NOT COALESCE(a.install, $3))`
	}
	return `(COALESCE(a.listed, $4) OR COALESCE(a.install, $3))`
}

// everybody reports whether the walk finds users without a row of their own.
func (q audience) everybody() bool { return q.wanted(q.app.Install, q.app.Listed) }

const ownRows = `
	FROM app_users a
	JOIN users u ON u.id = a.user_id AND u.status = $5
	WHERE a.company = $1 AND a.app = $2 AND `

func (q audience) count() (int64, error) {
	condition := q.condition()
	if q.everybody() {
		condition = `NOT ` + condition
	}
	n, err := db.Value[int64](q.tx, `SELECT COUNT(*)`+ownRows+condition, q.args()...)
	if err != nil || !q.everybody() {
		return n, err
	}
	all, err := db.Value[int64](q.tx, `SELECT COUNT(*) FROM users WHERE company = $1 AND status = $2`, q.app.Company, accounts.Enabled)
	return all - n, err
}

func (q audience) args() []any {
	return []any{q.app.Company, q.app.ID, q.app.Install, q.app.Listed, accounts.Enabled}
}

// page returns at most limit users from a spot on.
func (q audience) page(from spot, limit int) ([]AppUser, error) {
	sql := `SELECT u.id, COALESCE(a.listed, $4), COALESCE(a.products, '')`
	id := `a.user_id`
	if q.everybody() {
		id = `u.id`
		sql += `
			FROM users u
			LEFT JOIN app_users a ON a.company = $1 AND a.app = $2 AND a.user_id = u.id
			WHERE u.company = $1 AND u.status = $5 AND ` + q.condition()
	} else {
		sql += ownRows + q.condition()
	}
	after := from.after
	if q.walk.direction == descending {
		sql += ` AND ` + id + ` < $6 ORDER BY ` + id + ` DESC`
		if after == 0 {
			after = math.MaxInt64
		}
	} else {
		sql += ` AND ` + id + ` > $6 ORDER BY ` + id
	}
	return db.All(q.tx, q.scan, sql+` LIMIT $7 OFFSET $8`, append(q.args(), after, limit, from.skip)...)
}

func (q audience) scan(row db.Row) (AppUser, error) {
	u := AppUser{Enable: q.app.Enabled}
	var text string
	if err := row.Scan(&u.UserID, &u.Listed, &text); err != nil {
		return u, err
	}
	products, err := readList[Product](text)
	for _, p := range products {
		if u.Product == nil || p.Subscribed && (!u.Product.Subscribed || p.Type == "premium") {
			u.Product = &Subscription{Name: p.Name, Type: p.Type, Subscribed: p.Subscribed}
		}
	}
	return u, err
}
