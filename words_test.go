package podium_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// tracked lists the files of the repository: those that git knows, or, where git does not know this
// folder, all but those that .gitignore names.
func tracked(t *testing.T) []string {
	t.Helper()
	var files []string
	out, err := exec.Command("git", "ls-files", "-z").Output()
	if err != nil {
		return walked(t)
	}
	for file := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if _, err := os.Lstat(file); err == nil { // git lists deleted files until they are committed
			files = append(files, file)
		}
	}
	return files
}

// walked lists the files below this folder but those that .gitignore names.
func walked(t *testing.T) []string {
	t.Helper()
	ignored := map[string]bool{".git": true}
	var endings []string
	for line := range strings.Lines(text(t, ".gitignore")) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "*") {
			endings = append(endings, line[1:])
		} else {
			ignored[strings.Trim(line, "/")] = true
		}
	}
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ignored[path] && entry.IsDir():
			return fs.SkipDir
		case entry.IsDir() || ignored[path] || slices.Contains(endings, filepath.Ext(path)):
			return nil
		}
		files = append(files, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The files are the same whether git lists them or not.
func TestFilesAreFoundWithoutGit(t *testing.T) {
	t.Parallel()
	files := walked(t)
	for _, file := range tracked(t) {
		if !slices.Contains(files, file) {
			t.Errorf("%s is not found", file)
		}
	}
}

var (
	// codeSpan is text between backticks in Markdown, on one line.
	codeSpan = regexp.MustCompile("`[^`\n]+`")

	// fence is a block of code in Markdown.
	fence = regexp.MustCompile("(?ms)^ *```.*?^ *```")

	// link is the target of a link in Markdown, without the part after #.
	link = regexp.MustCompile(`\]\(([^)#\s]+)`)

	// pathWord is a word of a block of code or of a code span.
	pathWord = regexp.MustCompile(`[^\s"'(),;:=]+`)

	// placeholder is a part of a path that the reader fills in: CHAPTER, {name}, $package.
	placeholder = regexp.MustCompile(`(^|/)[A-Z]+(/|$)|[{<$|…]`)
)

// Documents name only files and folders that are there. A name counts as a path of the repository
// if its first part is a file or folder at the root, such as internal/op or docs/tour.md. A link
// counts in any case.
func TestDocumentsNamePathsThatExist(t *testing.T) {
	t.Parallel()
	files := tracked(t)
	paths, roots := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		for path := file; path != "."; path = filepath.Dir(path) {
			paths[path] = true
		}
		root, _, _ := strings.Cut(file, "/")
		roots[root] = true
	}
	documents := 0
	for _, file := range files {
		if filepath.Ext(file) != ".md" {
			continue
		}
		documents++
		for _, missing := range missingPaths(file, text(t, file), paths, roots) {
			t.Errorf("%s names %s, which is not in the repository", file, missing)
		}
	}
	if documents < 20 {
		t.Errorf("only %d documents were read", documents)
	}
}

// missingPaths returns the links and paths of a document that lead to nothing in paths.
func missingPaths(file, document string, paths, roots map[string]bool) []string {
	var missing []string
	for _, match := range link.FindAllStringSubmatch(document, -1) {
		if strings.Contains(match[1], "://") {
			continue
		}
		if !paths[filepath.Join(filepath.Dir(file), match[1])] {
			missing = append(missing, match[1])
		}
	}
	spans := strings.Join(fence.FindAllString(document, -1), "\n") + "\n" +
		strings.Join(codeSpan.FindAllString(fence.ReplaceAllString(document, ""), -1), "\n")
	for _, word := range pathWord.FindAllString(spans, -1) {
		path := strings.Trim(word, "`")
		path = strings.TrimSuffix(strings.TrimPrefix(path, "./"), "/...")
		root, rest, ok := strings.Cut(path, "/")
		if !ok || !roots[root] || placeholder.MatchString(rest) {
			continue
		}
		if strings.Contains(path, "*") {
			if matches, err := filepath.Glob(path); err != nil || len(matches) == 0 {
				missing = append(missing, path)
			}
			continue
		}
		if !paths[filepath.Clean(path)] {
			missing = append(missing, path)
		}
	}
	return missing
}

