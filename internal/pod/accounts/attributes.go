package accounts

import (
	"slices"
	"strings"

	"podium/internal/auth"
	"podium/internal/wire"
)

// AttributesV1 holds the attributes of an account in the first version of the administration. In a
// request, an absent attribute stays unchanged; an empty text or list clears it. An answer omits
// empty attributes.
type AttributesV1 struct {
	EmailAddress      *string           `json:"emailAddress,omitempty" maxLength:"256" doc:"Unique in the company, whatever the case."`
	FirstName         *string           `json:"firstName,omitempty" maxLength:"64" doc:"Required for a person. First and last name have at most 64 characters, all others 256."`
	LastName          *string           `json:"lastName,omitempty" maxLength:"64"`
	UserName          *string           `json:"userName,omitempty" maxLength:"256" doc:"Unique in the company, whatever the case, among users and applications."`
	DisplayName       *string           `json:"displayName,omitempty" maxLength:"256"`
	CompanyName       *string           `json:"companyName,omitempty" maxLength:"256" doc:"A new account without one gets the company's name."`
	Department        *string           `json:"department,omitempty" maxLength:"256"`
	Division          *string           `json:"division,omitempty" maxLength:"256"`
	Title             *string           `json:"title,omitempty" maxLength:"256"`
	WorkPhoneNumber   *string           `json:"workPhoneNumber,omitempty" maxLength:"256"`
	MobilePhoneNumber *string           `json:"mobilePhoneNumber,omitempty" maxLength:"256"`
	SMSNumber         *string           `json:"smsNumber,omitempty" maxLength:"256"`
	AccountType       *auth.AccountType `json:"accountType,omitempty" doc:"NORMAL for a person, which is the default, SYSTEM for a service. It never changes."`
	Location          *string           `json:"location,omitempty" maxLength:"256"`
	JobFunction       *string           `json:"jobFunction,omitempty" maxLength:"256" doc:"One of the published job functions."`
	AssetClasses      *[]string         `json:"assetClasses,omitempty" maxItems:"100" maxLength:"256" doc:"From the published asset classes."`
	Industries        *[]string         `json:"industries,omitempty" maxItems:"100" maxLength:"256" doc:"From the published industries."`
}

// AttributesV2 holds AttributesV1 and the attributes that the second version added.
type AttributesV2 struct {
	AttributesV1
	TwoFactorAuthPhone  *string   `json:"twoFactorAuthPhone,omitempty" maxLength:"256"`
	RecommendedLanguage *string   `json:"recommendedLanguage,omitempty" maxLength:"256"`
	MarketCoverage      *[]string `json:"marketCoverage,omitempty" maxItems:"100" maxLength:"256"`
	Responsibility      *[]string `json:"responsibility,omitempty" maxItems:"100" maxLength:"256"`
	Function            *[]string `json:"function,omitempty" maxItems:"100" maxLength:"256"`
	Instrument          *[]string `json:"instrument,omitempty" maxItems:"100" maxLength:"256"`
	CurrentKey          *KeyShape `json:"currentKey,omitempty" doc:"The key that the account logs in with."`
	PreviousKey         *KeyShape `json:"previousKey,omitempty" doc:"The previous key, while it is still valid."`
	_                   struct{}  `unread:"userMetadata"` // internal to the publisher
}

// KeyShape is an RSA key of an account, and in a request an action on it.
type KeyShape struct {
	Key            *string    `json:"key,omitempty" maxLength:"16384" doc:"The public key in PEM; line breaks may be missing. Answered as received."`
	ExpirationDate *wire.Time `json:"expirationDate,omitempty" doc:"Only answered, and only for a replaced key."`
	Action         *string    `json:"action,omitempty" maxLength:"32" doc:"Only in requests: SAVE or REVOKE for the current key, REVOKE or EXTEND for the previous one."`
}

// text is an attribute with one text.
type text struct {
	name string // the published name
	max  int    // characters
	of   func(*Attributes) *string
	wire func(*AttributesV2) **string
}

// list is an attribute with a list of texts.
type list struct {
	name string
	of   func(*Attributes) *[]string
	wire func(*AttributesV2) **[]string
}

