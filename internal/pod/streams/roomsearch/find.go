package roomsearch

import (
	"slices"
	"strconv"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/roomindex"
	"podium/internal/wire"
	"podium/internal/wording"
)

// found is the result of a search.
type found struct {
	count  int64
	page   []streams.Stream
	facets []FacetedMatchCount
}

// searchFor returns the matching rooms that the caller may see.
func (s *Service) searchFor(tx *db.Tx, caller auth.Caller, c Criteria, fields []string, nonDiscoverable bool, skip, limit int) (found, error) {
	sought := c.seek(fields)
	sought.company = caller.Company
	q, err := candidates(tx, caller, c, sought)
	if err != nil {
		return found{facets: []FacetedMatchCount{}}, err
	}
	hidden, err := s.hidden(tx, caller, &q)
	if err != nil {
		return found{facets: []FacetedMatchCount{}}, err
	}
	q.visible(caller, nonDiscoverable && caller.May(auth.ViewAnyStreamDetails), hidden)
	q.filter(c)
	byRank := c.byRank(sought)
	if q.exact && !byRank {
		return q.inOrder(tx, skip, limit)
	}
	return q.matching(tx, sought, byRank, skip, limit)
}

// query is a search in SQL on rooms s, with the parameters of its conditions.
type query struct {
	where string
	args  []any
	exact bool // every candidate matches, so that none needs checking
}

// add adds a parameter and returns its placeholder.
func (q *query) add(value any) string {
	q.args = append(q.args, value)
	return numbered(len(q.args))
}

// and adds a condition with a parameter between before and after.
func (q *query) and(before string, value any, after string) {
	q.where += " AND " + before + q.add(value) + after
}

// few is how many rows of a list are counted before it counts as long.
const few = 1000

// candidates returns a query for rooms that include all matches: the shortest list among those of
// each word of the query, of the rooms of a member or owner, and of those that a user has created.
func candidates(tx *db.Tx, caller auth.Caller, c Criteria, s sought) (query, error) {
	var lists []query
	for _, w := range s.words {
		l := inFields(caller.Company, w, s.fields)
		l.exact = len(s.words) == 1 && len(s.keys) == 0
		lists = append(lists, l)
	}
	if len(s.words) == 0 {
		if first := firstWords(caller.Company, s.keys); len(first) > 0 {
			lists = append(lists, query{where: `SELECT stream FROM room_terms WHERE term IN ($1)`, args: []any{first}})
		}
	}
	for _, u := range []*UserRef{c.Member, c.Owner} {
		if u != nil {
			lists = append(lists, query{where: `SELECT stream FROM stream_members WHERE user_id = $1`, args: []any{u.ID}, exact: len(s.words)+len(s.keys) == 0})
		}
	}
	if c.Creator != nil {
		lists = append(lists, query{where: `SELECT number FROM streams WHERE creator = $1`, args: []any{c.Creator.ID}, exact: len(s.words)+len(s.keys) == 0})
	}
	if len(lists) == 0 { // labels without a word
		return query{where: "1 = 0"}, nil
	}
	shortest, err := shortestOf(tx, lists)
	shortest.where = "s.number IN (" + shortest.where + ") AND s.type = 'ROOM'"
	return shortest, err
}

