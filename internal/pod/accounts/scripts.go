package accounts

import (
	"strings"
	"unicode"

	"podium/internal/apierr"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/wire"
	"podium/internal/wording"
)

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
	choice := s.Company(company).MixedScripts
	if choice == companies.AllowMixed {
		return nil, nil
	}
	var flags []NameFlagged
	if new.Username != old.Username {
		if scripts := wording.MixedScripts(new.Username); scripts != nil {
			flags = append(flags, NameFlagged{Attribute: "userName", Name: new.Username, Scripts: scripts})
		}
	}
	if new.DisplayName != old.DisplayName {
		for _, word := range strings.FieldsFunc(new.DisplayName, betweenWords) {
			if scripts := wording.MixedScripts(word); scripts != nil {
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
