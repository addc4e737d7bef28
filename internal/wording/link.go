package wording

import (
	"net/url"
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

func expected(field string, schemes []string) error {
	return apierr.Invalid("%s: an address that begins with %s:// is expected", field, strings.Join(schemes, ":// or "))
}
