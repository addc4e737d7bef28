package db

import (
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"
)

// poolBlock is how many numbers of a sequence a node takes at once for Tx.Places.
const poolBlock = 64

// pools is the numbers, rising, of each sequence that this node has taken and not given yet.
type pools struct {
	mu   sync.Mutex
	left map[string][]int64
}

// take returns n numbers above a number, or nil if there are not so many.
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

// places is Tx.Places on PostgreSQL: a round trip for each poolBlock numbers.
func (p *pools) places(tx *Tx, sequence string, n int) (int64, []int64, error) {
	c := tx.conn.(*pgConn)
	numbers := p.take(sequence, n, c.last[sequence])
	if numbers == nil {
		block, err := All(tx, ScanValue[int64], nextNumbers, sequence, max(n, poolBlock))
		if err != nil {
			return 0, nil, err
		}
		numbers = block[:n:n]
		p.put(sequence, block[n:])
	}
	position, err := tx.Position()
	if err != nil || n == 0 {
		return position, numbers, err
	}
	if c.last == nil {
		c.last = make(map[string]int64)
	}
	c.last[sequence] = numbers[n-1]
	return position, numbers, nil
}

const nextNumbers = `SELECT nextval('sequence_'||$1::text) FROM generate_series(1, $2::bigint)`

// reserve is Tx.Reserve on PostgreSQL.
func reserve(tx *Tx, sequence string, n int) {
	c := tx.conn.(*pgConn)
	if c.reserved == nil {
		c.reserved, c.asked = make(map[string][]int64), make(map[string]bool)
	}
	c.asked[sequence] = true
	c.waiting = append(c.waiting, queued{sql: nextNumbers, args: []any{sequence, n}, read: func(rows pgx.Rows) error {
		numbers, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		c.reserved[sequence] = append(c.reserved[sequence], numbers...)
		return err
	}})
}

// next is Tx.NextMany on PostgreSQL.
func next(tx *Tx, sequence string, n int) ([]int64, error) {
	c := tx.conn.(*pgConn)
	if c.asked[sequence] {
		if err := c.flush(tx.ctx); err != nil {
			return nil, tx.explain(err)
		}
		delete(c.asked, sequence)
	}
	if has := c.reserved[sequence]; len(has) >= n {
		c.reserved[sequence] = has[n:]
		return has[:n:n], nil
	}
	return All(tx, ScanValue[int64], nextNumbers, sequence, n)
}
