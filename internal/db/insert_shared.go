package db

import (
	"math/bits"
	"reflect"
	"slices"
	"sync"
)

// columns is a set of the first 64 columns of a row.
type columns uint64

func (c columns) has(i int) bool { return i < 64 && c&(1<<i) != 0 }

// sharedColumns is the columns whose value all rows have. An import's rows share most: what the file does not
// say, and when it was said.
func sharedColumns(rows [][]any) columns {
	var shared columns
	for i, value := range rows[0][:min(64, len(rows[0]))] {
		if isShared(value, i, rows[1:]) {
			shared |= 1 << i
		}
	}
	return shared
}

func isShared(value any, column int, rows [][]any) bool {
	if value != nil && !reflect.TypeOf(value).Comparable() {
		return false
	}
	for _, row := range rows {
		if row[column] != value {
			return false
		}
	}
	return true
}

// maxMasks is how many sets of shared columns the statements for one table may have: each is a statement
// more to be prepared and kept.
const maxMasks = 8

// masks is the sets of shared columns that statements have so far.
var masks = maskTable{by: make(map[string][]columns)}

type maskTable struct {
	mu sync.Mutex
	by map[string][]columns // by how the statement begins
}

// of is the set that a statement should go by whose rows share these columns: just these, or, where
// there are too many sets already, the one of them that has most of these and no others; none, if there is no such one.
func (t *maskTable) of(into string, shared columns) (best columns) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.by[into]
	if slices.Contains(known, shared) {
		return shared
	}
	if len(known) < maxMasks {
		t.by[into] = append(known, shared)
		return shared
	}
	for _, mask := range known {
		if mask&^shared == 0 && bits.OnesCount64(uint64(mask)) > bits.OnesCount64(uint64(best)) {
			best = mask
		}
	}
	return best
}
