package bulk

import (
	"fmt"
	"strings"
	"unicode"

	"podium/internal/auth"
	"podium/internal/pod/accounts"
)

// column is an attribute in a column of a CSV file or a member of a JSON Lines object: a text or a
// list. Its name is the published one.
type column struct {
	name    string
	aliases []string // what directories and spreadsheets call it, folded
	text    func(*accounts.New) *string
	list    func(*accounts.New) *[]string
	special func(*accounts.New, string) error // for other values; not called with empty texts
	show    func(Account) string              // of a special column, in an export; nil: not exported
	ignored bool                              // written by an export and ignored by an import
}

var columns = []column{
	{name: "id", ignored: true, show: func(a Account) string { return a.ID.String() }},
	text("userName", func(a *accounts.New) *string { return &a.Username }, "login", "user", "uid", "samaccountname"),
	text("emailAddress", func(a *accounts.New) *string { return &a.Email }, "email", "mail"),
	text("displayName", func(a *accounts.New) *string { return &a.DisplayName }, "name", "fullname"),
	text("firstName", func(a *accounts.New) *string { return &a.FirstName }, "givenname", "forename"),
	text("lastName", func(a *accounts.New) *string { return &a.LastName }, "surname", "familyname", "sn"),
	{
		name: "accountType", aliases: []string{"type"}, special: setType,
		show: func(a Account) string { return string(a.AccountType) },
	},
	{
		name: "status", show: func(a Account) string { return string(a.Status) },
		special: setStatus,
	},
	{
		name: "roles", aliases: []string{"role"}, show: func(a Account) string { return joinRoles(a.Roles) },
		special: func(a *accounts.New, value string) error { setRoles(a, split(value)); return nil },
	},
	text("companyName", func(a *accounts.New) *string { return &a.CompanyName }, "company", "organization", "organisation"),
	text("title", func(a *accounts.New) *string { return &a.Title }, "jobtitle"),
	text("department", func(a *accounts.New) *string { return &a.Department }),
	text("division", func(a *accounts.New) *string { return &a.Division }),
	text("location", func(a *accounts.New) *string { return &a.Location }, "office", "city"),
	text("jobFunction", func(a *accounts.New) *string { return &a.JobFunction }),
	text("workPhoneNumber", func(a *accounts.New) *string { return &a.WorkPhone }, "workphone", "phone", "telephone", "telephonenumber"),
	text("mobilePhoneNumber", func(a *accounts.New) *string { return &a.MobilePhone }, "mobilephone", "mobile", "cell"),
	text("smsNumber", func(a *accounts.New) *string { return &a.SMS }, "sms"),
	text("twoFactorAuthPhone", func(a *accounts.New) *string { return &a.TwoFactorPhone }),
	text("recommendedLanguage", func(a *accounts.New) *string { return &a.Language }, "language"),
	list("assetClasses", func(a *accounts.New) *[]string { return &a.AssetClasses }),
	list("industries", func(a *accounts.New) *[]string { return &a.Industries }),
	list("marketCoverage", func(a *accounts.New) *[]string { return &a.MarketCoverage }),
	list("responsibility", func(a *accounts.New) *[]string { return &a.Responsibility }),
	list("function", func(a *accounts.New) *[]string { return &a.Function }),
	list("instrument", func(a *accounts.New) *[]string { return &a.Instrument }),
	{
		name: "currentKey", aliases: []string{"key", "publickey", "rsakey"}, show: func(a Account) string { return a.Key },
		special: func(a *accounts.New, value string) error { a.Key = value; return nil },
	},
	{name: "createdDate", ignored: true, show: func(a Account) string { return fmt.Sprint(int64(a.Created)) }},
	{name: "lastLoginDate", ignored: true, show: func(a Account) string { return timeOrNothing(a.LastLogin) }},
}

func text(name string, of func(*accounts.New) *string, aliases ...string) column {
	return column{name: name, text: of, aliases: aliases}
}

func list(name string, of func(*accounts.New) *[]string, aliases ...string) column {
	return column{name: name, list: of, aliases: aliases}
}

func setType(a *accounts.New, value string) error {
	a.AccountType = auth.AccountType(strings.ToUpper(value))
	return nil // accounts.New.Validate checks it
}

// columnNamed returns the column for a header as people write it, ignoring case, spaces and
// punctuation.
func columnNamed(header string) (column, bool) {
	folded := foldHeader(header)
	for _, c := range columns {
		if strings.ToLower(c.name) == folded {
			return c, true
		}
		for _, alias := range c.aliases {
			if alias == folded {
				return c, true
			}
		}
	}
	return column{}, false
}

func foldHeader(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// set sets an attribute from a cell; an empty cell sets nothing.
func (c column) set(a *accounts.New, cell string) error {
	cell = strings.TrimSpace(cell)
	switch {
	case cell == "" || c.ignored:
	case strings.ContainsRune(cell, 0):
		return wrong(c.name, "it has a NUL character")
	case c.text != nil:
		*c.text(a) = cell
	case c.list != nil:
		*c.list(a) = split(cell)
	default:
		return c.special(a, cell)
	}
	return nil
}

// split splits a cell with several values at semicolons, bars or line breaks.
func split(cell string) []string {
	var values []string
	for _, value := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '|' || r == '\n' }) {
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
		}
	}
	return values
}

// defaults sets what a row omits: the type of a person, a display name from the names.
func defaults(a *accounts.New) {
	if a.AccountType == "" {
		a.AccountType = auth.Normal
	}
	if a.DisplayName == "" {
		a.DisplayName = strings.TrimSpace(a.FirstName + " " + a.LastName)
	}
}
