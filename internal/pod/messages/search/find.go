package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// maxExamined is the most messages that one search looks at: the newest, or the oldest where the
// oldest are asked for first.
const maxExamined = 20_000

// pageExamined is how many messages a search reads at once.
const pageExamined = 500

// finder finds the messages of a search.
type finder struct {
	tx     *db.Tx
	caller auth.Caller
	q      arguments
	p      paging
	seen   map[int64]streams.Seen // by the streams' numbers; those that the caller may not know are zero

	examined int
	most     int // messages that are looked at
	found    []candidate
}

// candidate is a message that may match.
type candidate struct {
	number, stream int64
	at             wire.Time
	words          string // empty if no text is looked for
}

// find returns the numbers of a page of messages, in their order.
func (f *finder) find() ([]int64, error) {
	var err error
	switch {
	case f.q.signal != "":
		err = f.bySignal()
	case f.q.stream != "":
		err = f.inStream()
	case len(f.q.tags) > 0:
		err = f.examine(ofTag, f.q.tags[0])
	case f.q.author != 0:
		err = f.examine(ofAuthor, f.q.author)
	default:
		err = f.inOwnStreams()
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(f.found, func(a, b candidate) int {
		if !f.p.oldestFirst {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.number, b.number))
	})
	page := f.found[min(f.p.skip, len(f.found)):]
	page = page[:min(f.p.limit, len(page))]
	numbers := make([]int64, len(page))
	for i, c := range page {
		numbers[i] = c.number
	}
	return numbers, nil
}

// inStream searches one stream, which the caller must be allowed to read.
func (f *finder) inStream() error {
	to, since, err := message.Readable(f.tx, f.caller, f.q.stream)
	if err != nil {
		return err
	}
	f.seen[to.Number] = to
	f.q.from = max(f.q.from, since)
	return f.examine(ofStream, to.Number)
}

// inOwnStreams searches the caller's streams, those with the newest messages first.
func (f *finder) inOwnStreams() error {
	type stream struct {
		number int64
		last   *wire.Time
	}
	list, err := db.All(f.tx, func(row db.Row) (s stream, err error) { return s, row.Scan(&s.number, &s.last) }, `
		SELECT stream, (SELECT MAX(at) FROM stream_messages sent WHERE sent.stream = stream_members.stream)
		FROM stream_members
		WHERE user_id = $1`, f.caller.User)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(s stream) bool { return s.last == nil || *s.last < f.q.from })
	slices.SortFunc(list, func(a, b stream) int { return cmp.Compare(*b.last, *a.last) })
	for _, s := range list {
		if f.examined >= f.most {
			return nil
		}
		if err := f.examine(ofStream, s.number); err != nil {
			return err
		}
	}
	return nil
}

// source is where a search reads messages from: the tables, the condition with its value as $1, and
// the columns of the index that gives the order.
type source struct {
	from, where string
	order       []string
}

var (
	ofStream = source{`stream_messages m`, `m.stream = $1`, []string{"m.at", "m.number"}}
	ofAuthor = source{`stream_messages m`, `m.author = $1`, []string{"m.number"}}
	ofTag    = source{`message_tags t JOIN stream_messages m ON m.number = t.message`, `t.tag = $1`, []string{"t.message"}}
)

// examine reads messages from a source, in pages, and keeps those that match.
func (f *finder) examine(from source, value any) error {
	direction, compare := " DESC", "<"
	if f.p.oldestFirst {
		direction, compare = " ASC", ">"
	}
	var last *candidate
	for f.examined < f.most {
		where, args := f.where(from, value)
		if last != nil {
			var marks []string
			for _, column := range from.order {
				if column == "m.at" {
					args = append(args, last.at)
				} else {
					args = append(args, last.number)
				}
				marks = append(marks, fmt.Sprintf("$%d", len(args)))
			}
			where += " AND (" + strings.Join(from.order, ", ") + ") " + compare + " (" + strings.Join(marks, ", ") + ")"
		}
		args = append(args, pageExamined)
		page, err := db.All(f.tx, scanCandidate, `
			SELECT m.number, m.stream, m.at, `+f.words()+`
			FROM `+from.from+`
			WHERE `+where+`
			ORDER BY `+strings.Join(from.order, direction+", ")+direction+`
			LIMIT `+fmt.Sprintf("$%d", len(args)), args...)
		if err != nil {
			return err
		}
		if err := f.keep(page); err != nil {
			return err
		}
		f.examined += len(page)
		if len(page) < pageExamined || from.order[0] == "m.at" && len(f.found) >= f.p.skip+f.p.limit {
			return nil // what follows is not in the page that is asked for
		}
		last = &page[len(page)-1]
	}
	return nil
}

func scanCandidate(row db.Row) (c candidate, err error) {
	return c, row.Scan(&c.number, &c.stream, &c.at, &c.words)
}

// words returns the column of the text, as far as it is looked at.
func (f *finder) words() string {
	if len(f.q.words) > 0 {
		return "m.words"
	}
	return "''"
}

// where adds the conditions of the search to that of a source.
func (f *finder) where(from source, value any) (string, []any) {
	args := []any{value, f.q.from, f.q.to}
	where := from.where + ` AND m.at BETWEEN $2 AND $3 AND m.suppressed = 0`
	tags := f.q.tags
	if from.where == ofTag.where {
		tags = tags[1:]
	}
	if f.q.author != 0 && from.where != ofAuthor.where {
		args = append(args, f.q.author)
		where += fmt.Sprintf(" AND m.author = $%d", len(args))
	}
	for _, tag := range tags {
		args = append(args, tag)
		where += fmt.Sprintf(" AND EXISTS (SELECT 1 FROM message_tags o WHERE o.tag = $%d AND o.message = m.number)", len(args))
	}
	return where, args
}

// keep keeps the messages of a page that match and that the caller may read.
func (f *finder) keep(page []candidate) error {
	var unknown []int64
	for _, c := range page {
		if _, known := f.seen[c.stream]; !known {
			f.seen[c.stream] = streams.Seen{}
			unknown = append(unknown, c.stream)
		}
	}
	if len(unknown) > 0 {
		more, err := streams.SeeNumbers(f.tx, f.caller, unknown)
		if err != nil {
			return err
		}
		for number, s := range more {
			ok, err := message.MayReadWall(f.tx, f.caller, s)
			if err != nil {
				return err
			}
			if ok {
				f.seen[number] = s
			}
		}
	}
	for _, c := range page {
		s := f.seen[c.stream]
		since, ok := message.ReadableSince(f.caller, s)
		if s.Number == 0 || !ok || c.at < since ||
			f.q.types != nil && !slices.Contains(f.q.types, s.Type) || !f.q.matchText(c.words) {
			continue
		}
		c.words = ""
		f.found = append(f.found, c)
	}
	return nil
}
