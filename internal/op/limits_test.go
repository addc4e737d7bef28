package op_test

import (
	"fmt"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/op"
	"podium/internal/wire"
)

// bounded is an input with a limit of each kind.
type bounded struct {
	Word   string        `path:"word" maxLength:"5" pattern:"^[a-zé]*$"`
	Page   int           `query:"page" default:"0" min:"0" max:"1000000"`
	IDs    []wire.UserID `query:"ids" maxItems:"3"`
	Scope  string        `header:"X-Scope" maxLength:"4"`
	Order  string        `query:"order" default:"ASC" enum:"ASC,DESC"`
	Places []string      `query:"places" maxItems:"2" maxLength:"3"`
	Body   boundedBody
}

type boundedBody struct {
	Name    string            `json:"name" minLength:"2" maxLength:"5" pattern:"^[^!]*$"`
	Count   *int              `json:"count" min:"1" max:"10"`
	IDs     []wire.UserID     `json:"ids" maxItems:"3"`
	Labels  []string          `json:"labels" minItems:"1" maxItems:"2" minLength:"1" maxLength:"3"`
	Nested  *boundedInner     `json:"nested"`
	Several []innermost       `json:"several" maxItems:"2"`
	Tags    map[string]string `json:"tags" maxItems:"2" maxLength:"3"`
	Sure    *bool             `json:"sure"`
	Since   wire.Time         `json:"since"`
	Worded  string            `json:"worded" maxLength:"3" refusal:"A word is short"`
}

type boundedInner struct {
	Deep innermost `json:"deep"`
}

type innermost struct {
	Text string `json:"text" maxLength:"4"`
}

func (p *play) bounded(_ *db.Tx, _ auth.Caller, in bounded) (boundedBody, error) { return in.Body, nil }

func (p *play) listed(_ *db.Tx, _ auth.Caller, in struct {
	Body []innermost `maxItems:"2"`
}) (int, error) {
	return len(in.Body), nil
}

func boundedStage(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	operation := op.Operation[play]{
		ID: "bounded", Route: "POST /play/bounded/{word}", Tag: "Play", Summary: "Plays.", Needs: auth.Anyone, Handle: op.Read((*play).bounded),
	}
	listed := operation
	listed.ID, listed.Route, listed.Handle = "listed", "POST /play/listed", op.Read((*play).listed)
	s.server.Config.Handler = s.frame.Handler(op.Bind(s.play, operation, listed))
	return s
}

// TestLimitsAreKeptBeforeAnyTransaction checks that a value beyond a limit is refused by name
// before a transaction begins: the database is closed.
func TestLimitsAreKeptBeforeAnyTransaction(t *testing.T) {
	t.Parallel()
	s := boundedStage(t)
	if err := s.frame.DB.Close(); err != nil {
		t.Fatal(err)
	}
	s.want(s.ask("POST", "/play/bounded/w", `{}`), 503, "") // a transaction would begin
	for path, words := range map[string]string{
		"/play/bounded/abcdef":                         "Invalid value for word: it has more than 5 characters",
		"/play/bounded/ab1":                            "Invalid value for word: it does not match ^[a-zé]*$",
		"/play/bounded/w?page=1000001":                 "Invalid value for page: it must be at most 1000000",
		"/play/bounded/w?page=-1":                      "Invalid value for page: it must be at least 0",
		"/play/bounded/w?page=1e400":                   "Invalid value for page: a whole number is expected",
		"/play/bounded/w?ids=1,2,3,4":                  "Invalid value for ids: it has more than 3 elements",
		"/play/bounded/w?ids=1&ids=2&ids=3&ids=4":      "Invalid value for ids: it has more than 3 elements",
		"/play/bounded/w?ids=9007199254740992":         "Invalid value for ids: it must be at most 9007199254740991",
		"/play/bounded/w?order=asc":                    "Invalid value for order: one of ASC, DESC is expected",
		"/play/bounded/w?places=abcd":                  "Invalid value for places: it has more than 3 characters",
		"/play/bounded/w?" + strings.Repeat("&", 2000): "The query has more than 2000 parameters",
	} {
		s.refused(path, `{}`, words)
	}
	if a := s.ask("POST", "/play/bounded/w", `{}`, "X-Scope: abcde"); a.status != 400 || !strings.Contains(a.body, "X-Scope: it has more than 4 characters") {
		t.Errorf("a header: %d %s", a.status, a.body)
	}
	for body, words := range map[string]string{
		`{"name": "abcdef"}`:                                  "name: it has more than 5 characters",
		`{"NAME": "abcdef"}`:                                  "name: it has more than 5 characters",
		`{"n\u0061me": "abcdef"}`:                             "name: it has more than 5 characters",
		`{"worded": "abcd"}`:                                  "A word is short",
		`{"ſince": 9007199254740992}`:                         "since: it must be at most 9007199254740991",
		`{"name": "a"}`:                                       "name: it has less than 2 characters",
		`{"name": "ab!"}`:                                     "name: it does not match",
		`{"name": "ab\u0021"}`:                                "name: it does not match",
		`{"count": 11}`:                                       "count: it must be at most 10",
		`{"count": "11"}`:                                     "count: it must be at most 10",
		`{"count": 1.1E1}`:                                    "count: it must be at most 10",
		`{"count": 0}`:                                        "count: it must be at least 1",
		`{"count": 1e400}`:                                    "count: a whole number",
		`{"count": 1000000000000000000000000000000}`:          "count: a whole number",
		`{"ids": [1, 2, 3, 4]}`:                               "ids: it has more than 3 elements",
		`{"ids": ["1", null, {}, []]}`:                        "ids: it has more than 3 elements",
		`{"labels": []}`:                                      "labels: it has less than 1 elements",
		`{"labels": [""]}`:                                    "labels: it is empty",
		`{"labels": ["abcd"]}`:                                "labels: it has more than 3 characters",
		`{"nested": {"deep": {"text": "abcde"}}}`:             "nested.deep.text: it has more than 4 characters",
		`{"several": [{"text": "a"}, {"text": "abcde"}]}`:     "several.text: it has more than 4 characters",
		`{"several": [{},{},{}`:                               "several: it has more than 2 elements",
		`{"tags": {"a": "b", "c": "d", "e": "f"}}`:            "tags: it has more than 2 elements",
		`{"tags": {"a": "bcde"}}`:                             "tags: it has more than 3 characters",
		`{"tags": {"` + strings.Repeat("a", 200) + `": "b"}}`: "tags: a name has more than 128 bytes",
		`{"name": "ab", "name": "abcdef"}`:                    "name: it is given twice",
		`{"name": "ab", "Name": "ab"}`:                        "name: it is given twice",
	} {
		s.refused("/play/bounded/w", body, words)
	}
	s.refused("/play/listed", `[{},{},{}]`, "body: it has more than 2 elements")
}

