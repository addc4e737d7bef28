package transcript

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// placeholders match any value of a kind.
var placeholders = map[string]func(value) bool{
	"<string>": func(v value) bool { return v.kind == str },
	"<number>": func(v value) bool { return v.kind == number },
	"<time>":   isTime,
	"<token>":  func(v value) bool { return v.kind == str && token.MatchString(v.text) },
	"<any>":    func(value) bool { return true },
}

var token = regexp.MustCompile(`^(Bearer )?[!-~]{16,}$`)

// The range of milliseconds that count as a time: from 2000 to 2100.
const earliest, latest = 946684800000, 4102444800000

func isTime(v value) bool {
	if v.kind == number {
		n, err := strconv.ParseInt(v.text, 10, 64)
		return err == nil && n >= earliest && n < latest
	}
	_, err := time.Parse(time.RFC3339, v.text)
	return v.kind == str && err == nil
}

// differences lists where an answer differs from what is expected. The variables in expected are
// expanded.
func differences(expected, got value, path string) []string {
	if matches, ok := placeholders[expected.text]; ok && expected.kind == str {
		if matches(got) {
			return nil
		}
		return []string{fmt.Sprintf("%s: expected %s, got %s", place(path), expected.text, inline(got))}
	}
	if expected.kind != got.kind {
		return []string{fmt.Sprintf("%s: expected %s, got %s", place(path), inline(expected), inline(got))}
	}
	var found []string
	switch expected.kind {
	case object:
		for _, m := range expected.members {
			if v := got.member(m.name); v != nil {
				found = append(found, differences(m.value, *v, path+"."+m.name)...)
			} else {
				found = append(found, fmt.Sprintf("%s.%s: missing", path, m.name))
			}
		}
		for _, m := range got.members {
			if expected.member(m.name) == nil {
				found = append(found, fmt.Sprintf("%s.%s: not expected, got %s", path, m.name, inline(m.value)))
			}
		}
	case array:
		for i := range min(len(expected.items), len(got.items)) {
			found = append(found, differences(expected.items[i], got.items[i], fmt.Sprintf("%s[%d]", path, i))...)
		}
		if len(expected.items) != len(got.items) {
			found = append(found, fmt.Sprintf("%s: expected %d items, got %d", place(path), len(expected.items), len(got.items)))
		}
	default:
		if expected.text != got.text {
			found = append(found, fmt.Sprintf("%s: expected %s, got %s", place(path), inline(expected), inline(got)))
		}
	}
	return found
}

func place(path string) string {
	if path == "" {
		return "the body"
	}
	return path
}

// headerMatches reports whether a header is as expected.
func headerMatches(expected, got string) bool {
	if matches, ok := placeholders[expected]; ok {
		v := value{kind: str, text: got}
		if _, err := strconv.ParseInt(got, 10, 64); err == nil && expected != "<string>" && expected != "<token>" {
			v.kind = number
		}
		return matches(v)
	}
	return expected == got
}
