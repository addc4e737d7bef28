package accounts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
)

// Limits of attributes, in characters ("User attributes" of the developer documentation), and of
// lists, in values (our choice: the published lists are shorter).
const (
	maxName      = 64
	maxAttribute = 256
	maxValues    = 100
)

// closed lists the attributes with published values. Analyst and Other are printed as one value in
// one place and as two in another: both are accepted.
var closed = map[string][]string{
	"jobFunction": {
		"Analyst", "Other", "Analyst, Other", "Business Development Executive", "Corporate Access", "Developer", "Director", "Economist",
		"Portfolio Manager", "Project Manager", "Research Analyst", "Sales", "Strategist", "Trader",
	},
	"assetClasses": {"Currencies", "Commodities", "Equities", "Fixed Income"},
	"industries": {
		"Basic Materials", "Conglomerates", "Consumer Cyclicals", "Consumer Non-Cyclicals", "Energy & Utilities", "Financials", "Healthcare",
		"Real Estate", "Services", "Technology", "Transportation",
	},
}

// required lists the attributes that an account must have; the last two only a person.
var required = []string{"emailAddress", "userName", "displayName", "firstName", "lastName"}

// Validate returns an error that names the first invalid attribute.
func (a Attributes) Validate() error {
	if a.AccountType != auth.Normal && a.AccountType != auth.System {
		return apierr.Invalid("accountType: NORMAL or SYSTEM is expected")
	}
	needed := required
	if a.AccountType == auth.System {
		needed = required[:3]
	}
	for _, t := range texts {
		value := *t.of(&a)
		switch {
		case slices.Contains(needed, t.name) && strings.TrimSpace(value) == "":
			return apierr.Invalid("%s: it is required", t.name)
		case utf8.RuneCountInString(value) > t.max:
			return apierr.Invalid("%s: it has more than %d characters", t.name, t.max)
		case value != "" && !published(t.name, value):
			return apierr.Invalid("%s: one of these is expected: %s", t.name, strings.Join(closed[t.name], "; "))
		}
	}
	if !IsEmail(a.Email) {
		return apierr.Invalid("emailAddress: it is not an e-mail address")
	}
	for _, l := range lists {
		if err := l.check(*l.of(&a)); err != nil {
			return err
		}
	}
	return nil
}

func (l list) check(values []string) error {
	if len(values) > maxValues {
		return apierr.Invalid("%s: it has more than %d values", l.name, maxValues)
	}
	seen := make(map[string]bool, len(values))
	for _, value := range values {
		switch {
		case strings.TrimSpace(value) == "":
			return apierr.Invalid("%s: a value is empty", l.name)
		case utf8.RuneCountInString(value) > maxAttribute:
			return apierr.Invalid("%s: a value has more than %d characters", l.name, maxAttribute)
		case !published(l.name, value):
			return apierr.Invalid("%s: only these are expected: %s", l.name, strings.Join(closed[l.name], "; "))
		case seen[value]:
			return apierr.Invalid("%s: the value %q is given twice", l.name, value)
		}
		seen[value] = true
	}
	return nil
}

// published reports whether an attribute may have a value.
func published(name, value string) bool {
	values, ok := closed[name]
	return !ok || slices.Contains(values, value)
}

// IsEmail reports whether a text has the form of an e-mail address.
func IsEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	return at >= 1 && at < len(text)-1 && !strings.ContainsRune(text, ',') && !strings.ContainsFunc(text, unicode.IsSpace)
}
