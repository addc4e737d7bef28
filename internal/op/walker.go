package op

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/wire"
)

// walker checks a JSON body against a shape before it is decoded. It refuses what is larger, more
// or deeper than declared, and collects the members that the shape does not have. It rewrites other
// spellings to those of encoding/json: "true" to true, "7" and 7.0 to 7 where a number is expected.
//
// It reads valid JSON as encoding/json does. It leaves invalid JSON and wrong types to
// encoding/json to refuse, which checks a whole body before it decodes any of it.
type walker struct {
	data    []byte
	at      int
	depth   int
	path    []string // the names of the members that contain the value
	ignored ignored
	edits   []edit // rewritten values that do not fit in their place
	err     error
}

// edit is a value that replaces a range of bytes.
type edit struct {
	from, to int
	value    string
}

// walk checks a body and returns it in the spelling of encoding/json.
func (w *walker) walk(s *shape) ([]byte, error) {
	w.value(s)
	if w.err != nil {
		return nil, w.err
	}
	if len(w.edits) == 0 {
		return w.data, nil
	}
	var b bytes.Buffer
	from := 0
	for _, e := range w.edits {
		b.Write(w.data[from:e.from])
		b.WriteString(e.value)
		from = e.to
	}
	b.Write(w.data[from:])
	return b.Bytes(), nil
}

// value skips one value; shape nil is a value of which nothing is known.
func (w *walker) value(s *shape) {
	w.space()
	if w.at >= len(w.data) || w.err != nil {
		return
	}
	switch c := w.data[w.at]; c {
	case '{':
		w.enter(func() { w.object(s) })
	case '[':
		w.enter(func() { w.list(s) })
	case '"':
		from := w.at
		raw, escaped := w.text()
		if s != nil && w.err == nil {
			w.checkText(s, raw, escaped, from)
		}
	case ']', '}', ',', ':':
		w.at = len(w.data) // not JSON: encoding/json reports it
	default:
		from := w.at
		w.token()
		if s != nil && (c == '-' || c >= '0' && c <= '9') {
			w.checkNumber(s, w.data[from:w.at], from)
		}
	}
}

func (w *walker) enter(inside func()) {
	if w.depth++; w.depth > maxDepth {
		w.fail(apierr.Invalid("Malformed request body: it is nested more than %d deep", maxDepth))
		return
	}
	w.at++
	inside()
	w.depth--
}

// more reports whether another element or member follows, and skips the separator.
func (w *walker) more(closing byte, first bool) bool {
	w.space()
	switch {
	case w.err != nil || w.at >= len(w.data):
		return false
	case w.data[w.at] == closing:
		w.at++
		return false
	case first:
		return true
	case w.data[w.at] == ',':
		w.at++
		return true
	}
	w.at = len(w.data)
	return false
}

func (w *walker) list(s *shape) {
	var element *shape
	if s != nil && s.kind == aList {
		element = s.element
	} else {
		s = nil
	}
	n := 0
	for w.more(']', n == 0) {
		n++
		if s != nil {
			w.refuse(s, s.limits.items(n, false))
		}
		w.value(element)
	}
	if s != nil {
		w.refuse(s, s.limits.items(n, true))
	}
}

func (w *walker) object(s *shape) {
	if s != nil && s.kind == aMap {
		w.entries(s)
		return
	}
	if s != nil && s.kind != anObject {
		s = nil
	}
	var seen uint64
	for first := true; w.more('}', first); first = false {
		name, escaped := w.name()
		if s == nil || w.at >= len(w.data) {
			w.value(nil)
			continue
		}
		if escaped {
			name = unescape(name)
		}
		i, known := s.find(name)
		if !known {
			if !w.null() {
				w.ignored.add(w.path, name, s)
			}
			w.value(nil)
			continue
		}
		w.path = append(w.path, s.members[i].name)
		if seen&(1<<i) != 0 {
			w.fail(apierr.Invalid("%s: it is given twice", strings.Join(w.path, ".")))
		}
		seen |= 1 << i
		w.value(s.members[i].shape)
		w.path = w.path[:len(w.path)-1]
	}
}

// name skips the name of a member and the colon after it.
func (w *walker) name() (raw []byte, escaped bool) {
	w.space()
	if w.at < len(w.data) && w.data[w.at] == '"' {
		raw, escaped = w.text()
		w.space()
		if w.err == nil && w.at < len(w.data) && w.data[w.at] == ':' {
			w.at++
			w.space()
			return raw, escaped
		}
	}
	w.at = len(w.data) // not JSON: encoding/json reports it
	return nil, false
}

// entries skips an object whose members are those of a map.
func (w *walker) entries(s *shape) {
	n := 0
	for w.more('}', n == 0) {
		n++
		w.refuse(s, s.limits.items(n, false))
		name, escaped := w.name()
		if escaped && len(name) > maxWord {
			name = unescape(name)
		}
		if len(name) > maxWord {
			w.refuse(s, fmt.Sprintf("a name has more than %d bytes", maxWord))
		}
		w.value(s.element)
	}
	w.refuse(s, s.limits.items(n, true))
}