// refused sends a request and expects a refusal that contains words.
func (s *stage) refused(path, body, words string) {
	s.t.Helper()
	if a := s.ask("POST", path, body); a.status != 400 || !strings.Contains(a.body, words) {
		s.t.Errorf("%.80s %.80s: %d %s, not %s", path, body, a.status, a.body, words)
	}
}

// TestLengthIsInCharacters checks that length is counted in characters, not in bytes or escapes.
func TestLengthIsInCharacters(t *testing.T) {
	t.Parallel()
	s := boundedStage(t)
	s.want(s.ask("POST", "/play/bounded/"+"%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9", `{"name": "ééééé"}`), 200, "")
	s.want(s.ask("POST", "/play/bounded/w", `{"name": "\u00e9\u00e9\ud83d\ude00\n\\"}`), 200, "")
	s.refused("/play/bounded/w", `{"name": "éééééé"}`, "name: it has more than 5 characters")
	s.refused("/play/bounded/w", `{"name": "\u00e9\u00e9\ud83d\ude00\n\\x"}`, "name: it has more than 5 characters")
}

// TestOtherSpellings checks that other spellings that clients use are accepted.
func TestOtherSpellings(t *testing.T) {
	t.Parallel()
	s := boundedStage(t)
	for body, want := range map[string]string{
		`{"sure": "true"}`:                        `"sure":true`,
		`{"sure": "False", "count": 3}`:           `"sure":false`,
		`{"count": "7"}`:                          `"count":7`,
		`{"count": 7.0}`:                          `"count":7`,
		`{"count": 1.0E1, "name": "ab"}`:          `"count":10`,
		`{"ids": [13056700580843.0, "7", 1.5e1]}`: `"ids":[13056700580843,7,15]`,
		`{"since": 1.0E3, "ids": [1.0E5]}`:        `"since":1000`,
		"\xef\xbb\xbf {\"name\": \"ab\"}":         `"name":"ab"`,
	} {
		if a := s.ask("POST", "/play/bounded/w?page=2.0&ids=undefined&order=None", body); a.status != 200 || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	for _, body := range []string{
		`{"sure": "perhaps"}`, `{"sure": 1}`, `{"sure": ""}`, `{"sure": " true"}`, `{"count": "seven"}`, `{"count": ""}`, `{"count": 1e0}`,
		`{"count": true}`, `{"name": 77}`, `{"name": "ab"}` + "\xef\xbb\xbf", "{\xef\xbb\xbf}", `{"count": 7.5}`,
	} {
		if a := s.ask("POST", "/play/bounded/w", body); a.status != 400 {
			t.Errorf("%q: %d %s", body, a.status, a.body)
		}
	}
}

// TestIgnoredNamesAreReported checks that unknown members and parameters are ignored and named in
// the header.
func TestIgnoredNamesAreReported(t *testing.T) {
	t.Parallel()
	s := boundedStage(t)
	many := `{"unlike1": 1`
	for i := range 20 {
		many += fmt.Sprintf(`, "unlike%d": {"a": 1}`, i+2)
	}
	for _, c := range []struct{ path, body, want string }{
		{"/play/bounded/w?page=1", `{"name": "ab", "nested": null}`, ""},
		{"/play/bounded/w", `{"unknown": null}`, ""}, // Python writes null for an absent value
		{"/play/bounded/w", `{"nmae": "ab"}`, "nmae (did you mean name?)"},
		{"/play/bounded/w", `{"nested": {"deep": {"texts": 1}}}`, "nested.deep.texts (did you mean text?)"},
		{"/play/bounded/w", `{"several": [{"other": 1}], "x": 1}`, "several.other, x"},
		{"/play/bounded/w", "{\"a\\r\\nb: c, d\": 1, \"" + strings.Repeat("y", 100) + "\": 1}", "a??b:?c??d, " + strings.Repeat("y", 64) + "..."},
		{"/play/bounded/w?pag=1&x%0d%0a=1", `{"lable": 1}`, "?pag (did you mean page?), ?x??, lable"},
		{"/play/bounded/w", many + "}", "unlike1, unlike2, unlike3, unlike4, unlike5, unlike6, unlike7, unlike8, and 13 more"},
	} {
		a := s.ask("POST", c.path, c.body)
		if got := a.header.Get("Podium-Ignored"); a.status != 200 || got != c.want {
			t.Errorf("%s %s: %d, %q, not %q", c.path, c.body, a.status, got, c.want)
		}
	}
	s.frame.StrictBodies = true
	s.refused("/play/bounded/w", `{"nested": {"deep": {"texts": 1}}}`, "There is no such member: nested.deep.texts (did you mean text?)")
	s.want(s.ask("POST", "/play/bounded/w?pag=1", `{"name": "ab", "unknown": null}`), 200, "")
}

// matryoshka is a type that contains itself.
type matryoshka struct {
	Paint string        `json:"paint" maxLength:"3"`
	Inner *matryoshka   `json:"inner"`
	More  []*matryoshka `json:"more" maxItems:"1"`
}

func (p *play) open(_ *db.Tx, _ auth.Caller, in struct{ Body matryoshka }) (done, error) {
	return done{in.Body.Inner != nil}, nil
}

func TestLimitsOfATypeInItself(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	s.server.Config.Handler = s.frame.Handler(op.Bind(s.play, op.Operation[play]{
		ID: "open", Route: "POST /play/open", Tag: "Play", Summary: "Plays.", Needs: auth.Anyone, Handle: op.Read((*play).open),
	}))
	s.want(s.ask("POST", "/play/open", `{"inner": {"more": [{"inner": {"paint": "red"}}]}}`), 200, `{"ok":true}`)
	s.refused("/play/open", `{"inner": {"more": [{"inner": {"paint": "blue"}}]}}`, "inner.more.inner.paint: it has more than 3 characters")
	s.refused("/play/open", `{"inner": {"more": [{}, {}]}}`, "inner.more: it has more than 1 elements")
}

// TestEachValueHasLimits checks that an input with a value without limits cannot be bound.
func TestEachValueHasLimits(t *testing.T) {
	t.Parallel()
	bind := func(handle op.Handler[play]) (said string) {
		defer func() { said = fmt.Sprint(recover()) }()
		op.Bind(new(play), op.Operation[play]{ID: "o", Route: "POST /o", Tag: "t", Summary: "s", Needs: auth.Anyone, Handle: handle})
		return ""
	}
	for name, said := range map[string]string{
		"text": bind(op.Read(func(*play, *db.Tx, auth.Caller, struct {
			Name string `query:"name"`
		}) (done, error) {
			return done{}, nil
		})),
		"list": bind(op.Read(func(*play, *db.Tx, auth.Caller, struct {
			List []wire.UserID `query:"list"`
		}) (done, error) {
			return done{}, nil
		})),
		"number": bind(op.Read(func(*play, *db.Tx, auth.Caller, struct {
			N int `query:"n" min:"0"`
		}) (done, error) {
			return done{}, nil
		})),
		"member": bind(op.Read(func(*play, *db.Tx, auth.Caller, struct {
			Body struct {
				Inner []struct {
					Text *string `json:"text"`
				} `json:"inner" maxItems:"1"`
			}
		}) (done, error) {
			return done{}, nil
		})),
		"map": bind(op.Read(func(*play, *db.Tx, auth.Caller, struct {
			Body struct {
				Map map[string]string `json:"map" maxLength:"3"`
			}
		}) (done, error) {
			return done{}, nil
		})),
		"body": bind(op.Read(func(*play, *db.Tx, auth.Caller, struct{ Body []wire.UserID }) (done, error) {
			return done{}, nil
		})),
	} {
		if !strings.Contains(said, "without limits") {
			t.Errorf("%s: %s", name, said)
		}
	}
}
