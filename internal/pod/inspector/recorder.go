package inspector

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

// Whose says whose calls are recorded.
type Whose string

// What Whose may be.
const (
	None     Whose = ""         // no calls: the inspector is off
	Services Whose = "services" // those of service accounts and applications
	All      Whose = "all"      // those of people too
)

// bounds limits what a node records. The oldest calls make room for new ones.
type bounds struct {
	calls int // of a company
	bytes int // of a company, about
	node  int // bytes of all companies
}

// ownShare is how many of the last calls of an account stay, however many others make.
const ownShare = 20

// Recorder keeps the last calls of each company in the memory of this node.
type Recorder struct {
	Node string // the node's name

	whose Whose
	bounds
	since wire.Time
	run   string // distinguishes the ids of calls from those of other nodes and earlier runs

	mu        sync.Mutex
	last      int64 // the number of the newest call
	held      int   // bytes of all companies
	companies map[wire.CompanyID]*record
}

// record holds the calls of one company.
type record struct {
	calls  []*Detail // in the order in which they ended
	bytes  int
	counts map[account]int
	names  map[string]wire.UserID // of callers, by user name
	usage  map[account]*usage
	woken  map[chan struct{}]bool // of those who watch
}

// account is whose call it is: a user's, or an application's own.
type account struct {
	user wire.UserID
	app  string
}

func (d *Detail) account() account {
	if d.User != 0 {
		return account{user: d.User}
	}
	return account{app: d.App}
}

// NewRecorder returns a recorder; nil for None.
func NewRecorder(whose Whose, node string) *Recorder {
	if whose == None {
		return nil
	}
	return &Recorder{
		Node: node, whose: whose, since: wire.TimeOf(time.Now()), run: strconv.FormatUint(rand.Uint64(), 36),
		companies: make(map[wire.CompanyID]*record), bounds: bounds{calls: 1000, bytes: 8 << 20, node: 64 << 20},
	}
}

// maxFeed is how many bytes of a feed's answer are read for its events.
const maxFeed = 2 << 20

// Keep returns how much of the bodies of an operation Inspect needs.
func (r *Recorder) Keep(b *op.Bound) (sent, answered int) {
	switch {
	case b != nil && b.Chapter == chapter:
		return 0, 0
	case b != nil && b.Chapter == feedChapter:
		return MaxBody, maxFeed
	}
	return MaxBody, MaxBody
}

// chapter is the chapter of the inspector's own operations, which are not recorded: to look at a
// record would change it.
const chapter = "inspector"

