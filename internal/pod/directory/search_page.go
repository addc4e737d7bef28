package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/wire"
	"podium/internal/wording"
)

// candidates is what a search reads: a range of user_terms, restricted by SQL.
type candidates struct {
	where string // of a statement on user_terms t
	args  []any
}

// candidates returns the candidates of a query. It begins with the rarest word.
func (s *Service) candidates(tx *db.Tx, r reach, q SearchQuery) (candidates, error) {
	c := candidates{}
	others, err := s.searched(tx, r, q)
	if err != nil {
		return c, err
	}
	companies := append(others, r.caller.Company)
	c.where = `t.company IN (` + c.add(companies) + `) AND t.kind IN (` + c.add(q.kinds()) + `)`
	own := ""
	if len(others) > 0 {
		own = c.add(r.caller.Company)
		c.where += ` AND (t.company = ` + own + ` OR ` + c.has(features.IsExternalIMEnabled) + ` OR ` + c.has(features.IsExternalRoomEnabled) + `)`
	}
	asked := queryWords(q.Query)
	if len(asked) == 0 {
		c.where += ` AND t.shared < 0`
		return c, s.hide(tx, r, &c, func(int64) (bool, error) { return true, nil })
	}
	rarest, err := rarest(tx, companies, asked)
	if err != nil {
		return c, err
	}
	c.where += ` AND t.shared < ` + c.add(utf8.RuneCountInString(rarest)) + ` AND ` + c.begins(rarest, own)
	for _, w := range asked {
		if w != rarest {
			c.where += ` AND EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id AND ` + c.holds(w, own) + `)`
		}
	}
	return c, s.hide(tx, r, &c, func(n int64) (bool, error) {
		found, err := begun(tx, companies, rarest, n)
		return found == n, err
	})
}

// begins returns the condition that a candidate's term begins with a word. Addresses of other
// companies' users count only as a whole, so that they cannot be spelled out letter by letter.
func (c *candidates) begins(word, own string) string {
	low := c.add(word)
	is := `t.term >= ` + low + ` AND t.term < ` + c.add(wording.AfterPrefix(word))
	if own != "" {
		is += ` AND (t.mail = 0 OR t.company = ` + own + ` OR t.term = ` + low + `)`
	}
	return is
}

// holds returns the condition that some term of a candidate, whose account is u, begins with a
// word.
func (c *candidates) holds(word, own string) string {
	word = likeWord.Replace(word)
	public, address := c.like("%\n"+word+"%"), c.like("%\t"+word+"%")
	if own != "" {
		address = `(t.company = ` + own + ` AND ` + address + ` OR ` + c.like("%\t"+word) + `)`
	}
	return `(` + public + ` OR ` + address + `)`
}

func (c *candidates) like(pattern string) string {
	return `u.terms LIKE ` + c.add(pattern) + ` ESCAPE '\'`
}

// likeWord escapes the special characters of a LIKE pattern.
var likeWord = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// add adds a parameter and returns its placeholder.
func (c *candidates) add(value any) string {
	c.args = append(c.args, value)
	return fmt.Sprintf("$%d", len(c.args))
}

// has returns the condition that a candidate has a feature.
func (c *candidates) has(feature features.Name) string {
	enabled, _ := feature.Default()
	return `COALESCE((SELECT f.enabled FROM user_features f WHERE f.user_id = t.user_id AND f.feature = ` + c.add(feature) + `), ` + c.add(enabled) + `)`
}

// searched returns the other companies that a search covers: none if a filter asks for an attribute
// that other companies do not see.
func (s *Service) searched(tx *db.Tx, r reach, q SearchQuery) ([]wire.CompanyID, error) {
	others := s.others(r)
	hidden := slices.ContainsFunc(q.filters(), func(f filter) bool { return f.name != "company" })
	if len(others) == 0 || hidden {
		return nil, nil
	}
	open, err := external(tx, []wire.UserID{r.caller.User})
	if err != nil || !open[r.caller.User] {
		return nil, err
	}
	return others, nil
}

// enough is how many terms are counted to tell rare words from common ones.
const enough = 500

