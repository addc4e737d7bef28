package db

import "podium/internal/db/engine"

// Queue runs a statement whose result is not needed. On PostgreSQL it is sent with the next
// statement that reads, or with the commit: many queued statements cost one round trip. Statements
// take effect in order. If it fails, the transaction is rolled back, and the next call returns the
// error: Queue itself, a later statement or the Write. Its arguments must not be changed
// afterwards.
//
// If the caller must handle the failure of a statement, use Exec, Change or Count, or QueueAll with
// refuse: the error of Queue is never ErrExists or ErrNoRow.
func (tx *Tx) Queue(sql string, args ...any) error {
	return tx.queue(engine.Queued{SQL: sql, Args: args})
}

// QueueChange queues a statement that must change a row. If it changes none, the transaction is
// rolled back.
func (tx *Tx) QueueChange(sql string, args ...any) error {
	return tx.queue(engine.Queued{SQL: sql, Args: args, MustHit: true})
}

// QueueAll queues the statements of InsertAll. refuse, if not nil, turns the error, such as
// ErrExists, into the one that the next statement or the Write returns.
func (tx *Tx) QueueAll(into string, rows [][]any, conflict string, refuse func(error) error) error {
	return tx.insertAll(into, rows, conflict, func(sql string, args []any) error {
		return tx.queue(engine.Queued{SQL: sql, Args: args, Refuse: refuse})
	})
}

func (tx *Tx) queue(q engine.Queued) error { return tx.conn.Queue(tx.ctx, q) }

// Reserve draws numbers for a later Next or NextMany of this transaction, without a round trip of
// its own.
func (tx *Tx) Reserve(sequence string, n int) {
	if n > 0 {
		tx.conn.Reserve(sequence, n)
	}
}

// Places returns the places of the transaction's next n rows in the order of Position: its
// position, and n numbers of a sequence, higher than the transaction's earlier ones. Unlike those
// of Next, they need not be higher than the numbers of ended transactions, because the rows carry
// the position.
func (tx *Tx) Places(sequence string, n int) (position int64, numbers []int64, err error) {
	return tx.conn.Places(tx.ctx, sequence, n)
}

// LockedPlaces is Places for rows about a thing that the transaction has locked: rows of two
// transactions that locked the same thing are in the order in which they held the lock. Places
// gives the order in which they began, and the second one may have waited for the lock. It costs a
// round trip on PostgreSQL.
func (tx *Tx) LockedPlaces(sequence string, n int) (position int64, numbers []int64, err error) {
	return tx.conn.LockedPlaces(tx.ctx, sequence, n)
}
