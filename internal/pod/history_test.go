package pod_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// historyClients is how many clients call concurrently while a history is recorded.
const historyClients = 8

// checkFor limits the search for an order that explains one partition of a history. The searches
// here take milliseconds; one that reaches the limit fails the test as undecided.
const checkFor = 2 * time.Minute

// twoNodes starts two nodes of a pod on one fresh database. The nodes do not notify each other.
func twoNodes(t *testing.T, kind dbtest.Kind, options ...podtest.Option) [2]*podtest.Pod {
	t.Helper()
	url := dbtest.URL(t, kind)
	first := podtest.StartOn(t, kind, append(options, podtest.FreshAt(url))...)
	second := podtest.StartOn(t, kind, append(options, podtest.OnDatabase(url))...)
	return [2]*podtest.Pod{first, second}
}

// history holds the operations of concurrent clients with the order of their calls and returns.
type history struct {
	moment atomic.Int64 // counts calls and returns; each has its own number

	mu         sync.Mutex
	operations []porcupine.Operation
}

// record performs one operation of a client and records it. call returns the inputs of the
// operation: two or more if it takes effect in steps, each between its call and its return.
func (h *history) record(client int, call func() (output any, inputs []any)) {
	called := h.moment.Add(1)
	output, inputs := call()
	returned := h.moment.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, input := range inputs {
		h.operations = append(h.operations, porcupine.Operation{ClientId: client, Input: input, Call: called, Output: output, Return: returned})
	}
}

// recordHistory lets concurrent clients act until they have performed PODIUM_HISTORY_OPERATIONS
// operations (default 400), and returns the history. Each call of act records one operation.
func recordHistory(t *testing.T, act func(h *history, client int, random *rand.Rand)) *history {
	t.Helper()
	each := number(t, "PODIUM_HISTORY_OPERATIONS", 400) / historyClients
	seed := number(t, "PODIUM_HISTORY_SEED", rand.Uint64())
	t.Logf("PODIUM_HISTORY_SEED=%d repeats what the clients draw, not how their calls meet", seed)
	h := &history{}
	var clients sync.WaitGroup
	for client := range historyClients {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(client)))
			for range max(1, each) {
				act(h, client, random)
			}
		})
	}
	clients.Wait()
	return h
}

// number reads a number from an environment variable.
func number(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// wantLinearizable fails the test unless each partition of the history is explained by the model.
// It logs a partition that is not, and draws it into the test's artifacts (go test -artifacts).
func wantLinearizable(t *testing.T, model porcupine.Model, h *history) {
	t.Helper()
	partitions := model.Partition(h.operations)
	model.Partition = nil
	for i, operations := range partitions {
		if porcupine.CheckOperationsTimeout(model, operations, checkFor) == porcupine.Ok {
			continue
		}
		result, info := porcupine.CheckOperationsVerbose(model, operations, checkFor)
		path := filepath.Join(t.ArtifactDir(), "history-"+strconv.Itoa(i)+".html")
		if err := porcupine.VisualizePath(model, info, path); err != nil {
			t.Error(err)
		}
		t.Errorf("the history is %s, drawn in %s; the search stopped here:\n%s", result, path, describe(model, around(operations, info)))
	}
}

// around returns the operations near the first return that the longest explained order leaves out.
func around(operations []porcupine.Operation, info porcupine.LinearizationInfo) []porcupine.Operation {
	explained := map[int]bool{}
	for _, order := range info.PartialLinearizations()[0] {
		if len(order) > len(explained) {
			clear(explained)
			for _, id := range order { // an index of operations
				explained[id] = true
			}
		}
	}
	var stopped *porcupine.Operation
	for i := range operations {
		if !explained[i] && (stopped == nil || operations[i].Return < stopped.Return) {
			stopped = &operations[i]
		}
	}
	if stopped == nil {
		return operations
	}
	return slices.DeleteFunc(slices.Clone(operations), func(o porcupine.Operation) bool {
		return o.Return < stopped.Call-200 || o.Call > stopped.Return
	})
}

// describe lists operations by their calls: call, return, client and what was called and answered.
func describe(model porcupine.Model, operations []porcupine.Operation) string {
	slices.SortStableFunc(operations, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	var b strings.Builder
	for _, o := range operations {
		fmt.Fprintf(&b, "%d-%d client %d: %s\n", o.Call, o.Return, o.ClientId, model.DescribeOperation(o.Input, o.Output))
	}
	return b.String()
}

// partitionBy returns a partition function: one partition for each key, in the order of the keys'
// first operations. An operation with the empty key belongs to every partition.
func partitionBy[Input any](key func(Input) string) func([]porcupine.Operation) [][]porcupine.Operation {
	return func(operations []porcupine.Operation) [][]porcupine.Operation {
		var keys []string
		for _, o := range operations {
			if k := key(o.Input.(Input)); k != "" && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
		partitions := make([][]porcupine.Operation, len(keys))
		for _, o := range operations {
			k := key(o.Input.(Input))
			for i := range keys {
				if k == "" || k == keys[i] {
					partitions[i] = append(partitions[i], o)
				}
			}
		}
		return partitions
	}
}

// handMade is a history written by hand, to test a model.
type handMade struct {
	name       string
	operations []porcupine.Operation
	want       porcupine.CheckResult
}

// wantResults fails the test unless the model judges each history as expected.
func wantResults(t *testing.T, model porcupine.Model, histories []handMade) {
	t.Helper()
	for _, h := range histories {
		if got := porcupine.CheckOperationsTimeout(model, h.operations, checkFor); got != h.want {
			t.Errorf("%s: %s instead of %s", h.name, got, h.want)
		}
	}
}

// at returns an operation of a hand-made history.
func at(called, returned int64, input, output any) porcupine.Operation {
	return porcupine.Operation{Input: input, Call: called, Output: output, Return: returned}
}
