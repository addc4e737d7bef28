package communityconnect

import (
	"net/url"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/companies"
	"podium/internal/wire"
	"podium/internal/wording"
)

// The published codes of refusals, and ours for an address that nothing stands in the way of.
const (
	codeUserExists    = "USER_ALREADY_EXISTS"
	codeCompanyExists = "COMPANY_ALREADY_EXISTS_USER_NEEDS_ACCESS"
	codeChannelExists = "COMCO_COMPANY_ALREADY_EXISTS_USER_NEED_ACCESS"
	codeUnexpected    = "UNEXPECTED_ERROR"
	codeAvailable     = "AVAILABLE_FOR_ONBOARDING"
)

var getAvailability = op.Operation[Service]{
	ID:      "getUserOnboardingAvailability",
	Route:   "GET /connect-service/v1/onboarding/tenant",
	Tag:     tag,
	Summary: "Read whether a person with an e-mail address can become a sponsored user.",
	About: "The code is USER_ALREADY_EXISTS, COMPANY_ALREADY_EXISTS_USER_NEEDS_ACCESS, " +
		"COMCO_COMPANY_ALREADY_EXISTS_USER_NEED_ACCESS for a known channel company, or " +
		"AVAILABLE_FOR_ONBOARDING. The last two mean that the person can. The access token may be " +
		"in the query.",
	Needs:        provisioning,
	TokenInQuery: true,
	Errors:       connectErrors,
	Handle:       op.Read((*Service).availability),
}

type availabilityInput struct {
	Peer  op.Peer
	Email string `query:"email" minLength:"3" maxLength:"254"`
}

func (in availabilityInput) Validate() error {
	if !accounts.IsEmail(in.Email) {
		return apierr.Invalid("email: it is not an e-mail address")
	}
	return nil
}

// Availability is whether a person can become a sponsored user.
type Availability struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`
	Details Details `json:"details" doc:"Always empty."`
	PodURL  string  `json:"podUrl,omitempty" doc:"The host name of the pod that has the user or the company, if it is known."`
}

func (s *Service) availability(tx *db.Tx, caller auth.Caller, in availabilityInput) (Availability, error) {
	here := ""
	if m, ok := s.Companies.Get(caller.Company); ok {
		here = hostOf(m)
	}
	if site, err := url.Parse(in.Peer.Site); err == nil && here == "" {
		here = site.Host
	}
	found, err := accounts.WithEmails(tx, []wire.CompanyID{caller.Company}, []string{wording.Fold(in.Email)})
	if err != nil {
		return Availability{}, err
	}
	for _, u := range found {
		if u.Status == accounts.Enabled {
			return Availability{Code: codeUserExists, Message: "User is already on Symphony", PodURL: here}, nil
		}
	}
	domain := domainOf(in.Email)
	if m, ok := s.Companies.WithDomain(domain); ok {
		at := hostOf(m)
		if m.ID == caller.Company {
			at = here
		}
		return Availability{Code: codeCompanyExists, Message: "Company is already on Symphony but user needs access", PodURL: at}, nil
	}
	channels, err := withDomains(tx, caller.Company, []string{domain})
	if err != nil {
		return Availability{}, err
	}
	if _, ok := channels[domain]; ok {
		return Availability{Code: codeChannelExists, Message: "Company is already sponsored but user needs access", PodURL: here}, nil
	}
	return Availability{Code: codeAvailable, Message: "Neither the user nor the company is on Symphony"}, nil
}

// hostOf returns the first host name of a company; empty if it has none.
func hostOf(m *companies.Member) string {
	if len(m.Hosts) == 0 {
		return ""
	}
	return m.Hosts[0]
}
