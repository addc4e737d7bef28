package jsontree_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"podium/internal/messageml/jsontree"
)

func TestNumbersAsJavaPrintsThem(t *testing.T) {
	t.Parallel()
	for f, want := range map[float64]string{
		0: "0.0", 1: "1.0", 1.5: "1.5", 0.001: "0.001", 0.0009: "9.0E-4", 9999999: "9999999.0", 1e7: "1.0E7", -1e22: "-1.0E22",
		math.Inf(1): `"Infinity"`, math.Inf(-1): `"-Infinity"`,
	} {
		if got := jsontree.Double(f); got != want {
			t.Errorf("%v is written %s, not %s", f, got, want)
		}
	}
}

func TestTextsComeBackInOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"b":1,"a":[true,null,"x"],"b":2}`: `{"b":2,"a":[true,null,"x"]}`,
		`{"a":1.50} trailing`:               `{"a":1.5}`,
		`"\u00e9\ud83d\ude00\n\/\u0001"`:    `"é😀\n/\u0001"`,
		`-0`:                                `0`,
		`[ ]`:                               `[]`,
	} {
		v, err := jsontree.Parse(text)
		if err != nil || jsontree.Text(v) != want {
			t.Errorf("%s came back as %v (%v), not %s", text, v, err, want)
		}
	}
	for _, text := range []string{``, `{`, `{"a"}`, `[1,]`, `01`, `1.`, `1e`, `tru`, `nulls`, `"`, "\"\t\"", `"\x"`, `"\u12"`, `'a'`, `{a:1}`, `-`, `1x`} {
		if v, err := jsontree.Parse(text); err == nil {
			t.Errorf("%s passes as %s", text, jsontree.Text(v))
		}
	}
}

// FuzzParse holds the parser against encoding/json: what that takes, it takes, with the same
// meaning.
func FuzzParse(f *testing.F) {
	f.Add(`{"a":[1,2.5e3,"\u00e9"],"b":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := jsontree.Parse(text)
		if json.Valid([]byte(text)) && err != nil && !strings.Contains(err.Error(), "nested") {
			t.Errorf("%q is refused: %v", text, err)
		}
		if err == nil && !json.Valid([]byte(jsontree.Text(v))) {
			t.Errorf("%q is written as %s", text, jsontree.Text(v))
		}
	})
}
