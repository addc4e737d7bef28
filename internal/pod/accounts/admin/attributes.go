package admin

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/pod/accounts"
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

// textMember is an attribute with one text, and its member of a body.
type textMember struct {
	of   func(*accounts.Attributes) *string
	wire func(*AttributesV2) **string
}

// listMember is an attribute with a list of texts, and its member of a body.
type listMember struct {
	of   func(*accounts.Attributes) *[]string
	wire func(*AttributesV2) **[]string
}

var textMembers = []textMember{
	{func(a *accounts.Attributes) *string { return &a.Email }, func(w *AttributesV2) **string { return &w.EmailAddress }},
	{func(a *accounts.Attributes) *string { return &a.Username }, func(w *AttributesV2) **string { return &w.UserName }},
	{func(a *accounts.Attributes) *string { return &a.DisplayName }, func(w *AttributesV2) **string { return &w.DisplayName }},
	{func(a *accounts.Attributes) *string { return &a.FirstName }, func(w *AttributesV2) **string { return &w.FirstName }},
	{func(a *accounts.Attributes) *string { return &a.LastName }, func(w *AttributesV2) **string { return &w.LastName }},
	{func(a *accounts.Attributes) *string { return &a.CompanyName }, func(w *AttributesV2) **string { return &w.CompanyName }},
	{func(a *accounts.Attributes) *string { return &a.Title }, func(w *AttributesV2) **string { return &w.Title }},
	{func(a *accounts.Attributes) *string { return &a.Department }, func(w *AttributesV2) **string { return &w.Department }},
	{func(a *accounts.Attributes) *string { return &a.Division }, func(w *AttributesV2) **string { return &w.Division }},
	{func(a *accounts.Attributes) *string { return &a.Location }, func(w *AttributesV2) **string { return &w.Location }},
	{func(a *accounts.Attributes) *string { return &a.JobFunction }, func(w *AttributesV2) **string { return &w.JobFunction }},
	{func(a *accounts.Attributes) *string { return &a.WorkPhone }, func(w *AttributesV2) **string { return &w.WorkPhoneNumber }},
	{func(a *accounts.Attributes) *string { return &a.MobilePhone }, func(w *AttributesV2) **string { return &w.MobilePhoneNumber }},
	{func(a *accounts.Attributes) *string { return &a.SMS }, func(w *AttributesV2) **string { return &w.SMSNumber }},
	{func(a *accounts.Attributes) *string { return &a.TwoFactorPhone }, func(w *AttributesV2) **string { return &w.TwoFactorAuthPhone }},
	{func(a *accounts.Attributes) *string { return &a.Language }, func(w *AttributesV2) **string { return &w.RecommendedLanguage }},
}

// The first two are those that an answer shows of a person even if they are empty.
var listMembers = []listMember{
	{func(a *accounts.Attributes) *[]string { return &a.AssetClasses }, func(w *AttributesV2) **[]string { return &w.AssetClasses }},
	{func(a *accounts.Attributes) *[]string { return &a.Industries }, func(w *AttributesV2) **[]string { return &w.Industries }},
	{func(a *accounts.Attributes) *[]string { return &a.MarketCoverage }, func(w *AttributesV2) **[]string { return &w.MarketCoverage }},
	{func(a *accounts.Attributes) *[]string { return &a.Responsibility }, func(w *AttributesV2) **[]string { return &w.Responsibility }},
	{func(a *accounts.Attributes) *[]string { return &a.Function }, func(w *AttributesV2) **[]string { return &w.Function }},
	{func(a *accounts.Attributes) *[]string { return &a.Instrument }, func(w *AttributesV2) **[]string { return &w.Instrument }},
}

// apply changes the given attributes, except the account's type.
func (w *AttributesV2) apply(a *accounts.Attributes) {
	for _, t := range textMembers {
		if given := *t.wire(w); given != nil {
			*t.of(a) = *given
		}
	}
	for _, l := range listMembers {
		if given := *l.wire(w); given != nil {
			*l.of(a) = slices.Clone(*given)
		}
	}
}

// fill sets what an answer shows of attributes. It points into a, which must not change afterwards.
// A person always has asset classes and industries, as the published servers have it.
func (w *AttributesV2) fill(a *accounts.Attributes) {
	w.AccountType = &a.AccountType
	for _, t := range textMembers {
		if text := t.of(a); *text != "" {
			*t.wire(w) = text
		}
	}
	for i, l := range listMembers {
		values := l.of(a)
		if a.AccountType == auth.Normal && i < 2 && *values == nil {
			values = &[]string{}
		}
		if *values != nil {
			*l.wire(w) = values
		}
	}
}
