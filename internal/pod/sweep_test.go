package pod_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"podium/internal/op"
	"podium/internal/pod"
	"podium/podtest"
)

// TestSweep calls every operation, by each kind of caller, with ids, names and addresses of another
// company's things of every kind. No answer may contain a text or an id of the other company,
// except what is published as open. A thing that the caller may not know is answered like an
// unknown one: status, header and body. No row of the other company, or that names it, may change
// or be added.
func TestSweep(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		s := &sweep{T: t, p: p, world: newWorld(t, p), callers: map[string]*podtest.User{}}
		s.everyOperation()
		if s.calls < 10_000 {
			t.Errorf("only %d calls", s.calls)
		}
		t.Logf("%d calls", s.calls)
	})
}

type sweep struct {
	*testing.T
	*world
	p       *podtest.Pod
	callers map[string]*podtest.User
	calls   int
	turns   int // how often a caller was asked for an id of a wrong kind
	before  podtest.Tables
}

func (s *sweep) everyOperation() {
	operations := pod.Catalogue()
	for _, who := range sweepers {
		s.caller(who)
	}
	alone := func(o op.Bound) bool { return sweepCalls[o.ID] == "" }
	// calls with unknown things may end sessions, so they come last
	for _, last := range []bool{false, true} {
		s.before = s.p.Tables()
		for _, o := range operations {
			if alone(o) != last || sweepUncalled[o.ID] != "" {
				continue
			}
			if strings.Contains(o.Path, "{") && alone(o) {
				s.Errorf("%s has no line in the sweep", o.ID)
				continue
			}
			s.operation(o, false)
			s.unchanged(o, "")
			s.operation(o, true)
			s.unchanged(o, publishedChanges[o.ID])
		}
	}
}

// sweepers lists the callers. Those who may do most, and one without rights, call with ids of every
// kind; the others with ids of the kind that the operation expects.
var sweepers = []string{"administrator", "user", "on behalf", "application", "anonymous", "other company"}

func (s *sweep) caller(kind string) *podtest.User {
	u := s.callers[kind]
	login := map[string]func() *podtest.User{
		"administrator": func() *podtest.User { return s.p.Bot("acme-admin") },
		"user":          func() *podtest.User { return s.p.User("plain") },
		"on behalf":     func() *podtest.User { return s.p.OnBehalf(s.p.App("sweeper"), "acme-admin") },
		"application":   func() *podtest.User { return s.p.App("sweeper") },
		"anonymous":     func() *podtest.User { return s.p.Anonymous() },
		"other company": func() *podtest.User { return s.p.As(s.p.Stranger("globex-admin")) },
	}[kind]
	if u == nil {
		u = login()
		s.callers[kind] = u
	}
	return u
}

// request is a call with its ids filled in.
type request struct {
	parameters map[string]string
	body       string
}

var slot = regexp.MustCompile(`\{(user|username|email|room|im|message|app|cert|feed|group|list|disclaimer|barrier|session|signal|text|now)\}`)

// fill puts a value into the slot number at, and things of the caller's company into the others. It
// returns the kinds of the slots.
func (s *sweep) fill(template string, at int, value string) (request, []string) {
	var kinds []string
	next := func(quoted bool) func(string) string {
		return func(match string) string {
			kind := strings.Trim(match, "{}")
			if kind == "now" {
				return strconv.FormatInt(time.Now().Add(-time.Hour).UnixMilli(), 10)
			}
			text := s.own[kind]
			if len(kinds) == at {
				text = value
			}
			kinds = append(kinds, kind)
			if _, err := strconv.ParseInt(text, 10, 64); quoted && err != nil {
				data, _ := json.Marshal(text) // a text: it cannot fail
				return string(data)
			}
			return text
		}
	}
	before, body, _ := strings.Cut(template, "|")
	r := request{parameters: map[string]string{}}
	for _, field := range strings.Fields(before) {
		name, text, _ := strings.Cut(field, "=")
		r.parameters[name] = slot.ReplaceAllStringFunc(text, next(false))
	}
	r.body = slot.ReplaceAllStringFunc(strings.TrimSpace(body), next(true))
	return r, kinds
}

