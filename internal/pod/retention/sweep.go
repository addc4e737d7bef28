package retention

import (
	"context"
	"slices"
	"time"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/pod/messages/files"
	"podium/internal/wire"
)

const (
	sweepEvery = time.Hour
	window     = 500 // messages of all companies that one transaction looks at
	day        = 24 * time.Hour
)

// Run removes what is older than its company's retention, until ctx ends. Several nodes may run it.
func (s *Service) Run(ctx context.Context) {
	db.Every(ctx, sweepEvery, s.Log, "old messages cannot be removed", s.Sweep)
}

// Sweep removes what is old now.
func (s *Service) Sweep(ctx context.Context) error {
	rules, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]rule, error) {
		return db.All(tx, func(row db.Row) (r rule, err error) { return r, row.Scan(&r.company, &r.days, &r.upto) }, `
			SELECT company, days, upto
			FROM retention
			WHERE company > 0 AND days > 0
			ORDER BY company`)
	})
	if err != nil {
		return err
	}
	for _, r := range rules {
		n, err := s.apply(ctx, r)
		if n > 0 {
			s.Log.Info("old messages were removed", "company", r.company, "messages", n, "days", r.days)
		}
		if err != nil {
			return err
		}
	}
	return s.Files.Review(ctx) // also what an interrupted sweep has left
}

// apply removes the old messages of a company, and returns how many.
func (s *Service) apply(ctx context.Context, r rule) (removed int, err error) {
	for {
		done, err := db.Write(ctx, s.DB, func(tx *db.Tx) (step, error) { return r.step(tx) })
		removed += done.removed
		if err != nil || done.upto == r.upto {
			return removed, err
		}
		r.upto = done.upto
	}
}

// step is the work of one transaction.
type step struct {
	upto    int64 // the messages up to this number have been looked at
	removed int
}

// step removes the old messages of the company among the next ones of all companies. Numbers grow
// with time, so it ends at the first message that is not old. That message may be of another
// company: a message follows at most as late as all before it.
func (r rule) step(tx *db.Tx) (step, error) {
	before := tx.Now().Add(-time.Duration(r.days) * day)
	upto, err := oldUpTo(tx, r.upto, before)
	if err != nil || upto == r.upto {
		return step{upto: r.upto}, err
	}
	first, end := wire.UserIDs(r.company)
	type found struct {
		id     wire.MessageID
		number int64
	}
	list, err := db.All(tx, func(row db.Row) (m found, err error) { return m, row.Scan(&m.id, &m.number) }, `
		SELECT id, number
		FROM stream_messages
		WHERE number > $1 AND number <= $2 AND author >= $3 AND author < $4 AND removed = 0
		ORDER BY number`, r.upto, upto, first, end)
	if err != nil {
		return step{}, err
	}
	var numbers []int64
	var keys []lock.Key
	for _, m := range list {
		numbers, keys = append(numbers, m.number), append(keys, lock.Message(m.id))
	}
	if err := tx.Lock(keys...); err != nil {
		return step{}, err
	}
	if err := remove(tx, numbers); err != nil {
		return step{}, err
	}
	return step{upto, len(list)}, tx.Exec(`UPDATE retention SET upto = $2 WHERE company = $1 AND upto < $2`, r.company, upto)
}

// oldUpTo returns the highest number, within a window after another one, up to which all messages
// were sent before a time. Imported messages have times of their own and count as old.
func oldUpTo(tx *db.Tx, after int64, before wire.Time) (int64, error) {
	type sent struct {
		number   int64
		at       wire.Time
		imported bool
	}
	list, err := db.All(tx, func(row db.Row) (m sent, err error) { return m, row.Scan(&m.number, &m.at, &m.imported) }, `
		SELECT number, at, imported
		FROM stream_messages
		WHERE number > $1
		ORDER BY number
		LIMIT $2`, after, window)
	if err != nil {
		return after, err
	}
	young := slices.IndexFunc(list, func(m sent) bool { return !m.imported && m.at >= before })
	if young < 0 {
		young = len(list)
	}
	// What follows the last message that was sent is not known to be old.
	for young > 0 && list[young-1].imported {
		young--
	}
	if young == 0 {
		return after, nil
	}
	return list[young-1].number, nil
}

// remove takes everything out of messages but who sent them, where and when. Readers see them as
// they see suppressed ones.
func remove(tx *db.Tx, numbers []int64) error {
	if len(numbers) == 0 {
		return nil
	}
	err := tx.Exec(`
		UPDATE stream_messages
		SET removed = $2, suppressed = CASE WHEN suppressed = 0 THEN $2 ELSE suppressed END,
			content = '', body = '', data = '', words = '', agent = '', session = ''
		WHERE number IN ($1)`, numbers, tx.Now())
	if err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM message_tags WHERE message IN ($1)`, numbers); err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE form_submissions SET content = '{}' WHERE message IN ($1)`, numbers); err != nil {
		return err
	}
	return files.Drop(tx, numbers)
}
