package inspector

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Mask is shown in place of a secret.
const Mask = "***"

// secretNames lists names of members, form fields, parameters and headers whose values are secrets,
// without hyphens and underscores. Names that end as one of secretEndings are secrets too.
var (
	secretNames = []string{
		"authorization", "cookie", "setcookie", "jwt", "apikey", "signature", "ticket", "codeverifier", "authtoken", "apptoken",
		"hpassword", "hsalt", "khpassword", "khsalt", "privatekey",
	}
	secretEndings = []string{"token", "password", "secret", "salt", "privatekey"}

	// secretParameters are secrets in a query or a path alone: elsewhere the names are common.
	secretParameters = []string{"code", "state", "sig"}
)

var punctuation = strings.NewReplacer("-", "", "_", "", " ", "")

// isSecret reports whether a value of the name is masked.
func isSecret(name string) bool {
	name = strings.ToLower(punctuation.Replace(name))
	return slices.Contains(secretNames, name) || slices.ContainsFunc(secretEndings, func(end string) bool { return strings.HasSuffix(name, end) })
}

func isSecretParameter(name string) bool {
	return isSecret(name) || slices.Contains(secretParameters, strings.ToLower(name))
}

// patterns match secrets that have a form of their own: the pod's tokens and others that are JWTs,
// key manager tokens, private keys, and what follows the word Bearer.
var patterns = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,4}` +
	`|\b0100[0-9a-f]{60,}` +
	`|-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)` +
	`|(?i:\bbearer )[A-Za-z0-9._~+/=-]+`)

// masker hides the secrets of one exchange. A secret that it has met once is hidden in all texts of
// the exchange, whatever repeats it.
type masker struct {
	literals []string
}

// The shortest secrets that are hidden wherever they occur. Shorter ones are hidden where they are
// named.
const (
	shortestToken  = 8
	shortestSecret = 4

	// how many secrets of one exchange are looked for everywhere; others are hidden where they are
	// named
	maxLiterals = 200
)

func (m *masker) met(secret string, shortest int) {
	if len(secret) < shortest || len(m.literals) >= maxLiterals || slices.Contains(m.literals, secret) {
		return
	}
	m.literals = append(m.literals, secret)
	if escaped := url.QueryEscape(secret); escaped != secret {
		m.literals = append(m.literals, escaped)
	}
	if quoted := quote(secret); quoted[1:len(quoted)-1] != secret {
		m.literals = append(m.literals, quoted[1:len(quoted)-1])
	}
}

// credentials meets what a request is sent with.
func (m *masker) credentials(h header, u *url.URL) {
	for name, values := range h {
		if !isSecret(name) {
			continue
		}
		for _, v := range values {
			m.met(v, shortestToken)
			if _, after, ok := strings.Cut(v, " "); ok {
				m.met(strings.TrimSpace(after), shortestToken)
			}
		}
	}
	for _, c := range h.cookies() {
		m.met(c.Value, shortestToken)
	}
	for name, values := range u.Query() {
		if isSecretParameter(name) {
			for _, v := range values {
				m.met(v, shortestSecret)
			}
		}
	}
}

// hide returns a text without secrets. Call it last, when all of the exchange was met.
func (m *masker) hide(text string) string {
	if text == "" {
		return ""
	}
	for _, secret := range m.literals {
		text = strings.ReplaceAll(text, secret, Mask)
	}
	return patterns.ReplaceAllString(text, Mask)
}

// address returns the path and the query of a request, whose operation has the path template.
func (m *masker) address(u *url.URL, template string) string {
	path := strings.Split(u.EscapedPath(), "/")
	for i, name := range strings.Split(template, "/") {
		if i < len(path) && strings.HasPrefix(name, "{") && isSecretParameter(strings.Trim(name, "{}.")) {
			m.met(path[i], shortestSecret)
			path[i] = Mask
		}
	}
	text := strings.Join(path, "/")
	if u.RawQuery == "" {
		return text
	}
	parameters := strings.Split(u.RawQuery, "&")
	for i, p := range parameters {
		name, _, ok := strings.Cut(p, "=")
		if plain, err := url.QueryUnescape(name); ok && (err != nil || isSecretParameter(plain)) {
			parameters[i] = name + "=" + Mask
		}
	}
	return text + "?" + strings.Join(parameters, "&")
}

// json returns JSON with masked members, and otherwise the same. If it was cut, what cannot be read
// is left out. Other texts that are not JSON are masked as a text.
func (m *masker) json(raw []byte, cut bool) string {
	w := &walker{d: json.NewDecoder(bytes.NewReader(raw)), m: m}
	w.d.UseNumber()
	err := w.value()
	rest := raw[min(int(w.d.InputOffset()), len(raw)):]
	switch {
	case err != nil && cut:
		return w.out.String() + "…"
	case err != nil || len(bytes.TrimSpace(rest)) > 0:
		return m.text(string(raw))
	}
	return w.out.String()
}

// text returns a text of no known form with masked values, as far as they have names: "token": "x",
// token=x, token: x.
func (m *masker) text(text string) string {
	var out strings.Builder
	for text != "" {
		word := run(text, isWord, len(text))
		if word == 0 {
			other := run(text, func(c byte) bool { return !isWord(c) }, len(text))
			out.WriteString(text[:other])
			text = text[other:]
			continue
		}
		name := text[:word]
		out.WriteString(name)
		text = text[word:]
		if len(name) > maxName || !isSecret(name) {
			continue
		}
		between := text[:run(text, func(c byte) bool { return !isWord(c) }, maxBetween)]
		if !strings.ContainsAny(between, `:="'`) {
			continue
		}
		text = text[len(between):]
		value := valueOf(text, between[len(between)-1])
		out.WriteString(between)
		if value != "" {
			m.met(value, shortestSecret)
			out.WriteString(Mask)
		}
		text = text[len(value):]
	}
	return out.String()
}