// Inspect records an exchange.
func (r *Recorder) Inspect(in op.Inspected) {
	c := in.Caller
	if c.Company == 0 || in.Operation != nil && in.Operation.Chapter == chapter || !r.records(c) {
		return
	}
	d := detailOf(in)
	r.mu.Lock()
	defer r.mu.Unlock()
	held := r.of(c.Company)
	login := in.Operation != nil && in.Operation.Login // its bodies hold secrets alone, which are masked
	if known := held.identify(d); !known && !login && r.whose == Services {
		return // of a person, perhaps
	}
	r.last++
	d.number, d.ID, d.Node = r.last, r.id(r.last), r.Node
	held.acknowledge(d)
	held.note(in, d)
	held.calls = append(held.calls, d)
	held.counts[d.account()]++
	held.bytes += d.size
	r.held += d.size
	for len(held.calls) > r.calls || held.bytes > r.bounds.bytes {
		r.held -= held.forget()
	}
	for r.held > r.node {
		r.held -= r.largest().forget()
	}
	for woken := range held.woken {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
}

// of returns the record of a company, which it creates if necessary. The caller holds mu.
func (r *Recorder) of(company wire.CompanyID) *record {
	held := r.companies[company]
	if held == nil {
		held = &record{
			counts: make(map[account]int), names: make(map[string]wire.UserID), usage: make(map[account]*usage), woken: make(map[chan struct{}]bool),
		}
		r.companies[company] = held
	}
	return held
}

// records reports whether the calls of a caller are recorded. Of a caller without a session that is
// not known yet.
func (r *Recorder) records(c auth.Caller) bool {
	return r.whose == All || c.Kind == "" || c.Kind == auth.AppSession || c.Kind != auth.OnBehalfSession && c.AccountType == auth.System
}

// maxNames is how many user names a record knows.
const maxNames = 10_000

// identify completes whose call it is. It reports whether the caller is known to be one whose
// calls are recorded in any case: not a person.
func (held *record) identify(d *Detail) bool {
	if d.Session != "" {
		if d.User != 0 && d.Username != "" && len(held.names) < maxNames {
			held.names[d.Username] = d.User
		}
		return true
	}
	if d.User == 0 {
		d.User = held.names[d.Username]
	}
	_, known := held.names[d.Username]
	return known || d.Username == "" && d.User == 0
}

// acknowledge marks the read whose events a call acknowledges.
func (held *record) acknowledge(d *Detail) {
	if d.acks == "" || d.Status != 200 {
		return
	}
	for i := len(held.calls) - 1; i >= 0; i-- {
		earlier := held.calls[i]
		if earlier.AckID != d.acks || earlier.User != d.User || earlier.Acknowledged != 0 {
			continue
		}
		acknowledged := *earlier // readers may hold the other
		acknowledged.Acknowledged, acknowledged.By = d.Timestamp, d.ID
		held.calls[i] = &acknowledged
		return
	}
}

// forget removes the oldest call of an account with more than its own share, or, if there is none,
// the oldest. It returns how many bytes that frees.
func (held *record) forget() int {
	oldest := 0
	for i, d := range held.calls {
		if held.counts[d.account()] > ownShare {
			oldest = i
			break
		}
	}
	d := held.calls[oldest]
	held.calls = append(held.calls[:oldest], held.calls[oldest+1:]...)
	if held.counts[d.account()]--; held.counts[d.account()] == 0 {
		delete(held.counts, d.account())
	}
	held.bytes -= d.size
	return d.size
}

// largest returns the record with the most bytes.
func (r *Recorder) largest() *record {
	var most *record
	for _, held := range r.companies {
		if len(held.calls) > 0 && (most == nil || held.bytes > most.bytes) {
			most = held
		}
	}
	return most
}

func (r *Recorder) id(number int64) string { return r.run + "-" + strconv.FormatInt(number, 10) }

// number returns the number of a call of this run of this node; ok is false for any other id.
func (r *Recorder) number(id string) (n int64, ok bool) {
	text, ok := strings.CutPrefix(id, r.run+"-")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// find returns a call of a company by its id; nil if it is not there.
func (r *Recorder) find(company wire.CompanyID, id string) *Detail {
	number, ok := r.number(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	held := r.companies[company]
	if held == nil || !ok {
		return nil
	}
	for _, d := range held.calls {
		if d.number == number {
			return d
		}
	}
	return nil
}

// before returns at most limit calls that a filter lets through, the newest first, of those with
// lower numbers. more reports whether there are others.
func (r *Recorder) before(company wire.CompanyID, number int64, limit int, f filter) (list []Call, more bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := r.companies[company]
	if held == nil {
		return nil, false
	}
	for i := len(held.calls) - 1; i >= 0; i-- {
		d := held.calls[i]
		if d.number >= number || !f.passes(d) {
			continue
		}
		if len(list) == limit {
			return list, true
		}
		list = append(list, d.Call)
	}
	return list, false
}

// after returns the calls that a filter lets through with higher numbers, the oldest first, and the
// number of the newest call.
func (r *Recorder) after(company wire.CompanyID, number int64, f filter) (list []Call, last int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := r.companies[company]
	if held == nil {
		return nil, r.last
	}
	first := len(held.calls)
	for first > 0 && held.calls[first-1].number > number {
		first--
	}
	for _, d := range held.calls[first:] {
		if f.passes(d) {
			list = append(list, d.Call)
		}
	}
	return list, r.last
}

// newest returns the number of the newest call.
func (r *Recorder) newest() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// listen returns a channel that receives when a company has new calls, until leave is called.
func (r *Recorder) listen(company wire.CompanyID) (woken <-chan struct{}, leave func()) {
	c := make(chan struct{}, 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	held := r.of(company)
	held.woken[c] = true
	return c, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(held.woken, c)
	}
}
