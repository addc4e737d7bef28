package messages

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/pod/barriers"
	"podium/internal/pod/happenings"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/wire"
)

// outcome is what became of a draft: the message, or why it was refused.
type outcome struct {
	message message.Message
	err     error
}

// batch is drafts that are written in one transaction.
type batch struct {
	tx       *db.Tx
	log      *happenings.Log
	drafts   []*draft
	streams  map[wire.StreamID]streams.Target
	outcomes []outcome
	sent     []message.Row // by draft; the zero message for one that was refused
	stored   files.Stored
}

// writeAll writes drafts in one transaction. A draft that a rule refuses is left out, and nothing
// of it is written. Any other error is that of all drafts.
//
// Locks: the barrier state of authors in a barrier group, the streams, the messages that are
// updated or answered, the contents of files.
func (s *Service) writeAll(tx *db.Tx, drafts []*draft) ([]outcome, error) {
	b := &batch{tx: tx, log: s.Happenings, drafts: drafts, outcomes: make([]outcome, len(drafts)), sent: make([]message.Row, len(drafts))}
	if err := b.lock(); err != nil {
		return nil, err
	}
	if err := b.decide(); err != nil {
		return nil, err
	}
	if err := b.insert(); err != nil {
		return nil, err
	}
	if err := b.recordImports(s.Journal); err != nil {
		return nil, err
	}
	return b.outcomes, b.answer()
}

// lock locks what the rules read, and reads the streams with the authors' memberships.
func (b *batch) lock() error {
	var walled, authors []wire.UserID
	var ids []wire.StreamID
	var keys, updated []lock.Key
	var attached []files.File
	for _, d := range b.drafts {
		if d.author.Walled {
			walled = append(walled, d.author.User)
		}
		for _, id := range []wire.UserID{d.author.User, d.importer.User} {
			if id != 0 && !slices.Contains(authors, id) {
				authors = append(authors, id)
			}
		}
		if !slices.Contains(ids, d.stream) {
			ids, keys = append(ids, d.stream), append(keys, lock.Stream(d.stream))
		}
		if d.update != "" {
			updated = append(updated, lock.Message(d.update))
		}
		if d.relation == message.Reply {
			updated = append(updated, lock.Message(d.parent))
		}
		attached = append(attached, d.files...)
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
	if b.streams, err = streams.Targets(b.tx, ids, authors); err != nil {
		return err
	}
	b.stored, err = files.Lock(b.tx, attached)
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
	if d.origin != nil {
		if known, err := b.mayImport(i, d); err != nil || known {
			return err
		}
	}
	seen, err := seeTarget(b.tx, d.author, d.stream, b.streams)
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
	if !b.stored.Has(d.files) {
		return apierr.Unavailable("the content of a file has been deleted")
	}
	to := b.streams[d.stream]
	// What is sent after a member came or went is not earlier, by whatever clock.
	at := max(b.tx.Now(), to.LastMessage, to.Modified)
	if d.at != 0 {
		at = d.at
	}
	m := d.row(to.Number, 0, at)
	if d.update != "" {
		if err := b.replace(d, seen, &m); err != nil {
			return err
		}
	}
	if d.parent != "" {
		if err := relate(b.tx, d, seen, &m); err != nil {
			return err
		}
	}
	if err := b.screen(d, seen, m); err != nil {
		return err
	}
	if len(d.pending) > 0 {
		if err := files.Sent(b.tx, d.files); err != nil {
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
func (b *batch) replace(d *draft, to streams.Seen, m *message.Row) error {
	before, _, err := message.See(b.tx, d.author, d.update) // not one of streams of other companies
	if err != nil {
		return err
	}
	if err := mayUpdate(b.tx, d, to, before); err != nil {
		return err
	}
	for before.ReplacedBy != "" {
		if before, err = message.Find(b.tx, before.ReplacedBy); err != nil {
			return err
		}
	}
	for next, ok := b.replacing(before.ID); ok; next, ok = b.replacing(before.ID) {
		before = next
	}
	m.Initial, m.Replacing = before.First(), before.ID
	if before.ParentKind == message.Reply { // with other words, a message is not a forwarded one
		m.Parent, m.ParentKind = before.Parent, before.ParentKind
	}
	return nil
}

// replacing returns the message of this batch that replaces another.
func (b *batch) replacing(id wire.MessageID) (message.Row, bool) {
	for _, m := range b.sent {
		if m.Replacing == id {
			return m, true
		}
	}
	return message.Row{}, false
}

// insert gives the messages their numbers, and writes all rows.
func (b *batch) insert() error {
	var list []*message.Row
	for i := range b.sent {
		if b.sent[i].ID != "" {
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
	var rows, tags [][]any
	var happened []happenings.Happening
	var attached []files.Attached
	for i, m := range list {
		m.Number = numbers[i]
		rows = append(rows, m.Values())
		if !m.Imported {
			happened = append(happened, happenings.Happening{
				Stream: m.Stream, Kind: happenings.Sent, Message: m.Number, At: m.At, Size: int64(len(m.Body) + len(m.Data) + len(m.Content)),
			})
		}
	}
	for i, d := range b.drafts {
		if m := b.sent[i]; m.ID != "" {
			tags = append(tags, d.tags(m)...)
			attached = append(attached, files.Attached{Message: m.Number, Stream: m.Stream, Files: d.files})
		}
	}
	if err := b.write(rows, tags, attached); err != nil {
		return err
	}
	return b.log.Record(b.tx, happened...)
}

func (b *batch) write(rows, tags [][]any, attached []files.Attached) error {
	if err := b.tx.QueueAll(message.Insert, rows, "", nil); err != nil {
		return err
	}
	for _, m := range b.sent {
		if m.Replacing == "" {
			continue
		}
		if err := b.tx.QueueChange(`UPDATE stream_messages SET replaced_by = $2 WHERE id = $1`, m.Replacing, m.ID); err != nil {
			return err
		}
	}
	if len(tags) > 0 {
		if err := b.tx.QueueAll(`INSERT INTO message_tags (tag, message, stream) VALUES`, tags, "", nil); err != nil {
			return err
		}
	}
	return files.Insert(b.tx, attached)
}

// answer makes the answers from what was written.
func (b *batch) answer() error {
	authors, err := message.AuthorsOf(b.tx, b.sent)
	if err != nil {
		return err
	}
	for i, d := range b.drafts {
		if m := b.sent[i]; m.ID != "" {
			b.outcomes[i].message = m.View(authors[m.Author].SeenBy(d.author.Company), b.streams[d.stream].Stream, d.files)
		}
	}
	return nil
}
