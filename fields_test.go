package podium_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// No chapter writes into another's fields after construction. What a chapter needs of others is
// given to it when it is made, and who follows its news is a list in package pod. So an assignment
// to a field of a type Service of another package fails this test.
func TestChaptersKeepTheirFields(t *testing.T) {
	t.Parallel()
	exports := make(map[string]string) // files of export data, by import path
	for _, line := range list(t, "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "./internal/pod/...") {
		path, export, _ := strings.Cut(line, " ")
		exports[path] = export
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	checked := 0
	for _, line := range list(t, "-f", "{{.ImportPath}} {{.Dir}} {{join .GoFiles \" \"}}", "./internal/pod/...") {
		words := strings.Fields(line)
		var files []*ast.File
		for _, name := range words[2:] {
			file, err := parser.ParseFile(fset, words[1]+"/"+name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		info := &types.Info{Selections: make(map[*ast.SelectorExpr]*types.Selection)}
		if _, err := (&types.Config{Importer: imports}).Check(words[0], fset, files, info); err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, written := range assigned(file) {
				if owner := serviceOf(info.Selections[written]); owner != "" && owner != words[0] {
					t.Errorf("%s: %s is a field of a service of %s, which no other package may set", fset.Position(written.Pos()), written.Sel.Name, owner)
				}
				checked++
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d assignments to fields were checked", checked)
	}
}

// newsMethod matches the method by which a type is news.
var newsMethod = regexp.MustCompile(`(?m)^func \((?:\w+ )?(\w+)\) News\(\) string`)

// News that a chapter tells has a subscriber in the list of package pod, and so is in
// docs/facts.md.
func TestNewsHasSubscribers(t *testing.T) {
	t.Parallel()
	document, found := text(t, "docs/facts.md"), 0
	for _, file := range tracked(t) {
		if !strings.HasPrefix(file, "internal/pod/") || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range newsMethod.FindAllStringSubmatch(text(t, file), -1) {
			found++
			if name := filepath.Base(filepath.Dir(file)) + "." + match[1]; !strings.Contains(document, "`"+name+"`") {
				t.Errorf("%s: %s has no subscriber in internal/pod/news.go", file, name)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d types of news were found", found)
	}
}

// assigned returns the fields that a file assigns to.
func assigned(file *ast.File) []*ast.SelectorExpr {
	var all []*ast.SelectorExpr
	ast.Inspect(file, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, left := range a.Lhs {
				if selector, ok := ast.Unparen(left).(*ast.SelectorExpr); ok {
					all = append(all, selector)
				}
			}
		}
		return true
	})
	return all
}

// serviceOf returns the package of the type Service that a selected field is of, or an empty text.
func serviceOf(s *types.Selection) string {
	if s == nil || s.Kind() != types.FieldVal {
		return ""
	}
	of := s.Recv()
	if pointer, ok := of.Underlying().(*types.Pointer); ok {
		of = pointer.Elem()
	}
	named, ok := types.Unalias(of).(*types.Named)
	if !ok || named.Obj().Name() != "Service" {
		return ""
	}
	return named.Obj().Pkg().Path()
}
