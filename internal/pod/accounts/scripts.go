package accounts

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"podium/internal/apierr"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// together lists the scripts that are written together in one word, as in Unicode ("Highly
// Restrictive" of UTS 39, section 5.2).
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// mixed returns the scripts of a text, sorted, if they are several that are not written together,
// and nil otherwise. It ignores digits, signs and other characters common to scripts. Letters of
// full or half width count as the letters they represent.
func mixed(text string) []string {
	if isASCII(text) {
		return nil
	}
	var scripts []string
	for _, r := range norm.NFKC.String(text) {
		if name := script(r); name != "" && !slices.Contains(scripts, name) {
			scripts = append(scripts, name)
		}
	}
	if len(scripts) < 2 {
		return nil
	}
	for _, set := range together {
		if !slices.ContainsFunc(scripts, func(name string) bool { return !slices.Contains(set, name) }) {
			return nil
		}
	}
	slices.Sort(scripts)
	return scripts
}

// script returns the script of a character; empty if several scripts share it.
func script(r rune) string {
	switch {
	case unicode.Is(unicode.Latin, r):
		return "Latin"
	case r < unicode.MaxASCII || unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	}
	for _, name := range frequent {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// frequent lists the scripts to check first, of more than 170.
var frequent = []string{"Cyrillic", "Greek", "Han", "Hangul", "Arabic", "Hebrew", "Hiragana", "Katakana", "Devanagari", "Thai"}

// NameFlagged is recorded beside a change of a name with letters of several scripts, if the
// company's setting is to flag such names.
type NameFlagged struct {
	Attribute string   `json:"attribute"` // userName, displayName
	Name      string   `json:"name"`
	Scripts   []string `json:"scripts"`
}

// Kind returns the name of this fact in the log.
func (NameFlagged) Kind() string { return "user.nameFlagged" }

// Audience returns the company of the actor.
func (NameFlagged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the name that mixes scripts.
func (f NameFlagged) AuditLine(journal.Entry) journal.Line {
	return journal.Action("userNameFlagged", "User name of mixed scripts").Of(f.Attribute).Now(f.Name)
}

// judgeScripts checks the new names of an account: the user name as a whole, the display name word
// by word, because people have names in two scripts. It returns the names to flag or an error, by
// the company's setting.
func (s *Service) judgeScripts(company wire.CompanyID, old, new Attributes) ([]NameFlagged, error) {
	choice := s.company(company).MixedScripts
	if choice == companies.AllowMixed {
		return nil, nil
	}
	var flags []NameFlagged
	if new.Username != old.Username {
		if scripts := mixed(new.Username); scripts != nil {
			flags = append(flags, NameFlagged{Attribute: "userName", Name: new.Username, Scripts: scripts})
		}
	}
	if new.DisplayName != old.DisplayName {
		for _, word := range strings.FieldsFunc(new.DisplayName, betweenWords) {
			if scripts := mixed(word); scripts != nil {
				flags = append(flags, NameFlagged{Attribute: "displayName", Name: new.DisplayName, Scripts: scripts})
				break
			}
		}
	}
	if len(flags) > 0 && choice != companies.FlagMixed {
		f := flags[0]
		return nil, apierr.Invalid("%s: it mixes letters of several scripts (%s)", f.Attribute, strings.Join(f.Scripts, ", "))
	}
	return flags, nil
}

func betweenWords(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
}
