package groups

import (
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/pod/accounts"
	"podium/internal/pod/profiles"
	"podium/internal/wording"
)

// BaseProfile is the profile of a group. Its e-mail address need not be unique.
type BaseProfile struct {
	DisplayName            string   `json:"displayName" maxLength:"256" doc:"Expected to be the name. All texts have at most 256 characters."`
	CompanyName            string   `json:"companyName,omitempty" maxLength:"256" doc:"If absent, the name of the company."`
	Email                  string   `json:"email,omitempty" maxLength:"256"`
	Mobile                 string   `json:"mobile,omitempty" maxLength:"256"`
	JobTitle               string   `json:"jobTitle,omitempty" maxLength:"256"`
	JobRole                string   `json:"jobRole,omitempty" maxLength:"256"`
	JobDepartment          string   `json:"jobDepartment,omitempty" maxLength:"256"`
	JobDivision            string   `json:"jobDivision,omitempty" maxLength:"256"`
	JobPhone               string   `json:"jobPhone,omitempty" maxLength:"256"`
	JobCity                string   `json:"jobCity,omitempty" maxLength:"256"`
	IndustryOfInterest     []string `json:"industryOfInterest,omitempty" maxItems:"100" maxLength:"256"`
	AssetClassesOfInterest []string `json:"assetClassesOfInterest,omitempty" maxItems:"100" maxLength:"256"`
	MarketCoverage         []string `json:"marketCoverage,omitempty" maxItems:"100" maxLength:"256"`
	Responsibility         []string `json:"responsibility,omitempty" maxItems:"100" maxLength:"256"`
	Function               []string `json:"function,omitempty" maxItems:"100" maxLength:"256"`
	Instrument             []string `json:"instrument,omitempty" maxItems:"100" maxLength:"256"`
}

// Profile is a BaseProfile in an answer.
type Profile struct {
	BaseProfile
	ID      string            `json:"id" doc:"The picture of the list's account, like those of users."`
	Avatars []profiles.Avatar `json:"avatars"`
}

// Limits of a profile, in characters and values: those of users' attributes.
const (
	maxText   = 256
	maxValues = 100
)

// attributes returns the profile as attributes of the group's account.
func (p BaseProfile) attributes() accounts.Attributes {
	return accounts.Attributes{
		DisplayName: p.DisplayName, CompanyName: p.CompanyName, Email: p.Email, MobilePhone: p.Mobile, Title: p.JobTitle,
		JobFunction: p.JobRole, Department: p.JobDepartment, Division: p.JobDivision, WorkPhone: p.JobPhone, Location: p.JobCity,
		Industries: p.IndustryOfInterest, AssetClasses: p.AssetClassesOfInterest, MarketCoverage: p.MarketCoverage,
		Responsibility: p.Responsibility, Function: p.Function, Instrument: p.Instrument,
	}
}

func profileOf(u accounts.User) Profile {
	return Profile{ID: u.ID.String(), Avatars: profiles.Avatars(u), BaseProfile: BaseProfile{
		DisplayName: u.DisplayName, CompanyName: u.CompanyName, Email: u.Email, Mobile: u.MobilePhone, JobTitle: u.Title,
		JobRole: u.JobFunction, JobDepartment: u.Department, JobDivision: u.Division, JobPhone: u.WorkPhone, JobCity: u.Location,
		IndustryOfInterest: u.Industries, AssetClassesOfInterest: u.AssetClasses, MarketCoverage: u.MarketCoverage,
		Responsibility: u.Responsibility, Function: u.Function, Instrument: u.Instrument,
	}}
}

// check returns an error that names the first invalid member.
func (p BaseProfile) check() error {
	if strings.TrimSpace(p.DisplayName) == "" {
		return apierr.Invalid("profile.displayName: it is required")
	}
	if p.Email != "" && !accounts.IsEmail(p.Email) {
		return apierr.Invalid("profile.email: it is not an e-mail address")
	}
	for _, t := range []struct{ name, value string }{
		{"displayName", p.DisplayName}, {"companyName", p.CompanyName}, {"email", p.Email}, {"mobile", p.Mobile},
		{"jobTitle", p.JobTitle}, {"jobRole", p.JobRole}, {"jobDepartment", p.JobDepartment}, {"jobDivision", p.JobDivision},
		{"jobPhone", p.JobPhone}, {"jobCity", p.JobCity},
	} {
		if utf8.RuneCountInString(t.value) > maxText {
			return apierr.Invalid("profile.%s: it has more than %d characters", t.name, maxText)
		}
	}
	for _, l := range []struct {
		name   string
		values []string
	}{
		{"industryOfInterest", p.IndustryOfInterest}, {"assetClassesOfInterest", p.AssetClassesOfInterest},
		{"marketCoverage", p.MarketCoverage}, {"responsibility", p.Responsibility}, {"function", p.Function}, {"instrument", p.Instrument},
	} {
		if err := checkValues(l.name, l.values); err != nil {
			return err
		}
	}
	return nil
}

// checkTexts returns an error for the first changed text of a profile that package wording refuses.
func (p BaseProfile) checkTexts(was BaseProfile) error {
	err := wording.Changed(
		wording.Text{Field: "profile.displayName", Was: was.DisplayName, Value: p.DisplayName},
		wording.Text{Field: "profile.companyName", Was: was.CompanyName, Value: p.CompanyName},
		wording.Text{Field: "profile.email", Was: was.Email, Value: p.Email, Check: wording.Identifier},
		wording.Text{Field: "profile.mobile", Was: was.Mobile, Value: p.Mobile},
		wording.Text{Field: "profile.jobTitle", Was: was.JobTitle, Value: p.JobTitle},
		wording.Text{Field: "profile.jobRole", Was: was.JobRole, Value: p.JobRole},
		wording.Text{Field: "profile.jobDepartment", Was: was.JobDepartment, Value: p.JobDepartment},
		wording.Text{Field: "profile.jobDivision", Was: was.JobDivision, Value: p.JobDivision},
		wording.Text{Field: "profile.jobPhone", Was: was.JobPhone, Value: p.JobPhone},
		wording.Text{Field: "profile.jobCity", Was: was.JobCity, Value: p.JobCity},
	)
	for _, l := range []struct {
		name         string
		were, values []string
	}{
		{"industryOfInterest", was.IndustryOfInterest, p.IndustryOfInterest}, {"assetClassesOfInterest", was.AssetClassesOfInterest, p.AssetClassesOfInterest},
		{"marketCoverage", was.MarketCoverage, p.MarketCoverage}, {"responsibility", was.Responsibility, p.Responsibility},
		{"function", was.Function, p.Function}, {"instrument", was.Instrument, p.Instrument},
	} {
		if err == nil {
			err = wording.ChangedList("profile."+l.name, l.were, l.values)
		}
	}
	return err
}

func checkValues(name string, values []string) error {
	if len(values) > maxValues {
		return apierr.Invalid("profile.%s: it has more than %d values", name, maxValues)
	}
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		switch {
		case strings.TrimSpace(v) == "":
			return apierr.Invalid("profile.%s: a value is empty", name)
		case utf8.RuneCountInString(v) > maxText:
			return apierr.Invalid("profile.%s: a value has more than %d characters", name, maxText)
		case seen[v]:
			return apierr.Invalid("profile.%s: %q is given twice", name, v)
		}
		seen[v] = true
	}
	return nil
}
