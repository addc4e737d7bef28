package postgres

import (
	"context"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"podium/internal/db/engine"
)

// poolBlock is how many numbers of a sequence a node draws at once for Places.
const poolBlock = 64

// pools holds the rising numbers of each sequence that this node has drawn and not given yet.
type pools struct {
	mu   sync.Mutex
	left map[string][]int64
}

// take returns n numbers above a number, or nil if there are too few.
func (p *pools) take(sequence string, n int, above int64) []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := p.left[sequence]
	first, found := slices.BinarySearch(left, above)
	if found {
		first++
	}
	if len(left)-first < n {
		return nil
	}
	numbers := slices.Clone(left[first : first+n])
	p.left[sequence] = append(left[:first], left[first+n:]...)
	return numbers
}

func (p *pools) put(sequence string, numbers []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left == nil {
		p.left = make(map[string][]int64)
	}
	left := append(p.left[sequence], numbers...)
	slices.Sort(left)
	p.left[sequence] = left
}

// Places takes numbers of the node's pool: one round trip for poolBlock numbers.
func (c *transaction) Places(ctx context.Context, sequence string, n int) (int64, []int64, error) {
	numbers := c.e.pools.take(sequence, n, c.last[sequence])
	if numbers == nil {
		block, err := listOf[int64](ctx, c, nextNumbers, sequence, max(n, poolBlock))
		if err != nil {
			return 0, nil, err
		}
		numbers = block[:n:n]
		c.e.pools.put(sequence, block[n:])
	}
	position, err := c.Position(ctx)
	if err != nil || n == 0 {
		return position, numbers, err
	}
	if c.last == nil {
		c.last = make(map[string]int64)
	}
	c.last[sequence] = numbers[n-1]
	return position, numbers, nil
}

// LockedPlaces returns the position of the transaction with the highest id that has ended, or this
// one's if it is higher. Who held the caller's locks before has ended, so the position is no
// lower than that of their rows, and the numbers are higher. The horizon stays right: it is at most
// this transaction's id while it runs, and passes every id that has ended.
func (c *transaction) LockedPlaces(ctx context.Context, sequence string, n int) (int64, []int64, error) {
	if n == 0 || !c.writes {
		return c.Places(ctx, sequence, n)
	}
	list, err := listOf[[2]int64](ctx, c, `
		SELECT ARRAY[
			GREATEST(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1) + (SELECT ahead FROM positions),
			nextval('sequence_'||$1::text)]
		FROM generate_series(1, $2::bigint)`, sequence, n)
	if err != nil {
		return 0, nil, err
	}
	numbers := make([]int64, n)
	for i, one := range list {
		numbers[i] = one[1]
	}
	return list[0][0], numbers, nil
}

const nextNumbers = `SELECT nextval('sequence_'||$1::text) FROM generate_series(1, $2::bigint)`

// Reserve queues a statement that draws numbers.
func (c *transaction) Reserve(sequence string, n int) {
	if c.reserved == nil {
		c.reserved, c.asked = make(map[string][]int64), make(map[string]bool)
	}
	c.asked[sequence] = true
	q := engine.Queued{SQL: nextNumbers, Args: []any{sequence, n}}
	c.waiting = append(c.waiting, waiting{Queued: q, read: func(rows pgx.Rows) error {
		numbers, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		c.reserved[sequence] = append(c.reserved[sequence], numbers...)
		return err
	}})
}

// Next draws numbers, or returns reserved ones.
func (c *transaction) Next(ctx context.Context, sequence string, n int) ([]int64, error) {
	if c.asked[sequence] {
		if err := c.flush(ctx); err != nil {
			return nil, c.explain(err)
		}
		delete(c.asked, sequence)
	}
	if has := c.reserved[sequence]; len(has) >= n {
		c.reserved[sequence] = has[n:]
		return has[:n:n], nil
	}
	return listOf[int64](ctx, c, nextNumbers, sequence, n)
}

// Position returns the transaction's id, offset by the ids of earlier servers. It orders the
// transaction among the others: every transaction with an id below pg_snapshot_xmin has ended.
// Sequence numbers alone are not enough, because transactions end in another order than they draw
// them.
func (c *transaction) Position(ctx context.Context) (int64, error) {
	if !c.writes {
		return 0, engine.ErrReadOnly
	}
	if !c.begun() {
		if err := c.flush(ctx); err != nil {
			return 0, c.explain(err)
		}
	}
	return c.position, nil
}
