package follow

import "context"

// PageSize is how many rows a reader reads at once, unless it has a reason for another number.
const PageSize = 1000

// Page is what a reader reads at once.
type Page[T any] struct {
	Rows []T
	Last Cursor // of the last row; without rows it is not used
	More bool   // there are no rows below the horizon, but some above it
}

// Reader follows rows from a cursor on: it hands over each row once, in order.
type Reader[T any] struct {
	Loop

	// Read returns the rows after a cursor. On an error the reader waits as after an empty page,
	// and reads again.
	Read func(ctx context.Context, after Cursor) (Page[T], error)

	// Take receives the rows of a page, which are at least one. On an error the reader waits, and
	// reads the page again.
	Take func(ctx context.Context, rows []T) error

	// Failed, if set, is called with the errors of Read and Take, but not when ctx has ended.
	Failed func(err error)
}

// Run follows from a cursor on until ctx ends.
func (r Reader[T]) Run(ctx context.Context, from Cursor) {
	r.Loop.Run(ctx, func(ctx context.Context, _ bool) Next {
		page, err := r.Read(ctx, from)
		if err == nil && len(page.Rows) > 0 {
			err = r.Take(ctx, page.Rows)
		}
		switch {
		case err != nil:
			if r.Failed != nil && ctx.Err() == nil {
				r.Failed(err)
			}
		case len(page.Rows) > 0:
			from = page.Last
			return Again
		case page.More:
			return Later
		}
		return Woken
	})
}
