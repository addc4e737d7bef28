package db

import "podium/internal/db/engine"

// Queue runs a statement whose result nobody reads. On PostgreSQL it is sent with the next statement that is read, or with
// the commit: many queued statements cost one round trip. Statements take effect in their order. If it fails, the transaction
// is undone, and whatever comes next returns the error: Queue itself, a later statement or the Write. Its arguments must not be changed
// afterwards.
//
// A statement whose failure means something to the caller runs by Exec, Change or Count, or by QueueAll with refuse: the error of
// Queue is never ErrExists nor ErrNoRow.
func (tx *Tx) Queue(sql string, args ...any) error {
	return tx.queue(engine.Queued{SQL: sql, Args: args})
}

// QueueChange queues a statement that must hit a row. If it hits none, the transaction is undone.
func (tx *Tx) QueueChange(sql string, args ...any) error {
	return tx.queue(engine.Queued{SQL: sql, Args: args, MustHit: true})
}

// QueueAll queues what InsertAll runs. refuse, if not nil, turns the error, such as ErrExists, into the one that the next
// statement or the Write returns.
func (tx *Tx) QueueAll(into string, rows [][]any, conflict string, refuse func(error) error) error {
	return tx.insertAll(into, rows, conflict, func(sql string, args []any) error {
		return tx.queue(engine.Queued{SQL: sql, Args: args, Refuse: refuse})
	})
}

func (tx *Tx) queue(q engine.Queued) error { return tx.conn.Queue(tx.ctx, q) }

// Reserve asks for numbers that NextMany or Next will be asked for in this transaction, without a round trip of its own.
func (tx *Tx) Reserve(sequence string, n int) {
	if n > 0 {
		tx.conn.Reserve(sequence, n)
	}
}

// Places returns where in the order of Position the transaction's next n rows stand: its position, and n numbers of a sequence,
// higher than those that the transaction was given before. Unlike Next, it does not promise that they are higher than the numbers of
// transactions that have ended: rows which bear the position need no more than that.
func (tx *Tx) Places(sequence string, n int) (position int64, numbers []int64, err error) {
	return tx.conn.Places(tx.ctx, sequence, n)
}