func TestMissingPathsAreFound(t *testing.T) {
	t.Parallel()
	paths := map[string]bool{"docs": true, "docs/tour.md": true, "internal": true, "internal/op": true}
	roots := map[string]bool{"docs": true, "internal": true}
	for document, want := range map[string]string{
		"[tour](tour.md#words) and `internal/op`":             "",
		"`go test ./internal/...`, `GET /pod/v1`, `bdk/java`": "",
		"`internal/pod/CHAPTER`, `internal/pod/<name>`":       "",
		"[tour](torn.md)":                            "torn.md",
		"see `internal/opp`":                         "internal/opp",
		"```sh\ngo test ./internal/gone -run X\n```": "internal/gone",
		"`docs/*.nothing`":                           "docs/*.nothing",
		"https://example.com/docs/x [a](http://b/c)": "",
	} {
		if got := strings.Join(missingPaths("docs/a.md", document, paths, roots), " "); got != want {
			t.Errorf("missing in %q: got %q, want %q", document, got, want)
		}
	}
}

// text returns the content of a file.
func text(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// The limits of words that hide who does what, and of long lines of comments. They may only fall.
const (
	mostVagueWords   = 39
	mostLongComments = 0
)

// vague matches words that take the place of a precise noun or verb. They are put together here so
// that this file has none.
var vague = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{"some" + "body", "no" + "body", "who" + "ever", "a" + "new", "stand" + "s"}, "|") + `)\b`)

// The sentences of the repository name the subject and say the verb.
func TestFewVagueWords(t *testing.T) {
	t.Parallel()
	var found []string
	for _, file := range tracked(t) {
		content := text(t, file)
		if strings.Contains(content, "\x00") {
			continue // not a text
		}
		number := 0
		for line := range strings.Lines(content) {
			number++
			for range vague.FindAllString(line, -1) {
				found = append(found, fmt.Sprintf("%s:%d: %s", file, number, strings.TrimSpace(line)))
			}
		}
	}
	if len(found) > mostVagueWords {
		t.Errorf("%d vague words, at most %d are allowed:\n%s", len(found), mostVagueWords, strings.Join(found, "\n"))
	}
}

// Lines of comments and of documents have at most 100 characters. Tables, blocks of code and links
// of documents cannot be broken and are left out.
func TestLinesAreShort(t *testing.T) {
	t.Parallel()
	var comments []string
	for _, file := range tracked(t) {
		extension := filepath.Ext(file)
		if extension != ".go" && extension != ".md" {
			continue
		}
		content := text(t, file)
		if extension == ".md" {
			content = fence.ReplaceAllStringFunc(content, func(block string) string {
				return strings.Repeat("\n", strings.Count(block, "\n"))
			})
		}
		number := 0
		for line := range strings.Lines(content) {
			number++
			line = strings.TrimSuffix(line, "\n")
			if utf8.RuneCountInString(line) <= 100 {
				continue
			}
			place := fmt.Sprintf("%s:%d: %s", file, number, line)
			switch {
			case extension == ".go" && strings.HasPrefix(strings.TrimSpace(line), "//") && !strings.HasPrefix(line, "//go:"):
				comments = append(comments, place)
			case extension == ".md" && !strings.HasPrefix(line, "|"):
				t.Errorf("a line of a document is longer than 100 characters: %s", place)
			}
		}
	}
	if len(comments) > mostLongComments {
		t.Errorf("%d lines of comments are longer than 100 characters, at most %d may be:\n%s",
			len(comments), mostLongComments, strings.Join(comments, "\n"))
	}
}
