package accounts

import (
	"slices"
	"strings"
)

// text is an attribute with one text.
type text struct {
	name string // the published name
	max  int    // characters
	of   func(*Attributes) *string
}

// list is an attribute with a list of texts.
type list struct {
	name string // the published name
	of   func(*Attributes) *[]string
}

var texts = []text{
	{"emailAddress", maxAttribute, func(a *Attributes) *string { return &a.Email }},
	{"userName", maxAttribute, func(a *Attributes) *string { return &a.Username }},
	{"displayName", maxAttribute, func(a *Attributes) *string { return &a.DisplayName }},
	{"firstName", maxName, func(a *Attributes) *string { return &a.FirstName }},
	{"lastName", maxName, func(a *Attributes) *string { return &a.LastName }},
	{"companyName", maxAttribute, func(a *Attributes) *string { return &a.CompanyName }},
	{"title", maxAttribute, func(a *Attributes) *string { return &a.Title }},
	{"department", maxAttribute, func(a *Attributes) *string { return &a.Department }},
	{"division", maxAttribute, func(a *Attributes) *string { return &a.Division }},
	{"location", maxAttribute, func(a *Attributes) *string { return &a.Location }},
	{"jobFunction", maxAttribute, func(a *Attributes) *string { return &a.JobFunction }},
	{"workPhoneNumber", maxAttribute, func(a *Attributes) *string { return &a.WorkPhone }},
	{"mobilePhoneNumber", maxAttribute, func(a *Attributes) *string { return &a.MobilePhone }},
	{"smsNumber", maxAttribute, func(a *Attributes) *string { return &a.SMS }},
	{"twoFactorAuthPhone", maxAttribute, func(a *Attributes) *string { return &a.TwoFactorPhone }},
	{"recommendedLanguage", maxAttribute, func(a *Attributes) *string { return &a.Language }},
}

var lists = []list{
	{"assetClasses", func(a *Attributes) *[]string { return &a.AssetClasses }},
	{"industries", func(a *Attributes) *[]string { return &a.Industries }},
	{"marketCoverage", func(a *Attributes) *[]string { return &a.MarketCoverage }},
	{"responsibility", func(a *Attributes) *[]string { return &a.Responsibility }},
	{"function", func(a *Attributes) *[]string { return &a.Function }},
	{"instrument", func(a *Attributes) *[]string { return &a.Instrument }},
}

// difference is an attribute that differs between two states of an account.
type difference struct{ name, old, new string }

func (a Attributes) differences(b Attributes) []difference {
	var all []difference
	for _, t := range texts {
		if old, new := *t.of(&a), *t.of(&b); old != new {
			all = append(all, difference{t.name, old, new})
		}
	}
	for _, l := range lists {
		if old, new := *l.of(&a), *l.of(&b); !slices.Equal(old, new) {
			all = append(all, difference{l.name, bracketed(old), bracketed(new)})
		}
	}
	return all
}

// bracketed returns a list as the published audit trail writes it: [Individual,Administrator].
func bracketed(values []string) string { return "[" + strings.Join(values, ",") + "]" }