const (
	maxName    = 64 // characters of a name
	maxBetween = 12 // characters between a name and its value
)

// run returns how many of the first bytes of a text are of a kind, at most most.
func run(text string, of func(byte) bool, most int) int {
	n := 0
	for n < len(text) && n < most && of(text[n]) {
		n++
	}
	return n
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '-' || c >= 0x80
}

// valueOf returns the value at the beginning of a text: up to the quotation mark before it, or up
// to the end of what has no space and no punctuation of JSON, XML or a form.
func valueOf(text string, before byte) string {
	if before != '"' && before != '\'' {
		if at := strings.IndexAny(text, " \t\r\n\"'<>&,;{}[]"); at >= 0 {
			return text[:at]
		}
		return text
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++ // what follows is escaped
		case before:
			return text[:i]
		}
	}
	return text
}

// walker writes JSON again.
type walker struct {
	d   *json.Decoder
	m   *masker
	out strings.Builder
}

func (w *walker) value() error {
	token, err := w.d.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case json.Delim:
		return w.inside(t)
	case string:
		w.out.WriteString(quote(t))
	case nil:
		w.out.WriteString("null")
	case json.Number:
		w.out.WriteString(t.String())
	case bool:
		w.out.WriteString(map[bool]string{true: "true", false: "false"}[t])
	}
	return nil
}

// inside writes an object or an array, of which the beginning was read.
func (w *walker) inside(start json.Delim) error {
	w.out.WriteString(start.String())
	for n := 0; w.d.More(); n++ {
		if n > 0 {
			w.out.WriteByte(',')
		}
		next := w.value
		if start == '{' {
			name, err := w.d.Token()
			if err != nil {
				return err
			}
			key, _ := name.(string) // the decoder takes no other
			w.out.WriteString(quote(key) + ":")
			if isSecret(key) {
				next = w.secret
			}
		}
		if err := next(); err != nil {
			return err
		}
	}
	end, err := w.d.Token()
	if err == nil {
		w.out.WriteString(end.(json.Delim).String()) // More returns false before a delimiter or an error
	}
	return err
}

// secret writes the mask for a value. A value that tells nothing is written as it is.
func (w *walker) secret() error {
	var raw json.RawMessage
	if err := w.d.Decode(&raw); err != nil {
		return err
	}
	switch text := string(raw); text {
	case "null", "true", "false", `""`:
		w.out.WriteString(text)
		return nil
	}
	w.out.WriteString(`"` + Mask + `"`)
	w.meetAll(raw)
	return nil
}

// meetAll meets each text inside of a secret.
func (w *walker) meetAll(raw json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		if text, ok := token.(string); ok && !isSecret(text) {
			w.m.met(text, shortestSecret)
		}
	}
}

// quote returns a text as JSON.
func quote(text string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text can always be written
	return strings.TrimSuffix(out.String(), "\n")
}