// find returns the index of the member with a name, as encoding/json does: the exact name first,
// then ignoring case.
func (s *shape) find(name []byte) (int, bool) {
	i, ok := s.exact[string(name)]
	if !ok {
		var space [64]byte
		i, ok = s.folded[string(appendFolded(space[:0], name))]
	}
	return i, ok
}

// appendFolded appends a name in the form that all its spellings by case share.
func appendFolded(to, name []byte) []byte {
	for i := 0; i < len(name); {
		if c := name[i]; c < utf8.RuneSelf {
			if c >= 'a' && c <= 'z' {
				c -= 'a' - 'A'
			}
			to = append(to, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(name[i:])
		for next := unicode.SimpleFold(r); ; next = unicode.SimpleFold(r) {
			if next <= r {
				r = next
				break
			}
			r = next
		}
		to = utf8.AppendRune(to, r)
		i += n
	}
	return to
}

// checkText checks a text against a shape. raw is between its quotes, the first of which is at
// from.
func (w *walker) checkText(s *shape, raw []byte, escaped bool, from int) {
	switch s.kind {
	case aBoolean:
		for _, word := range []string{"true", "false"} {
			if len(raw) == len(word) && strings.EqualFold(string(raw), word) {
				w.replace(from, word)
			}
		}
	case aNumber:
		w.checkNumber(s, raw, from)
	case aText:
		characters := func() int {
			if escaped {
				return utf8.RuneCount(unescape(raw))
			}
			return utf8.RuneCount(raw)
		}
		wrong := s.limits.length(len(raw), characters)
		if wrong == "" && (s.limits.pattern != nil || s.limits.Enum != nil) {
			if escaped {
				raw = unescape(raw)
			}
			wrong = s.limits.form(string(raw))
		}
		w.refuse(s, wrong)
	}
}

// checkNumber checks a number, or a text that may be one, against a shape. The number, or the
// text's first quote, is at from.
func (w *walker) checkNumber(s *shape, raw []byte, from int) {
	switch s.kind {
	case aText:
		w.refuse(s, s.limits.length(len(raw), func() int { return len(raw) }))
	case aNumber:
		if len(raw) == 0 || len(raw) > 64 {
			return
		}
		n, err := wire.ParseWhole(string(raw))
		if err != nil {
			return
		}
		if wrong := s.limits.number(n); wrong != "" {
			w.refuse(s, wrong)
			return
		}
		if w.data[from] == '"' || bytes.ContainsAny(raw, ".eE") {
			w.replace(from, strconv.FormatInt(n, 10))
		}
	}
}

// replace replaces the token from a byte up to the walker's position by a value.
func (w *walker) replace(from int, value string) {
	if len(value) > w.at-from {
		w.edits = append(w.edits, edit{from, w.at, value})
		return
	}
	n := copy(w.data[from:w.at], value)
	for i := from + n; i < w.at; i++ {
		w.data[i] = ' '
	}
}

func (w *walker) refuse(s *shape, wrong string) {
	if wrong != "" {
		w.fail(s.refuse(strings.Join(w.path, "."), wrong))
	}
}

func (w *walker) fail(err error) {
	if w.err == nil {
		w.err = err
	}
	w.at = len(w.data)
}

func (w *walker) space() {
	for w.at < len(w.data) {
		switch w.data[w.at] {
		case ' ', '\t', '\r', '\n':
			w.at++
		default:
			return
		}
	}
}

func (w *walker) null() bool { return bytes.HasPrefix(w.data[w.at:], []byte("null")) }

// token skips a number, true, false or null.
func (w *walker) token() {
	for w.at < len(w.data) {
		switch w.data[w.at] {
		case ' ', '\t', '\r', '\n', ',', ':', '[', ']', '{', '}', '"':
			return
		}
		w.at++
	}
}

// text skips a text and returns what is between its quotes. It refuses NUL characters, which
// PostgreSQL cannot store.
func (w *walker) text() (raw []byte, escaped bool) {
	from := w.at + 1
	for i := from; ; {
		n := bytes.IndexByte(w.data[i:], '"')
		if n < 0 {
			w.at = len(w.data) // not JSON: encoding/json reports it
			return nil, false
		}
		part := w.data[i : i+n]
		slash := bytes.IndexByte(part, '\\')
		if slash < 0 {
			w.at = i + n + 1
			return w.data[from : i+n], escaped
		}
		escaped = true
		i += slash
		if bytes.HasPrefix(w.data[i:], []byte(`\u0000`)) {
			w.fail(apierr.Invalid("Malformed request body: a text has a NUL character"))
			return nil, true
		}
		if i += 2; i > len(w.data) {
			w.at = len(w.data)
			return nil, true
		}
	}
}

// unescape returns the text that the inside of a JSON string encodes.
func unescape(raw []byte) []byte {
	quoted := append(append(append(make([]byte, 0, len(raw)+2), '"'), raw...), '"')
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return raw // not JSON: encoding/json reports it for the whole body
	}
	return []byte(text)
}
