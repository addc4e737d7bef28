package wording

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"podium/internal/apierr"
)

// Link refuses what is not an address of the web that people may be led to: absolute, with http or https and a
// host. Links of other schemes (javascript, data) run what their writer has put there in the browser of
// who clicks on them. A user and a password before the host are refused too: they pass one host off as
// another.
func Link(field, value string) error {
	if err := Address(field, value, "https", "http"); err != nil {
		return err
	}
	if u, err := url.Parse(value); err != nil || u.User != nil {
		return apierr.Invalid("%s: it has a user name before its host", field)
	}
	return nil
}

// Address refuses what is not an absolute address with one of the schemes and a host, and one with white
// space, control characters or invisible characters: browsers and parsers disagree about those.
func Address(field, value string, schemes ...string) error {
	if err := Identifier(field, value); err != nil {
		return err
	}
	u, err := url.Parse(value)
	if err != nil || u.Opaque != "" || u.Hostname() == "" || strings.ContainsFunc(value, unicode.IsSpace) || strings.Contains(value, `\`) {
		return expected(field, schemes)
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme { // Parse has it in lower case
			return nil
		}
	}
	return expected(field, schemes)
}

// URI refuses what is no URI that names something: one with white space or with what cannot be seen, and one whose
// scheme runs it.
func URI(field, value string) error {
	if err := Identifier(field, value); err != nil {
		return err
	}
	if strings.ContainsFunc(value, unicode.IsSpace) {
		return apierr.Invalid("%s: it has white space", field)
	}
	if scheme, _, _ := strings.Cut(value, ":"); Running(scheme) {
		return apierr.Invalid("%s: a %s link would run what its writer has put there", field, strings.ToLower(scheme))
	}
	return nil
}

// running are schemes whose links run what they say in the browser of who clicks on them.
var running = []string{"blob", "data", "filesystem", "javascript", "jscript", "livescript", "mocha", "vbscript", "view-source"}

// Running reports whether links of a scheme run what they say.
func Running(scheme string) bool { return slices.Contains(running, strings.ToLower(scheme)) }

func expected(field string, schemes []string) error {
	return apierr.Invalid("%s: an address that begins with %s:// is expected", field, strings.Join(schemes, ":// or "))
}
