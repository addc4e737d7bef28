package accounts

import (
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/wording"
)

// checkTexts returns an error for the first changed attribute that package wording refuses.
func (a Attributes) checkTexts(was Attributes) error {
	for _, t := range texts {
		text := wording.Text{Field: t.name, Was: *t.of(&was), Value: *t.of(&a)}
		switch t.name {
		case "userName":
			text.Check = checkUsername
		case "emailAddress":
			text.Check = wording.Identifier
		}
		if err := wording.Changed(text); err != nil {
			return err
		}
	}
	for _, l := range lists {
		if err := wording.ChangedList(l.name, *l.of(&was), *l.of(&a)); err != nil {
			return err
		}
	}
	return nil
}

// missing lists the words that clients write for an absent value. The pod treats them as absent
// parameters.
var missing = []string{"null", "none", "undefined"}

// checkUsername returns an error for a user name with hidden characters, and for one by which no
// look-up finds its account: lists of names are split at commas and trimmed, a name is part of a
// path, and some words mean an absent value.
func checkUsername(field, name string) error {
	if err := wording.Identifier(field, name); err != nil {
		return err
	}
	why := ""
	switch folded := wording.Fold(name); {
	case strings.TrimSpace(name) != name || strings.TrimSpace(folded) != folded:
		why = "it begins or ends with white space"
	case strings.ContainsRune(folded, ','):
		why = "it has a comma, which separates the names of a list"
	case strings.ContainsRune(folded, '/'):
		why = "it has a slash, which separates the parts of a path"
	case folded == "." || folded == "..":
		why = "it is a step of a path"
	case slices.Contains(missing, folded):
		why = "it means an absent name"
	}
	if why != "" {
		return apierr.Invalid("UserName: %s", why)
	}
	return nil
}
