package podium_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"podium/internal/op"
	"podium/internal/openapi"
	"podium/internal/openapi/published"
	"podium/internal/pod"
)

// docs/compatibility.md says of each published operation whether it is answered, and which SDKs
// show it. It is generated (make update) out of the published description, docs/differences.txt and
// e2e/calls.txt.
func TestCompatibility(t *testing.T) {
	t.Parallel()
	spec := published.Load(t)
	if spec == nil {
		return // Load has said that there is nothing to tell of
	}
	c := compatibility{answered: map[string]op.Bound{}, reasons: reasons(t), calls: map[string][]string{}}
	for _, o := range pod.Catalogue() {
		c.answered[route(o.Method, o.Path)] = o
	}
	for id, kits := range rows(t, "e2e/calls.txt") {
		c.calls[id] = strings.Fields(kits)
		for _, kit := range c.calls[id] {
			if !slices.Contains(c.kits, kit) {
				c.kits = append(c.kits, kit)
			}
		}
	}
	slices.Sort(c.kits)
	openapi.Check(t, "docs/compatibility.md", c.text(spec.Operations()))
}

type compatibility struct {
	answered map[string]op.Bound // by route
	reasons  map[string][]string // why an operation differs, by method and path
	calls    map[string][]string // the kits that call an operation, by its ID
	kits     []string
}

func (c *compatibility) text(operations []*published.Operation) string {
	areas, known := map[string][]string{}, map[string]bool{}
	var same, different, missing, shown int
	for _, o := range operations {
		area := "Other"
		if len(o.Tags) > 0 {
			area = o.Tags[0]
		}
		known[route(o.Method, o.Path)] = true
		ours, ok := c.answered[route(o.Method, o.Path)]
		state := "as published"
		switch reasons := c.reasons[ours.Method+" "+ours.Path]; {
		case !ok:
			state = "**not yet**"
			missing++
		case len(reasons) > 0:
			state = "with a difference: " + strings.Join(reasons, " ")
			different++
		default:
			same++
		}
		if len(c.calls[ours.ID]) > 0 {
			shown++
		}
		areas[area] = append(areas[area], c.row(o.Method, o.Path, state, ours.ID))
	}

	var b strings.Builder
	fmt.Fprintf(&b, `# What Podium answers, and which SDKs show it

A test generates this page from the published description of the API,
[differences.txt](differences.txt) and [the calls of the SDKs in CI](../e2e/calls.txt). Of %d
published operations

| | |
|---|---:|
| are answered as published | %d |
| are answered with a stated difference | %d |
| are not answered yet | %d |

The suites of the official SDKs, unmodified, call %d of them with success at each change
(`+"`make e2e`"+`). They use [every method](../e2e/methods.txt) that the SDKs' services have for them, for
the caller and on behalf of a user. Programs that others have published
([e2e/programs](../e2e/programs)) run on the same binary. Each transcript also compares answers with
the published shapes. Schemathesis calls all operations thousands of times with inputs made from
[our own description](openapi.json). This page gives the reason of each difference;
[differences.txt](differences.txt) lists them field by field.
`, same+different+missing, same, different, missing, shown)
	for _, area := range slices.Sorted(maps.Keys(areas)) {
		fmt.Fprintf(&b, "\n## %s\n\n", strings.ToUpper(area[:1])+area[1:])
		c.head(&b)
		for _, row := range slices.Sorted(slices.Values(areas[area])) {
			b.WriteString(row)
		}
	}
	b.WriteString("\n## Beyond the published description\n\n")
	c.head(&b)
	for _, o := range slices.SortedFunc(maps.Values(c.answered), func(a, b op.Bound) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method)) }) {
		if !known[route(o.Method, o.Path)] {
			state := strings.Join(c.reasons[o.Method+" "+o.Path], " ")
			b.WriteString(c.row(o.Method, o.Path, cmp.Or(state, "the same operation, at the key manager"), o.ID))
		}
	}
	return b.String()
}

func (c *compatibility) head(b *strings.Builder) {
	b.WriteString("| operation | answered |")
	for _, kit := range c.kits {
		name, version, _ := strings.Cut(kit, "-")
		fmt.Fprintf(b, " %s %s |", strings.ToUpper(name[:1])+name[1:], version)
	}
	b.WriteString("\n|---|---|" + strings.Repeat(":---:|", len(c.kits)) + "\n")
}

func (c *compatibility) row(method, path, state, id string) string {
	row := fmt.Sprintf("| `%s %s` | %s |", method, path, strings.ReplaceAll(state, "|", `\|`))
	for _, kit := range c.kits {
		mark := " "
		if slices.Contains(c.calls[id], kit) {
			mark = " ✓ "
		}
		row += mark + "|"
	}
	return row + "\n"
}

// route is an operation's method and path, whatever its parameters are called.
func route(method, path string) string {
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "{}"
		}
	}
	return method + " " + strings.Join(segments, "/")
}

// reasons is why operations differ, each reason once, by method and path.
func reasons(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for difference, reason := range rows(t, "docs/differences.txt") {
		name, _, _ := strings.Cut(difference, ": ")
		if !slices.Contains(all[name], reason) {
			all[name] = append(all[name], reason)
		}
	}
	for _, list := range all {
		slices.Sort(list)
	}
	return all
}

// rows is the lines of a file of two columns.
func rows(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(text)) {
		first, second, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && !strings.HasPrefix(first, "#") {
			all[first] = second
		}
	}
	return all
}
