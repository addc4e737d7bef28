package inspector

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

// exchangeOf returns an exchange of an account with a body.
func exchangeOf(company wire.CompanyID, user int64, body string) op.Inspected {
	return op.Inspected{
		Caller: auth.Caller{Company: company, Kind: auth.UserSession, User: wire.NewUserID(company, user), Username: "u", AccountType: auth.System},
		Method: "POST", URL: &url.URL{Path: "/x"}, Header: map[string][]string{"Content-Type": {"text/plain"}},
		Sent: op.Captured{Bytes: []byte(body), Size: int64(len(body))}, Status: 200, Began: time.Unix(0, 0),
	}
}

// TestRecordIsBounded checks the bounds of calls, of a company's bytes and of the node's, and that
// the last calls of a quiet account stay.
func TestRecordIsBounded(t *testing.T) {
	t.Parallel()
	r := NewRecorder(All, "n")
	r.bounds = bounds{calls: 100, bytes: 200 << 10, node: 1 << 20}
	for range ownShare {
		r.Inspect(exchangeOf(1, 1, "quiet"))
	}
	for range 300 {
		r.Inspect(exchangeOf(1, 2, "loud"))
	}
	held := r.companies[1]
	if len(held.calls) != 100 || held.counts[account{user: wire.NewUserID(1, 1)}] != ownShare {
		t.Errorf("%d calls, %v", len(held.calls), held.counts)
	}
	big := strings.Repeat("x", MaxBody)
	for company := range wire.CompanyID(10) {
		for range 20 {
			r.Inspect(exchangeOf(company+1, 3, big))
		}
	}
	sum := 0
	for company, held := range r.companies {
		own := 0
		for _, d := range held.calls {
			own += d.size
		}
		if own != held.bytes || own > 200<<10 {
			t.Errorf("company %d: %d bytes, noted as %d", company, own, held.bytes)
		}
		sum += own
	}
	if sum != r.held || sum > 1<<20 {
		t.Errorf("the node: %d bytes, noted as %d", sum, r.held)
	}
}

func TestMaskedJSON(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		`{"token":"abcdef","name":"x"}`:                              `{"token":"***","name":"x"}`,
		`{"password": {"hSalt": "abcd"}, "n": 12345678901234567890}`: `{"password":"***","n":12345678901234567890}`,
		`[{"access_token":["abcdef"]},true,null,"<&>"]`:              `[{"access_token":"***"},true,null,"<&>"]`,
		`{"token":null,"sessionToken":"","Secret":false}`:            `{"token":null,"sessionToken":"","Secret":false}`,
		`{"a":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.sig"}`:           `{"a":"***"}`,
		`{"a":"x abcdef y","token":"abcdef"}`:                        `{"a":"x *** y","token":"***"}`,
		`{"tokenizer":"x","code":"y"}`:                               `{"tokenizer":"x","code":"y"}`,
		`{"a":1} {"token":"abcdef"}`:                                 `{"a":1} {"token":"***"}`,
	} {
		m := &masker{}
		if got := m.hide(m.json([]byte(given), false)); got != want {
			t.Errorf("%s: %s, not %s", given, got, want)
		}
	}
	m := &masker{}
	if got := m.json([]byte(`{"a":1,"token":"abcd`), true); got != `{"a":1,"token":…` {
		t.Errorf("cut: %s", got)
	}
}

// FuzzMask checks that a secret member is never shown, whatever is around it.
func FuzzMask(f *testing.F) {
	f.Add(`{"a":`, `}`)
	f.Add(`[1,{"b":"\u0022"},`, `]`)
	f.Add(``, ``)
	f.Add(`{"x":"`, ``)
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "sEcReT-4711"
		if strings.Contains(before+after, secret) {
			return
		}
		text := before + `{"password":"` + secret + `"}` + after
		m := &masker{}
		if got := m.hide(m.json([]byte(text), false)); strings.Contains(got, secret) {
			t.Errorf("%q: %q", text, got)
		}
	})
}
