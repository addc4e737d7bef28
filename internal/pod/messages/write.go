package messages

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/pod/barriers"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/wire"
)

// outcome is what became of a draft: the message, or why it was refused.
type outcome struct {
	message Message
	err     error
}

// The kinds of happenings.
const (
	happenedSent       = 1
	happenedSuppressed = 2
)

const insertHappenings = `INSERT INTO happenings (position, seq, stream, kind, message, at) VALUES`

// happened records that something happened to a message at a time.
func happened(tx *db.Tx, kind int, m message, at wire.Time) error {
	position, seqs, err := tx.Places("happenings", 1)
	if err != nil {
		return err
	}
	return tx.QueueAll(insertHappenings, [][]any{{position, seqs[0], m.stream, kind, m.number, at}}, "", nil)
}

// batch is drafts that are written in one transaction.
type batch struct {
	tx       *db.Tx
	drafts   []*draft
	streams  map[wire.StreamID]streams.Target
	outcomes []outcome
	sent     []message // by draft; the zero message for one that was refused
}

// writeAll writes drafts in one transaction. A draft that a rule refuses is left out, and nothing
// of it is written. Any other error is that of all drafts.
//
// Locks: the barrier state of authors in a barrier group, the streams, the messages that are
// updated.
func (s *Service) writeAll(tx *db.Tx, drafts []*draft) ([]outcome, error) {
	b := &batch{tx: tx, drafts: drafts, outcomes: make([]outcome, len(drafts)), sent: make([]message, len(drafts))}
	if err := b.lock(); err != nil {
		return nil, err
	}
	if err := b.decide(); err != nil {
		return nil, err
	}
	if err := b.insert(); err != nil {
		return nil, err
	}
	return b.outcomes, b.answer()
}

// lock locks what the rules read, and reads the streams with the authors' memberships.
func (b *batch) lock() error {
	var walled, authors []wire.UserID
	var ids []wire.StreamID
	var keys, updated []lock.Key
	for _, d := range b.drafts {
		if d.author.Walled {
			walled = append(walled, d.author.User)
		}
		if !slices.Contains(authors, d.author.User) {
			authors = append(authors, d.author.User)
		}
		if !slices.Contains(ids, d.stream) {
			ids, keys = append(ids, d.stream), append(keys, lock.Stream(d.stream))
		}
		if d.update != "" {
			updated = append(updated, lock.Message(d.update))
		}
	}
	if len(walled) > 0 {
		if err := barriers.LockUsers(b.tx, walled...); err != nil {
			return err
		}
	}
	if err := b.tx.Lock(keys...); err != nil {
		return err
	}
	if len(updated) > 0 {
		if err := b.tx.Lock(updated...); err != nil {
			return err
		}
	}
	var err error
	b.streams, err = streams.Targets(b.tx, ids, authors)
	return err
}

// decide applies the rules to each draft, and gives those that pass them their times.
func (b *batch) decide() error {
	for i, d := range b.drafts {
		err := b.decideOne(i, d)
		var refused *apierr.Error
		if errors.As(err, &refused) {
			b.outcomes[i].err = err
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) decideOne(i int, d *draft) error {
	seen, err := seeTarget(b.tx, d, b.streams)
	if err != nil {
		return err
	}
	if err := maySend(b.tx, d, seen); err != nil {
		return err
	}
	if !seen.In {
		if err := admission.MayMeetAll(b.tx, seen.Stream, d.author.User, d.author.Walled); err != nil {
			return err
		}
	}
	to := b.streams[d.stream]
	at := max(b.tx.Now(), to.LastMessage)
	if d.at != 0 {
		at = d.at
	}
	m := d.row(to.Number, 0, at)
	if d.update != "" {
		if err := b.replace(d, seen, &m); err != nil {
			return err
		}
	}
	b.sent[i] = m
	if d.at == 0 {
		to.LastMessage = at
		b.streams[d.stream] = to
	}
	return nil
}

// replace makes m the newest version of the message that the draft names.
func (b *batch) replace(d *draft, to streams.Seen, m *message) error {
	before, err := findMessage(b.tx, d.update)
	if err != nil {
		return err
	}
	if err := mayUpdate(b.tx, d, to, before); err != nil {
		return err
	}
	for before.replacedBy != "" {
		if before, err = findMessage(b.tx, before.replacedBy); err != nil {
			return err
		}
	}
	for next, ok := b.replacing(before.id); ok; next, ok = b.replacing(before.id) {
		before = next
	}
	m.initial, m.replacing = before.first(), before.id
	return nil
}

// replacing returns the message of this batch that replaces another.
func (b *batch) replacing(id wire.MessageID) (message, bool) {
	for _, m := range b.sent {
		if m.replacing == id {
			return m, true
		}
	}
	return message{}, false
}

// insert gives the messages their numbers, and writes all rows.
func (b *batch) insert() error {
	var list []*message
	for i := range b.sent {
		if b.outcomes[i].err == nil {
			list = append(list, &b.sent[i])
		}
	}
	if len(list) == 0 {
		return nil
	}
	numbers, err := b.tx.NextMany("streams", len(list))
	if err != nil {
		return err
	}
	position, seqs, err := b.tx.Places("happenings", len(list))
	if err != nil {
		return err
	}
	var rows, tags, happenings, attached [][]any
	for i, m := range list {
		m.number = numbers[i]
		rows = append(rows, m.row())
		if !m.imported {
			happenings = append(happenings, []any{position, seqs[i], m.stream, happenedSent, m.number, m.at})
		}
	}
	for i, d := range b.drafts {
		if m := b.sent[i]; b.outcomes[i].err == nil {
			tags = append(tags, d.tags(m)...)
			more, err := files.Rows(m.number, m.stream, d.files)
			if err != nil {
				return err
			}
			attached = append(attached, more...)
		}
	}
	return b.write(rows, tags, happenings, attached)
}

func (b *batch) write(rows, tags, happenings, attached [][]any) error {
	if err := b.tx.QueueAll(insertMessages, rows, "", nil); err != nil {
		return err
	}
	for _, m := range b.sent {
		if m.replacing == "" {
			continue
		}
		if err := b.tx.QueueChange(`UPDATE stream_messages SET replaced_by = $2 WHERE id = $1`, m.replacing, m.id); err != nil {
			return err
		}
	}
	if len(tags) > 0 {
		if err := b.tx.QueueAll(`INSERT INTO message_tags (tag, message, stream) VALUES`, tags, "", nil); err != nil {
			return err
		}
	}
	if len(attached) > 0 {
		if err := files.Insert(b.tx, attached); err != nil {
			return err
		}
	}
	if len(happenings) == 0 {
		return nil
	}
	return b.tx.QueueAll(insertHappenings, happenings, "", nil)
}

// answer makes the answers from what was written.
func (b *batch) answer() error {
	authors, err := authorsOf(b.tx, b.sent)
	if err != nil {
		return err
	}
	for i, d := range b.drafts {
		if b.outcomes[i].err == nil {
			m := b.sent[i]
			b.outcomes[i].message = m.view(authors[m.author].seenBy(d.author.Company), b.streams[d.stream].Stream, d.files)
		}
	}
	return nil
}