// inFields returns the rooms with a term in one of the fields that begins with a word and, where
// that counts, those with the word in the middle of one of their words.
func inFields(company wire.CompanyID, word string, fields []string) query {
	var q query
	between := func(column, prefix string) string {
		q.args = append(q.args, prefix, wording.AfterPrefix(prefix))
		return column + " >= " + numbered(len(q.args)-1) + " AND " + column + " < " + numbered(len(q.args))
	}
	for _, field := range fields {
		prefix := roomindex.Term{Text: word, Field: field}.Stored(company)
		if q.where != "" {
			q.where += " UNION ALL "
		}
		q.where += "SELECT stream FROM room_terms WHERE " + between("term", prefix)
		if !roomindex.HasEndings(field) {
			continue
		}
		// CROSS, because SQLite would otherwise read all of room_terms.
		q.where += " UNION ALL SELECT t.stream FROM room_endings e CROSS JOIN room_terms t WHERE " + between("e.ending", prefix) + " AND t.term = e.word"
		q.args = append(q.args, roomindex.Anywhere(roomindex.Term{Text: word, Field: field}, company))
		// The pattern is an expression, not a parameter: for a parameter SQLite prepares the whole
		// statement again each time.
		q.where += " UNION ALL SELECT t.stream FROM room_words w CROSS JOIN room_terms t WHERE NOT w.settled AND w.word LIKE (" +
			numbered(len(q.args)) + ` || '') ESCAPE '\' AND t.term = w.word`
	}
	return q
}

// firstWords returns the first word of each key as terms.
func firstWords(company wire.CompanyID, keys []string) []string {
	var list []string
	for _, key := range keys {
		if w := roomindex.Words(key); len(w) > 0 {
			list = append(list, roomindex.Term{Text: w[0], Field: roomindex.KeyField}.Stored(company))
		}
	}
	return list
}

