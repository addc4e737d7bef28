package op_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

// closes counts the downloads that were closed.
var closes = make(chan struct{}, 100)

func (p *play) download(_ *db.Tx, _ auth.Caller, in thenInput) (op.Download, error) {
	if in.Then == "blocked" {
		return op.Download{}, apierr.Compliance(apierr.Finding{In: "FILE", Policies: []apierr.PolicyResult{
			{Name: "Scan", Status: "BLOCK", Scopes: []string{"INTERNAL"}, Reasons: []string{"EICAR"}},
		}})
	}
	text := strings.Repeat("abcdefgh", 100_000)
	return op.Download{
		Size: int64(len(text)),
		Write: func(w io.Writer) error {
			if in.Then == "breaks" {
				_, err := io.WriteString(w, text[:300_000])
				return errors.Join(err, errors.New("the disk is broken"))
			}
			if in.Then == "short" {
				text = text[1:]
			}
			_, err := io.WriteString(w, text)
			return err
		},
		Close: func() error { closes <- struct{}{}; return nil },
	}, nil
}

// TestDownloads checks that a download arrives whole or breaks off, and is closed in any case.
func TestDownloads(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.server.Config.Handler = s.frame.Handler(op.Bind(s.play, op.Operation[play]{
			ID: "download", Route: "GET /play/download", Tag: "Play", Summary: "Plays.", Needs: auth.AnyUser,
			Handle: op.Read((*play).download), Also: []int{451}, Produces: "application/octet-stream",
		}))
		alice := "sessionToken: token-of-alice"
		a := s.ask("GET", "/play/download", "", alice)
		if a.status != 200 || len(a.body) != 800_000 || a.header.Get("Content-Type") != "application/octet-stream" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d, %d bytes, %v", a.status, len(a.body), a.header)
		}
		<-closes
		a = s.ask("HEAD", "/play/download", "", alice)
		if a.status != 200 || a.body != "" || a.header.Get("Content-Length") != "800000" {
			t.Errorf("HEAD: %d, %d bytes, %v", a.status, len(a.body), a.header)
		}
		<-closes
		for _, then := range []string{"breaks", "short"} {
			r := s.request("GET", "/play/download?then="+then, http.NoBody, alice)
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, answer.Body); err == nil {
				t.Errorf("%s: the client takes %d bytes for the whole", then, n)
			}
			answer.Body.Close()
			<-closes
		}
		s.want(s.ask("GET", "/play/download", ""), 401, "")
		s.want(s.ask("GET", "/play/download?then=blocked", "", alice), 451, `{"code":451,"message":"Compliance issues found in message","details":[`+
			`{"detectionIn":"FILE","policyResults":[{"name":"Scan","status":"BLOCK","scopes":["INTERNAL"],"reasons":["EICAR"]}]}]}`)
		if !strings.Contains(s.log.String(), "the disk is broken") {
			t.Error("the log does not say why the download broke off")
		}
	})
}
