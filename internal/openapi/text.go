package openapi

import (
	"cmp"
	"slices"
	"strings"

	"podium/internal/op"
)

// OperationsText returns the table docs/operations.txt: one operation a line, with its id, method,
// path, right and chapter, separated by tabs. It is sorted by path, then method, so that related
// operations are together and a renamed operation keeps its line.
func OperationsText(operations []op.Bound) string {
	sorted := slices.Clone(operations)
	slices.SortFunc(sorted, func(a, b op.Bound) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	var text strings.Builder
	text.WriteString("# id\tmethod\tpath\tright\tchapter\n")
	for _, b := range sorted {
		text.WriteString(strings.Join([]string{b.ID, b.Method, b.Path, b.Needs.String(), b.Chapter}, "\t"))
		text.WriteByte('\n')
	}
	return text.String()
}
