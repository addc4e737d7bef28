package event

import (
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/happenings"
	"podium/internal/pod/messages/clients"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// Builder makes events.
type Builder struct {
	kinds  *journal.Kinds // decodes facts
	recent *lru.Cache[recentKey, remembered]
}

// recentKey is a happening, and the company whose users see its events.
type recentKey struct {
	place   follow.Cursor
	company wire.CompanyID
}

// remembered is the events of a happening, and when they were made.
type remembered struct {
	events []Event
	at     time.Time
}

// Events are remembered for a moment, because all who are told of a happening are told at about the
// same time. A message that is suppressed meanwhile may still be delivered for so long.
const (
	rememberedFor   = 2 * time.Second
	mostRemembered  = 4096
	largestToRecall = 16 << 10 // bytes of a message with its data
)

// NewBuilder returns a Builder that decodes the given kinds of facts.
func NewBuilder(kinds *journal.Kinds) *Builder {
	recent, _ := lru.New[recentKey, remembered](mostRemembered) // fails only for a size that is not positive
	return &Builder{kinds: kinds, recent: recent}
}

// builder holds what the events of one page need, each thing read once.
type builder struct {
	tx       *db.Tx
	kinds    *journal.Kinds
	company  wire.CompanyID // whose users will see the events
	messages map[int64]message.Row
	views    map[int64]message.Message
	streams  map[int64]streams.Stream
	with     map[int64][]wire.CompanyID // the companies in a stream
	entries  map[follow.Cursor]journal.Entry
	facts    map[follow.Cursor]journal.Fact
	people   map[wire.UserID]message.Author

	submissions map[int64]clients.Submission
}

// Build returns the events of happenings, as the users of a company see them, in their order.
func (b *Builder) Build(tx *db.Tx, company wire.CompanyID, list []happenings.Happening) ([]Event, error) {
	each, err := b.BuildEach(tx, company, list)
	events := slices.Concat(each...)
	if events == nil {
		events = []Event{}
	}
	return events, err
}

// BuildEach is Build, with the events of each happening apart. A happening gives no event if its
// message is suppressed, and several if it is about several users.
func (b *Builder) BuildEach(tx *db.Tx, company wire.CompanyID, list []happenings.Happening) ([][]Event, error) {
	each, unknown, at := b.recall(company, list)
	if len(unknown) == 0 {
		return each, nil
	}
	made, err := b.make(tx, company, unknown)
	for i, events := range made {
		each[at[i]] = events
		if h := unknown[i]; h.Size <= largestToRecall {
			b.recent.Add(recentKey{h.Cursor, company}, remembered{events, time.Now()})
		}
	}
	return each, err
}

// Recall returns the events of happenings if all are remembered.
func (b *Builder) Recall(company wire.CompanyID, list []happenings.Happening) ([]Event, bool) {
	each, unknown, _ := b.recall(company, list)
	return slices.Concat(each...), len(unknown) == 0
}

// recall returns the remembered events of happenings, and the happenings of which none are, with
// their places in the list.
func (b *Builder) recall(company wire.CompanyID, list []happenings.Happening) (each [][]Event, unknown []happenings.Happening, at []int) {
	each = make([][]Event, len(list))
	for i, h := range list {
		known, ok := b.recent.Get(recentKey{h.Cursor, company})
		if !ok || time.Since(known.at) > rememberedFor {
			unknown, at = append(unknown, h), append(at, i)
			continue
		}
		each[i] = known.events
	}
	return each, unknown, at
}

func (b *Builder) make(tx *db.Tx, company wire.CompanyID, list []happenings.Happening) ([][]Event, error) {
	page := &builder{
		tx: tx, kinds: b.kinds, company: company,
		messages: make(map[int64]message.Row), views: make(map[int64]message.Message), streams: make(map[int64]streams.Stream),
		with: make(map[int64][]wire.CompanyID), entries: make(map[follow.Cursor]journal.Entry), facts: make(map[follow.Cursor]journal.Fact),
		people: make(map[wire.UserID]message.Author),
	}
	for _, load := range []func([]happenings.Happening) error{page.loadMessages, page.loadSubmissions, page.loadFacts, page.loadStreams, page.loadPeople, page.view} {
		if err := load(list); err != nil {
			return nil, err
		}
	}
	each := make([][]Event, len(list))
	for i, h := range list {
		each[i] = page.eventsOf(h)
		for n := range each[i] {
			e := &each[i][n]
			e.ID, e.Timestamp = idOf(h.Cursor, n), h.At
			if e.MessageID == "" {
				e.MessageID = wire.EventID(h.At, seedOf(h.Cursor, n))
			}
		}
	}
	return each, nil
}

func (b *builder) loadMessages(list []happenings.Happening) error {
	var numbers []int64
	for _, h := range list {
		if h.Kind == happenings.Sent {
			numbers = append(numbers, h.Message)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	rows, err := db.All(b.tx, message.Scan, message.Select+` WHERE m.number IN ($1)`, numbers)
	for _, m := range rows {
		b.messages[m.Number] = m
	}
	return err
}

func (b *builder) loadFacts(list []happenings.Happening) error {
	var places []follow.Cursor
	for _, h := range list {
		if h.Fact != (follow.Cursor{}) {
			places = append(places, h.Fact)
		}
	}
	entries, err := journal.At(b.tx, places)
	for _, e := range entries {
		if err != nil {
			break
		}
		b.entries[e.Cursor] = e
		b.facts[e.Cursor], err = b.kinds.Decode(e)
	}
	return err
}

func (b *builder) loadStreams(list []happenings.Happening) error {
	var numbers []int64
	seen := make(map[int64]bool)
	for _, h := range list {
		if h.Stream != 0 && !seen[h.Stream] {
			seen[h.Stream] = true
			numbers = append(numbers, h.Stream)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	rows, err := db.All(b.tx, streams.ScanStreams(), streams.Select+` WHERE s.number IN ($1)`, numbers)
	if err != nil {
		return err
	}
	var crossing []int64
	for _, s := range rows {
		b.streams[s.Number] = s
		b.with[s.Number] = []wire.CompanyID{s.Company}
		if s.CrossPod {
			b.with[s.Number] = nil
			crossing = append(crossing, s.Number)
		}
	}
	if len(crossing) == 0 {
		return nil
	}
	_, err = db.All(b.tx, func(row db.Row) (company wire.CompanyID, err error) {
		var stream int64
		if err = row.Scan(&stream, &company); err == nil {
			b.with[stream] = append(b.with[stream], company)
		}
		return company, err
	}, `
		SELECT stream, company
		FROM stream_companies
		WHERE stream IN ($1) AND members > 0
		ORDER BY stream, company`, crossing)
	return err
}

// loadPeople loads who acted, and who made rooms.
func (b *builder) loadPeople(list []happenings.Happening) error {
	var ids []wire.UserID
	need := func(id wire.UserID) {
		if _, ok := b.people[id]; !ok && id != 0 {
			b.people[id] = message.Author{UserID: id}
			ids = append(ids, id)
		}
	}
	for _, h := range list {
		need(b.messages[h.Message].Author)
		need(b.submissions[h.Message].User)
		need(b.entries[h.Fact].Actor)
		need(b.streams[h.Stream].Creator)
	}
	if len(ids) == 0 {
		return nil
	}
	people, err := accounts.Briefs(b.tx, ids)
	for _, u := range people {
		b.people[u.ID] = message.AuthorOf(u)
	}
	return err
}

// person returns an account as the company sees it.
func (b *builder) person(id wire.UserID) message.Author { return b.people[id].SeenBy(b.company) }

// view makes the messages that were sent.
func (b *builder) view(list []happenings.Happening) error {
	var rows []message.Row
	for _, h := range list {
		if m, ok := b.messages[h.Message]; ok && h.Kind == happenings.Sent && m.Suppressed == 0 {
			rows = append(rows, m)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	views, err := message.ViewFor(b.tx, b.company, rows, b.streams)
	for i, m := range rows {
		if err != nil {
			break
		}
		v := views[i]
		s := b.stream(m.Stream)
		v.Stream.RoomName, v.Stream.External, v.Stream.CrossPod = s.RoomName, s.External, s.CrossPod
		v.Stream.Recipients = b.with[m.Stream]
		v.ExternalRecipients = new(len(b.with[m.Stream]) > 1)
		b.views[m.Number] = v
	}
	return err
}

// stream returns a stream as events name it.
func (b *builder) stream(number int64) Stream {
	s := b.streams[number]
	out := Stream{ID: s.ID, Type: string(s.Type), External: new(len(b.with[number]) > 1), CrossPod: new(s.CrossPod)}
	if s.Type == streams.Room {
		out.RoomName = &s.Name
	}
	return out
}
