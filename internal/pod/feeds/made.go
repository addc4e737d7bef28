package feeds

import (
	"context"
	"strconv"
	"sync"

	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/feeds/event"
	"podium/internal/pod/happenings"
	"podium/internal/wire"
)

// made is the events of some happenings, which the first read that asks makes for all reads that
// were handed them.
type made struct {
	builder *event.Builder
	db      *db.DB
	company wire.CompanyID
	list    []happenings.Happening

	build  sync.Once
	events []event.Event
	err    error

	encode sync.Once
	text   []byte
	failed error
}

// get returns the events.
func (m *made) get() ([]event.Event, error) {
	m.build.Do(func() {
		var known bool
		if m.events, known = m.builder.Recall(m.company, m.list); known {
			return
		}
		// Other reads want the events even if the client of this one has gone.
		m.events, m.err = db.Read(context.Background(), m.db, func(tx *db.Tx) ([]event.Event, error) {
			return m.builder.Build(tx, m.company, m.list)
		})
	})
	return m.events, m.err
}

// answer returns the events with an acknowledgement. The JSON of the events is encoded once for all
// reads.
func (m *made) answer(ack AckID) (op.Ready[Events], error) {
	list, err := m.get()
	if err != nil {
		return op.Ready[Events]{}, err
	}
	m.encode.Do(func() { m.text, m.failed = op.EncodeJSON(list) })
	text := make([]byte, 0, len(m.text)+len(ack)+32)
	text = append(append(append(text, `{"events":`...), m.text...), `,"ackId":`...)
	text = append(strconv.AppendQuote(text, string(ack)), '}')
	return op.ReadyAs(Events{list, ack}, text), m.failed
}