// operation calls an operation with things that the caller may not know, and with unknown ones; or,
// if open, with things that the caller's company may know.
func (s *sweep) operation(o op.Bound, open bool) {
	template := sweepCalls[o.ID]
	_, slots := s.fill(template, -1, "")
	if len(slots) == 0 && open {
		return
	}
	if len(slots) == 0 {
		for _, who := range sweepers {
			r, _ := s.fill(template, -1, "")
			s.ask(o, who, r, "")
		}
		return
	}
	for at, expected := range slots {
		for kind := range s.none {
			for _, who := range sweepers {
				if kind != expected && !s.asksOther(who) {
					continue
				}
				if open {
					for _, value := range s.open[kind] {
						r, _ := s.fill(template, at, value)
						s.ask(o, who, r, value)
					}
					continue
				}
				missing, _ := s.fill(template, at, s.none[kind])
				want := s.ask(o, who, missing, s.none[kind])
				for _, value := range s.theirs[kind] {
					r, _ := s.fill(template, at, value)
					if got := s.ask(o, who, r, value); got != want && lasting(got) != lasting(want) {
						s.Errorf("%s by %s with a %s (%s): %s\nand of none: %s", o.ID, who, kind, value, lasting(got), lasting(want))
					}
				}
			}
		}
	}
}

// asksOther reports whether a caller calls with ids of a kind that the operation does not expect.
// Three callers take turns: all of them would make 62,000 calls. The kinds come in random order, so
// each run asks others.
func (s *sweep) asksOther(who string) bool {
	others := []string{"administrator", "user", "on behalf"}
	at := slices.Index(others, who)
	if at < 0 {
		return false
	}
	turn := s.turns / len(others)
	s.turns++
	return turn%len(others) == at
}

// ask calls an operation and checks the answer for what it must not contain. It returns the answer
// without the value asked for.
func (s *sweep) ask(o op.Bound, who string, r request, value string) string {
	var body []byte
	if r.body != "" {
		body = []byte(r.body)
	}
	answer := s.caller(who).Call(o, r.parameters, body)
	if answer.Status == http.StatusUnauthorized && (who == "administrator" || who == "user" || who == "on behalf" || who == "application") {
		delete(s.callers, who) // an earlier call may have ended the session
		answer = s.caller(who).Call(o, r.parameters, body)
	}
	s.calls++
	text := s.text(answer, value)
	for _, id := range s.ids {
		if id != value && strings.Contains(text, id) {
			s.Errorf("%s by %s with %q tells the id %s: %s", o.ID, who, value, id, text)
		}
	}
	if at := strings.Index(strings.ToLower(text), secret); at >= 0 {
		s.Errorf("%s by %s with %q tells what is another company's: %s", o.ID, who, value, text[at:min(at+60, len(text))])
	}
	if strings.Contains(text, known) && publishedAsOpen[o.ID] == "" {
		s.Errorf("%s by %s with %q tells of another company's user: %s", o.ID, who, value, text)
	}
	if answer.Status >= 500 {
		s.Errorf("%s by %s with %q: %s", o.ID, who, value, text)
	}
	return text
}

// lasting returns an answer without what differs between calls: times and ids.
func lasting(answer string) string { return changing.ReplaceAllString(answer, "…") }

var changing = regexp.MustCompile(`\d{10,}|[0-9a-f]{24,}|[\w-]{30,}|"eTag":"[^"]*"`)

func (s *sweep) text(answer podtest.Answer, value string) string {
	var headers []string
	for name, values := range answer.Header {
		if !slices.Contains([]string{"Date", "X-Trace-Id", "Content-Length", "Etag"}, name) {
			headers = append(headers, name+": "+strings.Join(values, ","))
		}
	}
	slices.Sort(headers)
	text := fmt.Sprintf("%d %s %s", answer.Status, strings.Join(headers, "; "), answer.Body)
	if value != "" {
		text = strings.ReplaceAll(text, value, "VALUE")
	}
	return text
}

// mentions matches the other company in a row: a marker, its number, or the id of one of its users.
var mentions = regexp.MustCompile(`zqsecret|zqknown|"company":191\b|\b131[23]\d{10}\b`)

// unchanged fails the test if a row of the other company, or that names it, was added, removed or
// changed.
func (s *sweep) unchanged(o op.Bound, except string) {
	after := s.p.Tables()
	for _, c := range s.before.Changed(after) {
		// a row of locks shows only that a lock was taken, and stays
		if except != "" || c.Table == "locks" {
			continue
		}
		for _, row := range slices.Concat(c.Gone, c.Come) {
			if found := mentions.FindString(row); found != "" {
				s.Errorf("%s changes what is another company's (%s) in %s: %s", o.ID, found, c.Table, row)
			}
		}
	}
	s.before = after
}
