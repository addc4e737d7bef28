package apps

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"podium/internal/wire"
)

// walk is a listing of an application's users, whose pages a client reads one after another.
type walk struct {
	company   wire.CompanyID
	app       string
	installed string // "true", "false" or empty
	direction Direction
	size      int
}

func installedAs(installed *bool) string {
	switch {
	case installed == nil:
		return ""
	case *installed:
		return "true"
	}
	return "false"
}

// spot is where a page begins: behind a user, or, while that is not known, behind so many.
type spot struct {
	after wire.UserID
	skip  int64
	total int64
	at    wire.Time // when the page before was read
}

// walks remembers where the pages begin that follow those read lately, with the total that the
// first was told. The published paging counts pages, and to count the users before a page takes
// the longer the further it is; behind a user, the next page is found at once. A node
// that does not remember counts.
type walks struct {
	once   sync.Once
	recent *lru.Cache[step, spot]
}

type step struct {
	walk
	page int
}

const (
	maxWalks  = 4096
	walkFresh = time.Minute // how long a client may take from one page to the next
)

func (w *walks) cache() *lru.Cache[step, spot] {
	w.once.Do(func() {
		recent, err := lru.New[step, spot](maxWalks)
		if err != nil {
			panic(err) // the size is wrong
		}
		w.recent = recent
	})
	return w.recent
}

func (w *walks) at(of walk, page int, now wire.Time) (spot, bool) {
	if page == 0 {
		return spot{}, false
	}
	s, ok := w.cache().Get(step{of, page})
	return s, ok && now < s.at.Add(walkFresh)
}

func (w *walks) put(of walk, page int, s spot) { w.cache().Add(step{of, page}, s) }
