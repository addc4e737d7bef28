package wording

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"podium/internal/apierr"
)

// Link returns an error for what is not a web address that people may follow: absolute, with http
// or https and a host. Links of other schemes (javascript, data) run code in the reader's browser.
// A user and a password before the host are refused too, because they make one host look like
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

// Address returns an error for what is not an absolute address with one of the schemes and a host.
// It refuses white space, control characters and invisible characters, because browsers and parsers
// disagree about them.
func Address(field, value string, schemes ...string) error {
	if err := Identifier(field, value); err != nil {
		return err
	}
	u, err := url.Parse(value)
	if err != nil || u.Opaque != "" || u.Hostname() == "" || strings.ContainsFunc(value, unicode.IsSpace) || strings.Contains(value, `\`) {
		return expected(field, schemes)
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme { // Parse returns it in lower case
			return nil
		}
	}
	return expected(field, schemes)
}

// URI returns an error for a URI with white space or invisible characters, and for one whose scheme
// runs code.
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

// running lists the schemes whose links run code in the reader's browser.
var running = []string{"blob", "data", "filesystem", "javascript", "jscript", "livescript", "mocha", "vbscript", "view-source"}

// Running reports whether links of a scheme run code.
func Running(scheme string) bool { return slices.Contains(running, strings.ToLower(scheme)) }

func expected(field string, schemes []string) error {
	return apierr.Invalid("%s: an address that begins with %s:// is expected", field, strings.Join(schemes, ":// or "))
}
