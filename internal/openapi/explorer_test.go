package openapi_test

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"podium/internal/openapi"
)

const document = `{"openapi": "3.1.0"}` + "\n"

func explorer(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(openapi.Explorer(func() ([]byte, error) { return []byte(document), nil }))
	t.Cleanup(server.Close)
	return server
}

// fetch returns an answer and its body as sent, not decompressed.
func fetch(t *testing.T, address string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestDocument(t *testing.T) {
	t.Parallel()
	address := explorer(t).URL + "/openapi.json"
	plain, body := fetch(t, address)
	if plain.StatusCode != 200 || body != document || plain.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %q %v", plain.StatusCode, body, plain.Header)
	}
	tag := plain.Header.Get("ETag")
	if again, body := fetch(t, address, "If-None-Match", tag); again.StatusCode != 304 || body != "" {
		t.Errorf("asked again it answers %d %q", again.StatusCode, body)
	}
	packed, body := fetch(t, address, "Accept-Encoding", "br, gzip;q=0.5")
	if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("ETag") == tag {
		t.Fatalf("packed: %v", packed.Header)
	}
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(z); err != nil || string(unpacked) != document {
		t.Errorf("unpacked: %q (%v)", unpacked, err)
	}
	for _, none := range []string{"br", "gzip;q=0", "gzip; q=0.0", "x-gzip"} {
		if answer, _ := fetch(t, address, "Accept-Encoding", none); answer.Header.Get("Content-Encoding") != "" {
			t.Errorf("a client that accepts %q gets it packed", none)
		}
	}
}

// TestDocumentIsMadeWhenRead checks that the document is made once, at the first of many concurrent
// requests.
func TestDocumentIsMadeWhenRead(t *testing.T) {
	t.Parallel()
	var made atomic.Int32
	pod := openapi.Explorer(func() ([]byte, error) {
		made.Add(1)
		return []byte(document), nil
	})
	read := func(path string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		pod.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return answer
	}
	if answer := read("/docs"); answer.Code != 200 || made.Load() != 0 {
		t.Errorf("the page: %d; by then the document has been made %d times", answer.Code, made.Load())
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			if answer := read("/openapi.json"); answer.Code != 200 || answer.Body.String() != document {
				t.Errorf("the document: %d %q", answer.Code, answer.Body)
			}
		})
	}
	readers.Wait()
	if made.Load() != 1 {
		t.Errorf("the document was made %d times", made.Load())
	}
}

func TestDocumentThatCannotBeMade(t *testing.T) {
	t.Parallel()
	pod := openapi.Explorer(func() ([]byte, error) { return nil, errors.New("a shape that no schema has") })
	for range 2 {
		answer := httptest.NewRecorder()
		pod.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/openapi.json", nil))
		if answer.Code != 500 || strings.Contains(answer.Body.String(), "shape") || answer.Header().Get("ETag") != "" {
			t.Errorf("%d %v %q", answer.Code, answer.Header(), answer.Body)
		}
	}
}

var links = regexp.MustCompile(`(?:src|href)="([^"]*)"`)

func TestExplorerStaysOnItsOrigin(t *testing.T) {
	t.Parallel()
	server := explorer(t)
	page, body := fetch(t, server.URL+"/docs")
	if page.StatusCode != 200 || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %v", page.StatusCode, page.Header)
	}
	base, _ := url.Parse(server.URL + "/docs")
	named := links.FindAllStringSubmatch(body, -1)
	if len(named) != 5 {
		t.Errorf("the page names %d addresses", len(named))
	}
	for _, link := range named {
		address, err := url.Parse(link[1])
		if err != nil || address.Host != "" || address.Scheme != "" {
			t.Errorf("the page names %s, which is not of its own origin", link[1])
			continue
		}
		for _, coding := range []string{"identity", "gzip"} {
			answer, content := fetch(t, base.ResolveReference(address).String(), "Accept-Encoding", coding)
			if answer.StatusCode != 200 || content == "" {
				t.Errorf("%s, accepting %s: %d, %d bytes", link[1], coding, answer.StatusCode, len(content))
			}
		}
	}
	_, script := fetch(t, server.URL+"/docs/explorer.js")
	for name, text := range map[string]string{"the page": body, "the script": script} {
		if strings.Contains(text, "//") && regexp.MustCompile(`["'(]\s*(https?:)?//`).MatchString(text) {
			t.Errorf("%s names another host", name)
		}
	}
	if !strings.Contains(script, "validatorUrl: null") {
		t.Error("Swagger UI sends the document to its validator")
	}
}

func TestExplorerPolicy(t *testing.T) {
	t.Parallel()
	page, body := fetch(t, explorer(t).URL+"/docs")
	directives := map[string]string{}
	for directive := range strings.SplitSeq(page.Header.Get("Content-Security-Policy"), ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		directives[name] = sources
	}
	for name, want := range map[string]string{
		"default-src": "'none'", "script-src": "'self'", "connect-src": "'self'", "frame-ancestors": "'none'",
	} {
		if directives[name] != want {
			t.Errorf("%s is %q, not %q", name, directives[name], want)
		}
	}
	// What the policy would stop must not be in the page either.
	if regexp.MustCompile(`<script>|\son[a-z]+=`).MatchString(body) {
		t.Error("the page has inline scripts, which its policy forbids")
	}
}

func TestExplorerAddresses(t *testing.T) {
	t.Parallel()
	server := explorer(t)
	if answer, _ := fetch(t, server.URL+"/docs/"); answer.StatusCode != 308 || answer.Header.Get("Location") != "../docs" {
		t.Errorf("/docs/: %d to %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	for _, path := range []string{"/docs/other", "/docs/swagger-ui.js", "/docs/embed.go"} {
		if answer, _ := fetch(t, server.URL+path); answer.StatusCode != 404 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	answer, err := http.Post(server.URL+"/docs", "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 405 {
		t.Errorf("POST /docs: %d", answer.StatusCode)
	}
}
