package settings

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Scheme is a URI scheme, such as mailto, in lower case.
type Scheme string

// schemeForm is a letter, then letters, digits, + - and . (RFC 3986, 3.1). The longest registered
// scheme has 36 characters.
var schemeForm = regexp.MustCompile(`^[a-z][a-z0-9+.-]{0,63}$`)

// UnmarshalText accepts a scheme in any case.
func (s *Scheme) UnmarshalText(text []byte) error {
	read := Scheme(strings.ToLower(string(text)))
	switch {
	case !schemeForm.MatchString(string(read)):
		return apierr.Invalid("Invalid value for scheme: a letter is expected, then letters, digits, +, - and ., at most 64 of all")
	case wording.Running(string(read)):
		return apierr.Invalid("Invalid value for scheme: a %s link would run what its writer has put there", read)
	}
	*s = read
	return nil
}

// allowedByDefault lists the schemes that a company allows by default.
var allowedByDefault = []Scheme{"ftp", "http", "https", "mailto"}

// AllowedSchemes returns the schemes that a company allows, in alphabetical order. The database
// holds only decisions that differ from the default.
func AllowedSchemes(tx *db.Tx, company wire.CompanyID) ([]Scheme, error) {
	type decision struct {
		scheme  Scheme
		allowed bool
	}
	decisions, err := db.All(tx, func(row db.Row) (d decision, err error) { return d, row.Scan(&d.scheme, &d.allowed) }, `
		SELECT scheme, allowed
		FROM uri_schemes
		WHERE company = $1`, company)
	if err != nil {
		return nil, err
	}
	allowed := make(map[Scheme]bool)
	for _, scheme := range allowedByDefault {
		allowed[scheme] = true
	}
	for _, d := range decisions {
		allowed[d.scheme] = d.allowed
	}
	maps.DeleteFunc(allowed, func(_ Scheme, allowed bool) bool { return !allowed })
	return slices.Sorted(maps.Keys(allowed)), nil
}

// decide stores whether a company allows a scheme.
func decide(tx *db.Tx, company wire.CompanyID, scheme Scheme, allowed bool) error {
	if allowed == slices.Contains(allowedByDefault, scheme) {
		return tx.Exec(`DELETE FROM uri_schemes WHERE company = $1 AND scheme = $2`, company, scheme)
	}
	return tx.Exec(`
		INSERT INTO uri_schemes (company, scheme, allowed)
		VALUES ($1, $2, $3)
		ON CONFLICT (company, scheme) DO UPDATE SET allowed = excluded.allowed`, company, scheme, allowed)
}
