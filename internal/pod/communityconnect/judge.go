package communityconnect

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wording"
)

// The published codes of sponsored users that are created.
const (
	codeNewCompany = "USER_ADDED_NEW_COMPANY"
	codeKnown      = "USER_ADDED_EXISTING_COMPANY"
	codeOtherName  = "USER_ADDED_TO_DIFFERENT_COMPANY_NAME"
)

// judged is who of a request becomes a sponsored user, and of which channel company.
type judged struct {
	company channel // its id is 0 if it is to be created
	domains []string
	code    string // of those that passed
	passed  []accounts.Checked
	refused []RefusedUser
}

// judge decides who of a request becomes a sponsored user. It locks the user names.
func (s *Service) judge(tx *db.Tx, caller auth.Caller, in NewUsers) (judged, error) {
	j := judged{refused: []RefusedUser{}}
	names, err := s.names(tx, caller, in.Users)
	if err != nil {
		return j, err
	}
	var domains []string
	for _, p := range in.Users {
		domains = append(domains, domainOf(p.Email))
	}
	owners, err := withDomains(tx, caller.Company, domains)
	if err != nil {
		return j, err
	}
	asked, known := channel{name: in.CompanyName}, false
	if in.CompanyName != "" {
		if c, ok, err := withName(tx, caller.Company, in.CompanyName); err != nil {
			return j, err
		} else if ok {
			asked, known = c, true
		}
	}
	chosen := false
	for i, p := range in.Users {
		company := j.company
		owner, owned := owners[domains[i]]
		switch {
		case !chosen && owned:
			company = owner
		case !chosen:
			company = asked
		}
		switch m, ours := s.Companies.WithDomain(domains[i]); {
		case names.of[i] == "":
			j.refuse(p, codeUserExists, "A user with this e-mail address exists already")
			continue
		case ours:
			message := "The company has a pod, and the user needs access to it"
			if host := hostOf(m); host != "" {
				message += ": " + host
			}
			j.refuse(p, codeCompanyExists, message)
			continue
		case owned && owner.id != company.id:
			j.refuse(p, codeUnexpected, fmt.Sprintf("email: the company %s has the domain %s; send its users in a request of their own", owner.name, domains[i]))
			continue
		case company.name == "":
			return j, apierr.Invalid("companyName: it is required, because no company has the domain %s", domains[i])
		}
		r, err := s.Accounts.Check(caller.Company, accounts.New{Attributes: p.attributes(names.of[i], company.name)})
		var refused *apierr.Error
		if errors.As(err, &refused) {
			j.refuse(p, codeUnexpected, messageOf(inOurWords(refused)))
			continue
		}
		if err != nil {
			return j, err
		}
		chosen, j.company, j.passed = true, company, append(j.passed, r)
		if !owned && !slices.Contains(j.domains, domains[i]) {
			j.domains = append(j.domains, domains[i])
		}
	}
	switch {
	case j.company.id == 0:
		j.code = codeNewCompany
	case in.CompanyName == "" || known && asked.id == j.company.id:
		j.code = codeKnown
	default:
		j.code = codeOtherName
	}
	return j, nil
}

func (j *judged) refuse(p Person, code, message string) {
	j.refused = append(j.refused, RefusedUser{Person: p, Code: code, Message: message})
}

func messageOf(err error) string {
	var refused *apierr.Error
	errors.As(err, &refused)
	return refused.Message
}

// newNames holds the user names of new accounts; empty for one whose e-mail address is taken.
type newNames struct{ of []string }

// names returns the user names of new accounts: the e-mail address, or the address with a number if
// something has that name, such as the disabled account of the same person.
func (s *Service) names(tx *db.Tx, caller auth.Caller, people []Person) (n newNames, err error) {
	numbers, err := tx.NextMany("places", len(people))
	if err != nil {
		return n, err
	}
	emails, candidates := make([]string, len(people)), make([]string, 0, 2*len(people))
	other := func(i int) string { return people[i].Email + "-" + strconv.FormatInt(numbers[i], 10) }
	for i, p := range people {
		emails[i] = p.Email
		candidates = append(candidates, p.Email, other(i))
	}
	taken, err := s.Accounts.Taken(tx, caller.Company, candidates, emails)
	if err != nil {
		return n, err
	}
	n.of = make([]string, len(people))
	seen := map[string]bool{}
	for i, p := range people {
		folded := wording.Fold(p.Email)
		if taken.Email(p.Email) || seen[folded] {
			continue
		}
		seen[folded], n.of[i] = true, p.Email
		if _, ok := taken.Username(p.Email); ok {
			n.of[i] = other(i)
		}
	}
	return n, nil
}
