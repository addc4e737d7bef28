package inspector

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/op"
)

// MaxBody is how many bytes of each body are kept.
const MaxBody = 16 << 10

// Part is a request or an answer.
type Part struct {
	Headers   []Header `json:"headers" doc:"Those that tell something. Secrets are masked."`
	MediaType string   `json:"mediaType,omitempty"`
	Size      int64    `json:"size" doc:"Bytes of the body."`
	Body      *string  `json:"body,omitempty" doc:"Its text, with secrets masked. Missing for a form and for what is no text."`
	Cut       bool     `json:"cut" doc:"Only the beginning of the body was kept."`
	Form      []Field  `json:"form,omitempty"`
}

// Header is a header.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Field is a field of a form.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	File  string `json:"file,omitempty" doc:"The name of a file. Its content is not kept."`
	Size  int    `json:"size" doc:"Bytes of what was kept of it."`
}

// The headers that are shown. Of those that are secrets only that they were sent is shown.
var (
	requestHeaders = []string{
		"Accept", "Authorization", "Content-Encoding", "Content-Type", "Cookie", "Keymanagertoken", "Last-Event-Id", "Origin",
		"Podium-Console", "Sessiontoken", "User-Agent", "X-Trace-Id",
	}
	answerHeaders = []string{
		"Allow", "Content-Disposition", "Content-Type", "Etag", "Podium-Ignored", "Podium-Reason", "Retry-After", "Set-Cookie",
		"Warning", "Www-Authenticate", "X-Trace-Id", "X-Warning",
	}
)

// header is the header of a request or an answer, by canonical names.
type header map[string][]string

// get returns the first value of a name.
func (h header) get(name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// cookies returns the cookies of a request.
func (h header) cookies() []Header {
	var list []Header
	for _, line := range h["Cookie"] {
		for one := range strings.SplitSeq(line, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(one), "=")
			list = append(list, Header{name, strings.Trim(value, `"`)})
		}
	}
	return list
}

// maxHeader is the most characters of a header that are kept.
const maxHeader = 300

func headersOf(h header, shown []string) []Header {
	list := []Header{}
	for _, name := range shown {
		for _, value := range h[name] {
			if isSecret(name) {
				value = Mask
			}
			list = append(list, Header{name, clip(value, maxHeader)})
		}
	}
	return list
}

// clip returns at most so many bytes of a text.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// part returns a request or an answer. hide must be called on it when the other one was made too.
func (m *masker) part(h header, shown []string, c op.Captured) Part {
	p := Part{Headers: headersOf(h, shown), Size: c.Size}
	raw := c.Bytes
	p.Cut = c.Size > int64(len(raw))
	if strings.Contains(h.get("Content-Encoding"), "gzip") {
		raw = unzipped(raw)
	}
	if len(raw) > MaxBody {
		raw, p.Cut = raw[:MaxBody], true
	}
	if len(raw) == 0 {
		return p
	}
	kind, parameters, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil {
		kind = "application/json" // clients that send none send JSON
	}
	p.MediaType = kind
	var text string
	switch {
	case kind == "multipart/form-data":
		p.Form = m.multipart(raw, parameters["boundary"])
		return p
	case kind == "application/x-www-form-urlencoded":
		p.Form = m.urlencoded(string(raw))
		return p
	case strings.HasSuffix(kind, "json"):
		text = m.json(raw, p.Cut)
	case strings.HasPrefix(kind, "text/"):
		text = m.text(string(raw))
	default:
		return p
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	p.Body = &text
	return p
}

// unzipped returns the beginning of compressed data.
func unzipped(raw []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	text, _ := io.ReadAll(io.LimitReader(z, MaxBody+1)) // it may be cut
	return text
}

func (m *masker) field(name, value string) Field {
	f := Field{Name: clip(name, maxHeader), Size: len(value)}
	switch {
	case isSecretParameter(name):
		m.met(value, shortestSecret)
		f.Value = Mask
	case strings.HasPrefix(strings.TrimSpace(value), "{"):
		f.Value = m.json([]byte(value), true)
	default:
		f.Value = m.text(value)
	}
	f.Value = strings.ToValidUTF8(f.Value, "\uFFFD")
	return f
}

func (m *masker) multipart(raw []byte, boundary string) []Field {
	var list []Field
	if boundary == "" {
		return nil
	}
	r := multipart.NewReader(bytes.NewReader(raw), boundary)
	for {
		part, err := r.NextRawPart()
		if err != nil {
			return list
		}
		content, _ := io.ReadAll(part) // it may be cut
		if part.FileName() != "" {
			list = append(list, Field{Name: clip(part.FormName(), maxHeader), File: clip(part.FileName(), maxHeader), Size: len(content)})
			continue
		}
		list = append(list, m.field(part.FormName(), string(content)))
	}
}

func (m *masker) urlencoded(raw string) []Field {
	var list []Field
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		plainName, err1 := url.QueryUnescape(name)
		plain, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			plainName, plain = name, Mask
		}
		list = append(list, m.field(plainName, plain))
	}
	return list
}

// hidePart hides in a part what was met in either.
func (m *masker) hidePart(p *Part) {
	if p.Body != nil {
		text := m.hide(*p.Body)
		p.Body = &text
	}
	p.Headers = slices.Clone(p.Headers)
	for i := range p.Headers {
		p.Headers[i].Value = m.hide(p.Headers[i].Value)
	}
	for i := range p.Form {
		f := &p.Form[i]
		f.Name, f.Value, f.File = m.hide(f.Name), m.hide(f.Value), m.hide(f.File)
	}
}
