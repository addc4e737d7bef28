package op

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// limitedBody has a value of each kind with limits of each kind.
type limitedBody struct {
	Text   string   `json:"text" minLength:"2" maxLength:"5"`
	Word   string   `json:"word" enum:"ASC,DESC"`
	Form   string   `json:"form" maxLength:"9" pattern:"^[a-zä]*$"`
	Number int64    `json:"number" min:"-3" max:"70"`
	List   []string `json:"list" minItems:"1" maxItems:"3" maxLength:"4"`
	Inner  *inner   `json:"inner"`
}

type inner struct {
	Number int64             `json:"number" min:"0" max:"9007199254740991"`
	Flag   bool              `json:"flag"`
	Map    map[string]string `json:"map" maxItems:"2" maxLength:"3"`
}

// A body passes if each of its values is within the limits of its member, and is then decoded as it
// was sent. Otherwise the refusal names the first member in the body that is not, whatever spelling
// the client uses.
func FuzzLimits(f *testing.F) {
	f.Add("abc", "ASC", "ä", int64(7), "a,b", int64(1), true, "k,l", byte(0))
	f.Add("a", "asc", "A", int64(-4), "", int64(-1), false, "", byte(1))
	f.Add("äöüßé", "DESC", "abcdefghij", int64(71), "a,b,c,d", int64(1)<<53, true, "long key,b,c", byte(2))
	f.Add("\U0001f600\\\"", "", "", int64(70), "abcde", int64(0), false, "a", byte(7))
	shape := shapeOf(reflect.TypeFor[limitedBody](), "", func(path string) { f.Errorf("%s has no limit", path) })
	f.Fuzz(func(t *testing.T, text, word, form string, number int64, list string, inside int64, flag bool, names string, spelling byte) {
		for _, s := range []*string{&text, &word, &form, &list, &names} {
			*s = strings.ReplaceAll(strings.ToValidUTF8(*s, ""), "\x00", "")
		}
		want := limitedBody{Text: text, Word: word, Form: form, Number: number, List: strings.Split(list, ","), Inner: &inner{Number: inside, Flag: flag}}
		want.Inner.Map = map[string]string{}
		for _, name := range strings.Split(names, ",") {
			want.Inner.Map[name] = "v"
		}
		data := spelled(t, want, spelling)
		var got limitedBody
		unknown, err := decodeBody(slices.Clone(data), reflect.ValueOf(&got).Elem(), shape)
		beyond := want.beyond()
		switch {
		case len(unknown.names) > 0:
			t.Fatalf("%s: it ignores %q", data, unknown.names)
		case beyond == "" && err != nil:
			t.Fatalf("%s is within its limits: %v", data, err)
		case beyond == "" && !reflect.DeepEqual(got, want):
			t.Fatalf("%s: %+v", data, got)
		case beyond != "" && (err == nil || !strings.Contains(err.Error(), beyond+": ")):
			t.Fatalf("%s: %s is beyond its limits: %v", data, beyond, err)
		}
	})
}

// beyond returns the path of the first value that is beyond its limits; empty: none is.
func (b limitedBody) beyond() string {
	tooLong := func(most int) func(string) bool {
		return func(text string) bool { return utf8.RuneCountInString(text) > most }
	}
	name := func(s string) bool { return len(s) > maxWord }
	keys := 0
	for key := range b.Inner.Map {
		if name(key) {
			keys++
		}
	}
	switch n := utf8.RuneCountInString(b.Text); {
	case n < 2 || n > 5:
		return "text"
	case b.Word != "ASC" && b.Word != "DESC":
		return "word"
	case tooLong(9)(b.Form) || !regexp.MustCompile("^[a-zä]*$").MatchString(b.Form):
		return "form"
	case b.Number < -3 || b.Number > 70:
		return "number"
	case len(b.List) > 3 || slices.ContainsFunc(b.List, tooLong(4)):
		return "list"
	case b.Inner.Number < 0 || b.Inner.Number > 1<<53-1:
		return "inner.number"
	case len(b.Inner.Map) > 2 || keys > 0:
		return "inner.map"
	}
	return ""
}

// spelled writes a body as clients do: bit 0 writes numbers in quotes, bit 1 with a fraction, bit 2
// escapes every character of texts.
func spelled(t *testing.T, b limitedBody, spelling byte) []byte {
	t.Helper()
	number := func(n int64) string {
		text := strconv.FormatInt(n, 10)
		if spelling&2 != 0 {
			text += ".0"
		}
		if spelling&1 != 0 {
			text = strconv.Quote(text)
		}
		return text
	}
	text := func(s string) string {
		if spelling&4 == 0 {
			quoted, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			return string(quoted)
		}
		var b strings.Builder
		for _, r := range s {
			if r > 0xffff {
				r -= 0x10000
				fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
				continue
			}
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		return `"` + b.String() + `"`
	}
	var list, entries []string
	for _, element := range b.List {
		list = append(list, text(element))
	}
	for key, value := range b.Inner.Map {
		entries = append(entries, text(key)+":"+text(value))
	}
	return fmt.Appendf(nil, `{"text":%s,"word":%s,"form":%s,"number":%s,"list":[%s],"inner":{"number":%s,"flag":%t,"map":{%s}}}`,
		text(b.Text), text(b.Word), text(b.Form), number(b.Number), strings.Join(list, ","), number(b.Inner.Number), b.Inner.Flag, strings.Join(entries, ","))
}
