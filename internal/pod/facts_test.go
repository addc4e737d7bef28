package pod_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"podium/internal/op"
	"podium/internal/pod"
	"podium/podtest"
)

// witness compares all tables before and after each call of the transcripts. If a row was added,
// removed or changed, the call must have recorded a fact of a kind that describes it. Every
// operation must succeed once, and every one that may change rows must change some; exceptions are
// listed with a reason.
type witness struct {
	transcripts int                 // that have been seen whole
	operations  map[string]op.Bound // by method and path, as the mux names them
	mux         *http.ServeMux

	mu        sync.Mutex
	succeeded map[string]bool // operations
	changed   map[string]bool // operations
	kinds     map[string]bool // of recorded facts
	// tables, with the operations that changed them without a fact
	untold map[string]map[string]bool
}

func newWitness() *witness {
	w := &witness{
		operations: map[string]op.Bound{}, mux: http.NewServeMux(), succeeded: map[string]bool{}, changed: map[string]bool{},
		kinds: map[string]bool{}, untold: map[string]map[string]bool{},
	}
	for _, o := range pod.Catalogue() {
		w.operations[o.Method+" "+o.Path] = o
		w.mux.HandleFunc(o.Method+" "+o.Path, http.NotFound)
	}
	return w
}

// wholly notes that a transcript has come to its end.
func (w *witness) wholly() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.transcripts++
}

// compare returns a function that compares the tables after each call of a transcript.
func (w *witness) compare(t *testing.T, p *podtest.Pod) func(method, path string, status int, body []byte) error {
	before := p.Tables(countersOnly...)
	return func(method, path string, status int, _ []byte) error {
		after := p.Tables(countersOnly...)
		changes := before.Changed(after)
		before = after
		r, err := http.NewRequest(method, path, nil)
		if err != nil {
			return err
		}
		_, pattern := w.mux.Handler(r)
		w.note(t, w.operations[pattern], status, changes)
		return nil
	}
}

func (w *witness) note(t *testing.T, o op.Bound, status int, changes []podtest.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if status < 300 {
		w.succeeded[o.ID] = true
	}
	kinds := recorded(changes)
	for _, kind := range kinds {
		w.kinds[kind] = true
	}
	for _, c := range changes {
		w.changed[o.ID] = true
		if _, ok := toldBy[c.Table]; !ok {
			t.Errorf("%s changes the table %s, of which nothing is said: which facts tell its changes?", o.ID, c.Table)
		} else if o.Reads {
			t.Errorf("%s is a read and changes %s", o.ID, c)
		} else if told(c.Table, kinds) {
			continue
		} else if noFact[c.Table][o.ID] == "" {
			t.Errorf("%s (%d) recorded %v, and none of it tells the change of %s", o.ID, status, kinds, c)
		} else {
			w.see(c.Table, o.ID)
		}
	}
}

func (w *witness) see(table, operation string) {
	if w.untold[table] == nil {
		w.untold[table] = map[string]bool{}
	}
	w.untold[table][operation] = true
}

var kindOf = regexp.MustCompile(`"kind":'([^']*)'`)

// recorded returns the kinds of added facts. A happening counts as one.
func recorded(changes []podtest.Change) []string {
	kinds := map[string]bool{}
	for _, c := range changes {
		if c.Table == "happenings" && len(c.Come) > 0 {
			kinds["happening"] = true
		}
		if c.Table == "events" && len(c.Gone) == 0 {
			for _, row := range c.Come {
				if found := kindOf.FindStringSubmatch(row); found != nil {
					kinds[found[1]] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

// told reports whether one of the kinds describes a table's changes.
func told(table string, kinds []string) bool {
	for _, kind := range kinds {
		for _, prefix := range strings.Fields(toldBy[table]) {
			if strings.HasPrefix(kind, prefix) {
				return true
			}
		}
	}
	return false
}

// wantAll fails the test for each operation that never succeeded or changed nothing, and for each
// unused exception.
func (w *witness) wantAll(t *testing.T) {
	for _, o := range w.operations {
		without := notCalled[o.ID]
		switch {
		case !w.succeeded[o.ID] && without == "":
			t.Errorf("no call of %s succeeds in any transcript", o.ID)
		case w.succeeded[o.ID] && without != "":
			t.Errorf("%s is called with success: strike it from notCalled", o.ID)
		case !o.Reads && without == "" && w.changed[o.ID] == (changesNothing[o.ID] != ""):
			t.Errorf("%s, which is no read, changes rows: %v; changesNothing says: %q", o.ID, w.changed[o.ID], changesNothing[o.ID])
		}
	}
	for table, operations := range noFact {
		for operation := range operations {
			if !w.untold[table][operation] {
				t.Errorf("%s does not change %s without a fact: strike it from noFact", operation, table)
			}
		}
	}
	if len(w.kinds) < 50 {
		t.Errorf("only %d kinds of facts were recorded", len(w.kinds))
	}
}
