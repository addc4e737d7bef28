package messages

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// mayImport fails if a message may not be imported into a stream. known is true for one that was
// imported before: the outcome is then the earlier message.
func (b *batch) mayImport(i int, d *draft) (known bool, err error) {
	to, err := seeTarget(b.tx, d.importer, d.stream, b.streams)
	switch {
	case err != nil:
		return false, err
	case !to.In:
		return false, apierr.Invalid("The caller is not a member of the stream")
	case !b.streams[d.stream].Seen(d.author.User).In:
		return false, apierr.Invalid("The user is not a member of the stream")
	}
	if d.origin.original == "" {
		return false, nil
	}
	id, err := db.Value[wire.MessageID](b.tx, `
		SELECT id
		FROM message_origins
		WHERE system = $1 AND original = $2 AND stream = $3`, d.origin.system, d.origin.original, to.Number)
	if err == nil {
		b.known(i, id)
		return true, nil
	}
	for j, other := range b.drafts[:i] {
		if other.origin != nil && *other.origin == *d.origin && other.stream == d.stream && b.sent[j].ID != "" {
			b.known(i, b.sent[j].ID)
			return true, nil
		}
	}
	if !errors.Is(err, db.ErrNoRow) {
		return false, err
	}
	return false, nil
}

// known makes an earlier message the outcome of a draft.
func (b *batch) known(i int, id wire.MessageID) {
	b.outcomes[i].message = message.Message{ID: id}
}

// recordImports records the imported messages, one fact for each stream, system and caller.
func (b *batch) recordImports(log *journal.Log) error {
	type key struct {
		stream wire.StreamID
		system string
		caller wire.UserID
	}
	ids := map[key][]string{}
	var origins [][]any
	for i, d := range b.drafts {
		m := b.sent[i]
		if d.origin == nil || m.ID == "" {
			continue
		}
		k := key{d.stream, d.origin.system, d.importer.User}
		ids[k] = append(ids[k], string(m.ID))
		if d.origin.original != "" {
			origins = append(origins, []any{d.origin.system, d.origin.original, m.Stream, m.ID})
		}
	}
	if len(origins) > 0 {
		if err := b.tx.QueueAll(`INSERT INTO message_origins (system, original, stream, id) VALUES`, origins, "", nil); err != nil {
			return err
		}
	}
	for _, d := range b.drafts {
		if d.origin == nil {
			continue
		}
		k := key{d.stream, d.origin.system, d.importer.User}
		if len(ids[k]) == 0 {
			continue
		}
		to := b.streams[d.stream]
		place, err := facts.PlaceOf(b.tx, to.Stream)
		if err != nil {
			return err
		}
		if err := log.Record(b.tx, d.importer, to.Subject(), MessagesImported{Stream: place, System: k.system, Messages: ids[k]}); err != nil {
			return err
		}
		delete(ids, k)
	}
	return nil
}
