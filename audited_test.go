package podium_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"podium/internal/pod/audit"
)

// Every kind of fact in the whole program is in the audit trail under a name, or is listed as
// one that does not, with the reason. A new kind is decided upon in internal/pod/audit/actions.go.
func TestEveryKindOfFactIsAuditedOrNot(t *testing.T) {
	t.Parallel()
	kinds := kindsOfFacts(t)
	if len(kinds) < 10 {
		t.Fatalf("only %d kinds of facts were found", len(kinds))
	}
	for kind, where := range kinds {
		reason, not := audit.NotAudited[kind]
		switch {
		case audit.Audits(kind) && not:
			t.Errorf("the fact %s (%s) is both audited and not", kind, where)
		case !audit.Audits(kind) && reason == "":
			t.Errorf("whether the fact %s (%s) is audited is not said: add it to actions or, with a reason, to NotAudited in internal/pod/audit/actions.go", kind, where)
		}
	}
}

// kindsOfFacts is what every method Kind() string of the program returns, and the file that declares it.
func kindsOfFacts(t *testing.T) map[string]token.Position {
	t.Helper()
	kinds := map[string]token.Position{}
	files := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "." {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			if method, ok := declared.(*ast.FuncDecl); ok && isKind(method) {
				where := files.Position(method.Pos())
				kind, ok := literal(method)
				if !ok {
					t.Errorf("%s: Kind returns its name and no more: return \"chapter.whatHappened\"", where)
				}
				if other, twice := kinds[kind]; twice {
					t.Errorf("%s: the kind %q is taken at %s", where, kind, other)
				}
				kinds[kind] = where
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

// isKind tells whether a function is a method Kind() string.
func isKind(f *ast.FuncDecl) bool {
	if f.Recv == nil || f.Name.Name != "Kind" || len(f.Type.Params.List) > 0 || f.Type.Results == nil || len(f.Type.Results.List) != 1 {
		return false
	}
	result, ok := f.Type.Results.List[0].Type.(*ast.Ident)
	return ok && result.Name == "string"
}

// literal is the text that a function returns, if that is all it does.
func literal(f *ast.FuncDecl) (string, bool) {
	if f.Body == nil || len(f.Body.List) != 1 {
		return "", false
	}
	returns, ok := f.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(returns.Results) != 1 {
		return "", false
	}
	text, ok := returns.Results[0].(*ast.BasicLit)
	if !ok || text.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(text.Value)
	return value, err == nil
}