var texts = []text{
	{"emailAddress", maxAttribute, func(a *Attributes) *string { return &a.Email }, func(w *AttributesV2) **string { return &w.EmailAddress }},
	{"userName", maxAttribute, func(a *Attributes) *string { return &a.Username }, func(w *AttributesV2) **string { return &w.UserName }},
	{"displayName", maxAttribute, func(a *Attributes) *string { return &a.DisplayName }, func(w *AttributesV2) **string { return &w.DisplayName }},
	{"firstName", maxName, func(a *Attributes) *string { return &a.FirstName }, func(w *AttributesV2) **string { return &w.FirstName }},
	{"lastName", maxName, func(a *Attributes) *string { return &a.LastName }, func(w *AttributesV2) **string { return &w.LastName }},
	{"companyName", maxAttribute, func(a *Attributes) *string { return &a.CompanyName }, func(w *AttributesV2) **string { return &w.CompanyName }},
	{"title", maxAttribute, func(a *Attributes) *string { return &a.Title }, func(w *AttributesV2) **string { return &w.Title }},
	{"department", maxAttribute, func(a *Attributes) *string { return &a.Department }, func(w *AttributesV2) **string { return &w.Department }},
	{"division", maxAttribute, func(a *Attributes) *string { return &a.Division }, func(w *AttributesV2) **string { return &w.Division }},
	{"location", maxAttribute, func(a *Attributes) *string { return &a.Location }, func(w *AttributesV2) **string { return &w.Location }},
	{"jobFunction", maxAttribute, func(a *Attributes) *string { return &a.JobFunction }, func(w *AttributesV2) **string { return &w.JobFunction }},
	{"workPhoneNumber", maxAttribute, func(a *Attributes) *string { return &a.WorkPhone }, func(w *AttributesV2) **string { return &w.WorkPhoneNumber }},
	{"mobilePhoneNumber", maxAttribute, func(a *Attributes) *string { return &a.MobilePhone }, func(w *AttributesV2) **string { return &w.MobilePhoneNumber }},
	{"smsNumber", maxAttribute, func(a *Attributes) *string { return &a.SMS }, func(w *AttributesV2) **string { return &w.SMSNumber }},
	{"twoFactorAuthPhone", maxAttribute, func(a *Attributes) *string { return &a.TwoFactorPhone }, func(w *AttributesV2) **string { return &w.TwoFactorAuthPhone }},
	{"recommendedLanguage", maxAttribute, func(a *Attributes) *string { return &a.Language }, func(w *AttributesV2) **string { return &w.RecommendedLanguage }},
}

var lists = []list{
	{"assetClasses", func(a *Attributes) *[]string { return &a.AssetClasses }, func(w *AttributesV2) **[]string { return &w.AssetClasses }},
	{"industries", func(a *Attributes) *[]string { return &a.Industries }, func(w *AttributesV2) **[]string { return &w.Industries }},
	{"marketCoverage", func(a *Attributes) *[]string { return &a.MarketCoverage }, func(w *AttributesV2) **[]string { return &w.MarketCoverage }},
	{"responsibility", func(a *Attributes) *[]string { return &a.Responsibility }, func(w *AttributesV2) **[]string { return &w.Responsibility }},
	{"function", func(a *Attributes) *[]string { return &a.Function }, func(w *AttributesV2) **[]string { return &w.Function }},
	{"instrument", func(a *Attributes) *[]string { return &a.Instrument }, func(w *AttributesV2) **[]string { return &w.Instrument }},
}

// apply changes the given attributes, except the account's type.
func (w *AttributesV2) apply(a *Attributes) {
	for _, t := range texts {
		if given := *t.wire(w); given != nil {
			*t.of(a) = *given
		}
	}
	for _, l := range lists {
		if given := *l.wire(w); given != nil {
			*l.of(a) = slices.Clone(*given)
		}
	}
}

// show sets what the administration answers of attributes, which it points into: they stay as they
// are. A person always has asset classes and industries, as the published servers have it.
func (a *Attributes) show(w *AttributesV2) {
	w.AccountType = &a.AccountType
	for _, t := range texts {
		if text := t.of(a); *text != "" {
			*t.wire(w) = text
		}
	}
	for i, l := range lists {
		values := l.of(a)
		if a.AccountType == auth.Normal && i < 2 && *values == nil {
			values = &[]string{}
		}
		if *values != nil {
			*l.wire(w) = values
		}
	}
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
