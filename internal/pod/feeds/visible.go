package feeds

import (
	"encoding/json"
	"math"
	"slices"

	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/pod/feeds/event"
	"podium/internal/pod/happenings"
)

// filter says which events a datahose delivers.
type filter struct {
	Types  []event.Type `json:"types,omitempty"`  // sorted; empty: all
	Scopes []Scope      `json:"scopes,omitempty"` // sorted; empty: all
}

// text returns the filter as stored: equal filters have equal texts.
func (f filter) text() string {
	text, _ := json.Marshal(f) // texts: it cannot fail
	return string(text)
}

// kinds returns the happenings that the filter lets through.
func (f filter) kinds() []happenings.Kind {
	types := f.Types
	if len(types) == 0 {
		types = event.Types()
	}
	var list []happenings.Kind
	for _, t := range types {
		kinds, _ := t.Kinds()
		list = append(list, kinds...)
	}
	return list
}

// between is the part of the log that a question is about: after From, and before the horizon or up
// to To.
const between = `
		(h.position, h.seq) > ($1, $2) AND h.position < $3 AND (h.position, h.seq) <= ($4, $5)`

// forOwner selects what a datafeed delivers: what its owner, $6, of the company $7, is told alone,
// and what happened in a stream while the owner was a member.
const forOwner = `
	SELECT ` + happenings.Columns + `
	FROM happenings h
	WHERE ` + between + ` AND h.company IN (0, $7) AND (h.about = $6 OR h.about = 0 AND (
			EXISTS (
				SELECT 1
				FROM stream_members m
				WHERE m.user_id = $6 AND m.stream = h.stream AND (m.joined_position, m.joined_seq) <= (h.position, h.seq))
			OR EXISTS (
				SELECT 1
				FROM stream_leavers l
				WHERE l.stream = h.stream AND l.user_id = $6 AND l.joined <= h.at AND (l.left_position, l.left_seq) >= (h.position, h.seq))))
	ORDER BY h.position, h.seq
	LIMIT $8`

// forCompany selects what a datahose of the company $6 delivers: what happened in a stream that has
// members of the company, and what users of the company were told alone. $7 lists the kinds; $8
// says whether streams of one company count, and $9 whether those of several do.
const forCompany = `
	SELECT ` + happenings.Columns + `
	FROM happenings h LEFT JOIN streams s ON s.number = h.stream
	WHERE ` + between + ` AND h.company IN (0, $6) AND h.kind IN ($7)
		AND (h.stream = 0 AND $9 OR s.cross_pod AND $9 OR NOT s.cross_pod AND $8)
		AND (h.company = $6 OR s.company = $6 AND NOT s.cross_pod
			OR EXISTS (SELECT 1 FROM stream_companies c WHERE c.stream = h.stream AND c.company = $6 AND c.members > 0))
	ORDER BY h.position, h.seq
	LIMIT $10`

// endOfLog is above all places.
var endOfLog = follow.Cursor{Position: math.MaxInt64, Seq: math.MaxInt64}

// visible returns at most limit happenings that the feed delivers, after a place, up to and with
// another one, and below the horizon.
func (f feed) visible(tx *db.Tx, from, to follow.Cursor, horizon int64, limit int) ([]happenings.Happening, error) {
	list, err := f.choose(tx, from, to, horizon, limit+len(f.skipped))
	if len(f.skipped) > 0 {
		list = slices.DeleteFunc(list, func(h happenings.Happening) bool { return slices.Contains(f.skipped, h.Cursor) })
	}
	return list[:min(limit, len(list))], err
}

// choose is visible, with what the feed skips.
func (f feed) choose(tx *db.Tx, from, to follow.Cursor, horizon int64, limit int) ([]happenings.Happening, error) {
	if f.kind != datahose {
		return db.All(tx, happenings.Scan, forOwner, from.Position, from.Seq, horizon, to.Position, to.Seq, f.owner, f.company, limit)
	}
	inside := len(f.filter.Scopes) == 0 || slices.Contains(f.filter.Scopes, internal)
	across := len(f.filter.Scopes) == 0 || slices.Contains(f.filter.Scopes, external) || slices.Contains(f.filter.Scopes, federated)
	return db.All(tx, happenings.Scan, forCompany, from.Position, from.Seq, horizon, to.Position, to.Seq, f.company, f.filter.kinds(), inside, across, limit)
}

// page cuts happenings to what one answer may have. There is at least one, if there are any.
func page(list []happenings.Happening) []happenings.Happening {
	bytes := int64(0)
	for i, h := range list {
		if bytes += h.Size; i == pageMost || i > 0 && bytes > pageBytes {
			return list[:i]
		}
	}
	return list
}
