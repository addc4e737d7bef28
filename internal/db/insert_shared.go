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

// sharedColumns returns the columns whose value all rows share. An import's rows share most: absent
// values and the time.
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

// maxMasks is the most sets of shared columns of the statements for one table: each is another
// statement to prepare and keep.
const maxMasks = 8

// masks holds the sets of shared columns that statements use.
var masks = maskTable{by: make(map[string][]columns)}

type maskTable struct {
	mu sync.Mutex
	by map[string][]columns // by the beginning of the statement
}

// of returns the set to use for rows that share these columns: exactly these or, if there are too
// many sets, the largest known subset, which may be empty.
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
