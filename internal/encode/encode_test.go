package encode_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/encode"
)

// compare fails where the two encoders differ.
func compare(t rapid.TB, value any) {
	t.Helper()
	want, wantErr := encode.Plain{}.Append([]byte("before"), value)
	got, err := encode.Planned{}.Append([]byte("before"), value)
	if string(got) != string(want) || (err == nil) != (wantErr == nil) {
		t.Fatalf("%T: planned %s, %v; plain %s, %v", value, got, err, want, wantErr)
	}
}

func TestTextsAreWrittenAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { compare(t, rapid.String().Draw(t, "text")) })
	rapid.Check(t, func(t *rapid.T) { compare(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))) })
	for r := range rune(0x3000) {
		compare(t, string(r))
	}
	for _, text := range []string{"", "<a href='x'>&amp;</a>", "a\u2028b\u2029", "\xff\xfe", "é\xc3", "😀", "\"\\/\b\f\n\r\t\x00\x7f"} {
		compare(t, text)
	}
}

type (
	base struct {
		ID   int64   `json:"id"`
		Name *string `json:"name,omitempty"`
	}
	hidden  struct{ Note string }
	failing struct{}
	loud    string
	pointed struct{ N int }
	node    struct {
		Next *node
		N    int
	}
	shadow struct {
		base
		ID string `json:"id"`
	}
	quoted struct {
		N int64 `json:",string"`
	}
)

func (failing) MarshalJSON() ([]byte, error)    { return nil, errors.New("no") }
func (l loud) MarshalText() ([]byte, error)     { return []byte(l + "!"), nil }
func (p *pointed) MarshalJSON() ([]byte, error) { return []byte(`"pointed"`), nil }

func TestShapesAreWrittenAlike(t *testing.T) {
	t.Parallel()
	name, empty := "x\"y", []string{}
	list := []base{{1, &name}, {2, nil}}
	number := 7
	for _, value := range []any{
		nil, true, 1, int32(-5), int64(1) << 60, uint8(3), 2.5, "x", json.Number("1e3"),
		[]string(nil), empty, []string{"a", "b"}, []byte("bytes"), []byte(nil), [2]int{1, 2}, [0]int{},
		list, &list, (*base)(nil), &base{}, []*base{nil, {3, &name}}, [][]int{nil, {}, {1}},
		map[string]any{"b": 1, "a": []int{1}}, map[int64]string{2: "b", 1: "a"}, []any{nil, 1, "x", list},
		time.Unix(0, 0).UTC(), []time.Time{{}}, struct{ T time.Time }{}, loud("a"), []loud{"b"},
		failing{}, []failing{{}}, struct{ F failing }{},
		pointed{1}, &pointed{1}, []pointed{{1}}, struct{ P pointed }{}, struct{ P *pointed }{},
		node{N: 1}, &node{Next: &node{N: 2}}, shadow{}, quoted{5},
		struct{}{}, struct{ A, b int }{1, 2}, struct {
			base
			hidden
			*pointed `json:"p"`
			Skip     int `json:"-"`
			//lint:ignore SA5008 encoding/json reads this as the name "-"
			Dash    int            `json:"-,"`
			Empty   []string       `json:"empty,omitempty"`
			Yes     bool           `json:"yes,omitempty"`
			Any     any            `json:"any,omitempty"`
			Map     map[string]int `json:"map,omitempty"`
			Struct  struct{}       `json:"struct,omitempty"`
			Int     int            `json:"int,omitempty"`
			Float   float64        `json:"float,omitempty"`
			Pointer *int           `json:"pointer,omitempty"`
			Zero    time.Time      `json:"zero,omitzero"`
		}{base: base{1, &name}, Pointer: &number},
		struct {
			base
			hidden
			Skip    int            `json:"-"`
			Empty   []string       `json:"empty,omitempty"`
			Yes     bool           `json:"yes,omitempty"`
			Any     any            `json:"any,omitempty"`
			Map     map[string]int `json:"map,omitempty"`
			Array   [0]int         `json:"array,omitempty"`
			Struct  struct{}       `json:"struct,omitempty"`
			Int     int            `json:"int,omitempty"`
			Float   float64        `json:"float,omitempty"`
			Pointer *int           `json:"pointer,omitempty"`
			Tagged  string         `json:"a<b"`
		}{base: base{1, &name}, hidden: hidden{"n"}, Map: map[string]int{}, Empty: empty, Pointer: &number},
	} {
		compare(t, value)
	}
}

func BenchmarkEncode(b *testing.B) {
	name := "Ada Lovelace"
	list := make([]base, 100)
	for i := range list {
		list[i] = base{int64(i) << 30, &name}
	}
	for _, e := range []struct {
		name    string
		encoder encode.Encoder
	}{{"plain", encode.Plain{}}, {"planned", encode.Planned{}}} {
		b.Run(e.name, func(b *testing.B) {
			b.ReportAllocs()
			var text []byte
			for b.Loop() {
				text, _ = e.encoder.Append(text[:0], list)
			}
		})
	}
}
