package podium_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// size counts what a package holds without its tests.
type size struct{ files, lines, names int }

// largest limits every package under internal/pod. A reader must be able to keep a package in mind.
var largest = size{files: 30, lines: 3000, names: 60}

// larger holds the packages that are over a limit, with their present sizes. They may not grow.
// Remove an entry when its package is within the limits.
var larger = map[string]size{}

// TestSizesOfPackages checks the number of files, lines and exported names of each package.
func TestSizesOfPackages(t *testing.T) {
	t.Parallel()
	for _, dir := range list(t, "-f", "{{.Dir}}", "./internal/pod/...") {
		got := sizeOf(t, dir)
		name := dir[strings.Index(dir, "internal/pod"):]
		limit, known := larger[name]
		if !known {
			limit = largest
		}
		if got.files > limit.files || got.lines > limit.lines || got.names > limit.names {
			t.Errorf("%s has %d files, %d lines and %d exported names; the limits are %d, %d and %d",
				name, got.files, got.lines, got.names, limit.files, limit.lines, limit.names)
		}
		if known && got.files <= largest.files && got.lines <= largest.lines && got.names <= largest.names {
			t.Errorf("%s is within the limits: remove it from the list of larger packages", name)
		}
	}
}

// sizeOf measures the package in a folder.
func sizeOf(t *testing.T, dir string) size {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var s size
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.files++
		s.lines += bytes.Count(text, []byte("\n"))
		for _, d := range file.Decls {
			s.names += exportedIn(d)
		}
	}
	return s
}

// exportedIn counts the exported names that a declaration adds to its package. Methods do not
// count.
func exportedIn(d ast.Decl) (n int) {
	if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
		return 1
	}
	g, ok := d.(*ast.GenDecl)
	if !ok {
		return 0
	}
	for _, s := range g.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() {
				n++
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() {
					n++
				}
			}
		}
	}
	return n
}