// shortestOf returns the list with the fewest rows. It does not count long lists to their end.
func shortestOf(tx *db.Tx, lists []query) (query, error) {
	if len(lists) == 1 {
		return lists[0], nil
	}
	best, least := 0, int64(-1)
	for i, l := range lists {
		n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM (`+l.where+` LIMIT `+numbered(len(l.args)+1)+`) AS counted`, append(slices.Clone(l.args), few)...)
		if err != nil {
			return query{}, err
		}
		if least < 0 || n < least {
			best, least = i, n
		}
	}
	return lists[best], nil
}

// inRoom is the expected number of members of a room. uncounted is the worth of marks up to which
// rooms are not counted.
const (
	inRoom    = 10
	uncounted = 10 * inRoom
)

// hidden returns the condition that information barriers hide a member of the room from the caller;
// empty if they hide none.
func (s *Service) hidden(tx *db.Tx, caller auth.Caller, q *query) (string, error) {
	if !caller.Walled || s.Hiding == nil {
		return "", nil
	}
	h, err := s.Hiding(tx, caller.User)
	if err != nil || h.Empty() {
		return "", err
	}
	narrowed := *q
	member, err := h.Condition("o.user_id", q.add, uncounted, func(n int64) (bool, error) {
		rooms := n/inRoom + 1
		counted, err := db.Value[int64](tx, `
			SELECT COUNT(*)
			FROM (SELECT 1 FROM streams s WHERE `+narrowed.where+` LIMIT `+numbered(len(narrowed.args)+1)+`) AS counted`,
			append(slices.Clone(narrowed.args), rooms)...)
		return counted == rooms, err
	})
	return `EXISTS (SELECT 1 FROM stream_members o WHERE o.stream = s.number AND ` + member + `)`, err
}

// visible adds the condition that the caller may see the room. hidden leaves out private rooms of
// others, if not empty.
func (q *query) visible(caller auth.Caller, all bool, hidden string) {
	q.and("(s.company = ", caller.Company, " AND s.active")
	discoverable := "s.discoverable"
	if hidden != "" {
		discoverable = "(s.discoverable AND NOT " + hidden + ")"
	}
	q.where += " AND (s.public OR " + discoverable + " OR " + q.add(all) + ") OR EXISTS (SELECT 1 FROM stream_members m WHERE m.stream = s.number AND m.user_id = " + q.add(caller.User) + "))"
}

// filter adds the conditions of the criteria beside the query.
func (q *query) filter(c Criteria) {
	if c.Active != nil {
		q.and("s.active = ", *c.Active, "")
	}
	if c.Private != nil {
		q.and("s.public = ", !*c.Private, "")
	}
	if c.Creator != nil {
		q.and("s.creator = ", c.Creator.ID, "")
	}
	if c.Member != nil {
		q.and("EXISTS (SELECT 1 FROM stream_members m WHERE m.stream = s.number AND m.user_id = ", c.Member.ID, ")")
	}
	if c.Owner != nil {
		q.and("EXISTS (SELECT 1 FROM stream_members m WHERE m.stream = s.number AND m.owner AND m.user_id = ", c.Owner.ID, ")")
	}
}

// inOrder returns a page of all results, newest first. It counts them only if the page does not
// show their number.
func (q query) inOrder(tx *db.Tx, skip, limit int) (found, error) {
	f := found{facets: []FacetedMatchCount{}}
	var err error
	f.page, err = db.All(tx, streams.ScanStreams(), streams.Select+` WHERE `+q.where+`
		ORDER BY s.number DESC
		LIMIT `+numbered(len(q.args)+1)+` OFFSET `+numbered(len(q.args)+2), append(slices.Clip(q.args), limit, skip)...)
	if n := len(f.page); err != nil || n < limit && (n > 0 || skip == 0) {
		f.count = int64(skip + n)
		return f, err
	}
	f.count, err = db.Value[int64](tx, `SELECT COUNT(*) FROM streams s WHERE `+q.where, q.args...)
	return f, err
}

// candidate is the part of a room that is matched.
type candidate struct {
	number  int64
	company wire.CompanyID
	rank    rank
	streams.Attributes
}

// scanName reads a candidate of an exact query: only its name is needed, for its rank.
func scanName(row db.Row) (c candidate, err error) {
	return c, row.Scan(&c.number, &c.company, &c.Name)
}

func scanCandidate(row db.Row) (c candidate, err error) {
	var keywords string
	if err = row.Scan(&c.number, &c.company, &c.Name, &c.Description, &keywords); err == nil {
		c.Keywords, err = streams.ReadKeywords(keywords)
	}
	return c, err
}

// matching returns a page of the candidates that match the criteria.
func (q query) matching(tx *db.Tx, s sought, byRank bool, skip, limit int) (found, error) {
	f := found{facets: []FacetedMatchCount{}}
	for _, label := range s.labels {
		f.facets = append(f.facets, FacetedMatchCount{Facet: label})
	}
	columns, scan, match := "s.number, s.company, s.name, s.description, s.keywords", scanCandidate, s.match
	if q.exact {
		columns, scan, match = "s.number, s.company, s.name", scanName, s.matchName
	}
	all, err := db.All(tx, scan, `
		SELECT `+columns+`
		FROM streams s
		WHERE `+q.where, q.args...)
	if err != nil {
		return f, err
	}
	matches := all[:0]
	for _, c := range all {
		rank, facets := match(c.company, c.Attributes)
		if rank == none {
			continue
		}
		c.rank = rank
		matches = append(matches, c)
		for i, has := range facets {
			if has {
				f.facets[i].Count++
			}
		}
	}
	slices.SortFunc(matches, func(a, b candidate) int {
		if byRank && a.rank != b.rank {
			return int(a.rank - b.rank)
		}
		return int(b.number - a.number)
	})
	f.count = int64(len(matches))
	matches = matches[min(skip, len(matches)):min(skip+limit, len(matches))]
	numbers := make([]int64, len(matches))
	for i, c := range matches {
		numbers[i] = c.number
	}
	f.page, err = inThisOrder(tx, numbers)
	return f, err
}

// inThisOrder returns the streams with some numbers, in their order.
func inThisOrder(tx *db.Tx, numbers []int64) ([]streams.Stream, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	page, err := db.All(tx, streams.ScanStreams(), streams.Select+` WHERE s.number IN ($1)`, numbers)
	slices.SortFunc(page, func(a, b streams.Stream) int {
		return slices.Index(numbers, a.Number) - slices.Index(numbers, b.Number)
	})
	return page, err
}

// numbered returns the name of the n-th parameter of a statement.
func numbered(n int) string { return "$" + strconv.Itoa(n) }
