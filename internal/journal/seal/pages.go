package seal

// pageSize is how many rows are read at once.
const pageSize = 1000

// pages returns the rows of a table one by one, and reads them in pages.
type pages[T any] struct {
	read func(after *T, limit int) ([]T, error) // after is nil for the first page
	rows []T
	at   int
	last *T // the last row read
	done bool
}

func newPages[T any](read func(after *T, limit int) ([]T, error)) *pages[T] {
	return &pages[T]{read: read}
}

// peek returns the row that next will return; nil at the end.
func (p *pages[T]) peek() (*T, error) { return p.see(0) }

// peekBehind returns the row after that.
func (p *pages[T]) peekBehind() (*T, error) { return p.see(1) }

// next returns the next row; nil at the end. It stays valid until the call after the next.
func (p *pages[T]) next() (*T, error) {
	row, err := p.see(0)
	if row != nil {
		p.at++
	}
	return row, err
}

func (p *pages[T]) see(ahead int) (*T, error) {
	for p.at+ahead >= len(p.rows) && !p.done {
		more, err := p.read(p.last, pageSize)
		if err != nil {
			return nil, err
		}
		p.done = len(more) < pageSize
		if len(more) > 0 {
			p.last = &more[len(more)-1]
		}
		p.rows, p.at = append(p.rows[p.at:len(p.rows):len(p.rows)], more...), 0
	}
	if p.at+ahead >= len(p.rows) {
		return nil, nil
	}
	return &p.rows[p.at+ahead], nil
}