// rarest returns the word with which the fewest terms begin. If all are common, it is the longest.
func rarest(tx *db.Tx, companies []wire.CompanyID, asked []string) (string, error) {
	if len(asked) == 1 {
		return asked[0], nil
	}
	slices.SortStableFunc(asked, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	best, fewest := "", int64(enough+1)
	for _, w := range asked {
		n, err := begun(tx, companies, w, enough)
		if err != nil {
			return "", err
		}
		if n < fewest {
			best, fewest = w, n
		}
	}
	return best, nil
}

// begun returns how many terms begin with a word, counted up to a bound.
func begun(tx *db.Tx, companies []wire.CompanyID, word string, bound int64) (int64, error) {
	return db.Value[int64](tx, `
		SELECT COUNT(*)
		FROM (SELECT 1 FROM user_terms WHERE company IN ($1) AND term >= $2 AND term < $3 LIMIT $4) AS found`,
		companies, word, wording.AfterPrefix(word), bound)
}

// page returns a page of the candidates that pass the filters, and how many do in all.
func (c candidates) page(tx *db.Tx, filters []filter, skip, limit int64) ([]accounts.User, int64, error) {
	find := c.all
	if len(filters) > 0 {
		find = func(tx *db.Tx, skip, limit int64) ([]wire.UserID, int64, error) {
			return c.filtered(tx, filters, skip, limit)
		}
	}
	ids, count, err := find(tx, skip, limit)
	if err != nil || len(ids) == 0 {
		return nil, count, err
	}
	list, err := accounts.GetAll(tx, ids)
	return arrange(ids, list, func(u accounts.User) wire.UserID { return u.ID }), count, err
}

// all returns a page of the candidates. One index has everything needed, and only as many rows are
// kept and sorted as the page's end is far. It counts them only if the page does not show their
// number.
func (c candidates) all(tx *db.Tx, skip, limit int64) ([]wire.UserID, int64, error) {
	paged := candidates{args: slices.Clip(c.args)}
	ids, err := db.All(tx, db.ScanValue[wire.UserID], `
		SELECT t.user_id
		FROM user_terms t
		WHERE `+c.where+`
		ORDER BY t.name, t.user_id
		LIMIT `+paged.add(limit)+` OFFSET `+paged.add(skip), paged.args...)
	if err != nil {
		return nil, 0, err
	}
	if n := int64(len(ids)); n < limit && (n > 0 || skip == 0) {
		return ids, skip + n, nil
	}
	count, err := db.Value[int64](tx, `SELECT COUNT(*) FROM user_terms t WHERE `+c.where, c.args...)
	return ids, count, err
}

// filtered returns a page of the candidates that pass the filters. No index finds the middle of a
// text, so it reads each candidate.
func (c candidates) filtered(tx *db.Tx, filters []filter, skip, limit int64) ([]wire.UserID, int64, error) {
	columns, folded := make([]string, len(filters)), make([]string, len(filters))
	for i, f := range filters {
		columns[i], folded[i] = "u."+f.column, wording.SearchFold(f.text)
	}
	type hit struct {
		name string
		id   wire.UserID
	}
	var hits []hit
	values := make([]string, len(filters))
	_, err := db.All(tx, func(row db.Row) (struct{}, error) {
		var h hit
		destinations := []any{&h.id, &h.name}
		for i := range values {
			destinations = append(destinations, &values[i])
		}
		if err := row.Scan(destinations...); err != nil {
			return struct{}{}, err
		}
		for i, f := range filters {
			if ok, err := f.admits(values[i], folded[i]); !ok {
				return struct{}{}, err
			}
		}
		hits = append(hits, h)
		return struct{}{}, nil
	}, `
		SELECT t.user_id, t.name, `+strings.Join(columns, ", ")+`
		FROM user_terms t
		JOIN users u ON u.id = t.user_id
		WHERE `+c.where, c.args...)
	if err != nil {
		return nil, 0, err
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	count := int64(len(hits))
	begin := min(skip, count)
	ids := make([]wire.UserID, 0, limit)
	for _, h := range hits[begin:min(begin+limit, count)] {
		ids = append(ids, h.id)
	}
	return ids, count, nil
}
