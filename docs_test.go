package podium_test

import (
	"bytes"
	"context"
	"testing"

	"podium/internal/journal"
	"podium/internal/openapi"
	"podium/internal/pod"
)

// docs/operations.txt, docs/openapi.json and docs/facts.md are generated (make update), and
// reviewed like code: a change of a route, a right, a shape or a fact is seen there.
func TestGeneratedDocs(t *testing.T) {
	t.Parallel()
	operations := pod.Catalogue()
	openapi.Check(t, "docs/operations.txt", openapi.OperationsText(operations))

	kinds, err := journal.NewKinds(pod.Facts()...)
	if err != nil {
		t.Fatal(err)
	}
	openapi.Check(t, "docs/facts.md", kinds.Text()+pod.NewsText())

	document := openapi.Describe(operations, pod.Info())
	if err := document.Validate(context.Background()); err != nil {
		t.Errorf("the API description is not a valid OpenAPI document: %v", err)
	}
	var text bytes.Buffer
	if err := openapi.WriteJSON(&text, document); err != nil {
		t.Fatal(err)
	}
	openapi.Check(t, "docs/openapi.json", text.String())
}

func TestOperationsAreDistinct(t *testing.T) {
	t.Parallel()
	ids, routes := map[string]bool{}, map[string]bool{}
	for _, o := range pod.Catalogue() {
		if ids[o.ID] || routes[o.Method+" "+o.Path] {
			t.Errorf("operation %s (%s %s) is there twice", o.ID, o.Method, o.Path)
		}
		ids[o.ID], routes[o.Method+" "+o.Path] = true, true
	}
}
