package apps

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"podium/internal/wire"
)

// walk is a listing of an application's users, whose pages a client reads in sequence.
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

// spot is where a page begins: after a user or, while that user is unknown, after a number of
// users.
type spot struct {
	after wire.UserID
	skip  int64
	total int64
	at    wire.Time // when the previous page was read
}

// walks caches where the pages begin that follow recently read ones, with the total of the first
// page. The published paging counts pages, and counting the users before a page takes longer the
// further it is. After a known user, the next page is found at once. Without a cached entry a node
// counts.
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
			panic(err) // the size is not positive
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
