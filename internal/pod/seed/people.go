package seed

import (
	"slices"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/pod/companies"
	"podium/internal/pod/disclaimers"
)

// Acme returns the first demo company. Its keys and secrets are for the caller to fill in.
func Acme() Demo {
	return Demo{
		Company: companies.Defaults(190, "Acme"),
		Domain:  "acme.example",
		Admin:   Service{Username: "acme-admin"},
		Bot:     Service{Username: "acme-bot"},
		App:     &Application{ID: "acme-app", Name: "Acme App", For: []string{"alice", "bob"}},
		People: []Person{
			{First: "Alice", Last: "Archer", Title: "Sales"},
			{First: "Bob", Last: "Baker", Title: "Trader"},
			{First: "Carol", Last: "Carter", Title: "Compliance", Roles: []auth.Role{"COMPLIANCE_OFFICER"}},
			{First: "Adam", Last: "Adler", Title: "Administrator", Roles: []auth.Role{"ADMINISTRATOR", "SUPER_ADMINISTRATOR"}},
		},
		Disclaimers: []disclaimers.Disclaimer{
			{Name: "House disclaimer", Content: "Conversations are recorded.", Hours: 24, Default: true, Active: true, Format: disclaimers.Text},
			{Name: "Research disclaimer", Content: "For professional clients only. Not an offer to buy or sell.", Hours: 168, Active: true, Format: disclaimers.Text},
		},
		Barriers: []Barrier{
			{Groups: []string{"Research", "Trading"}, Active: true},
			{Groups: []string{"Advisory", "Trading"}},
		},
	}
}

// Globex returns the second demo company. Its keys and secrets are for the caller to fill in.
func Globex() Demo {
	return Demo{
		Company: companies.Defaults(191, "Globex"),
		Domain:  "globex.example",
		Admin:   Service{Username: "globex-admin"},
		Bot:     Service{Username: "globex-bot"},
		People: []Person{
			{First: "Dave", Last: "Dixon", Title: "Portfolio Manager"},
			{First: "Erin", Last: "Ellis", Title: "Trader"},
			{First: "Gina", Last: "Green", Title: "Administrator", Roles: []auth.Role{"ADMINISTRATOR", "SUPER_ADMINISTRATOR"}},
		},
	}
}

// barriers creates the groups, each once, and the policies between them.
func (d Demo) barriers(tx *db.Tx, p *pod.Pod) error {
	itself := auth.Caller{Company: d.Company.ID}
	ids := make(map[string]string)
	for _, b := range d.Barriers {
		policy := barriers.Policy{Type: barriers.Block, Active: b.Active}
		for _, name := range b.Groups {
			if ids[name] == "" {
				g, err := p.Barriers.CreateGroup(tx, itself, name)
				if err != nil {
					return err
				}
				ids[name] = g.ID
			}
			policy.Groups = append(policy.Groups, ids[name])
		}
		if _, err := p.Barriers.CreatePolicy(tx, itself, policy); err != nil {
			return err
		}
	}
	return nil
}

func (p Person) username() string { return strings.ToLower(p.First) }

func (d Demo) person(tx *db.Tx, p *pod.Pod, person Person) error {
	username := person.username()
	u, err := p.Accounts.Create(tx, auth.Caller{Company: d.Company.ID}, accounts.New{
		Attributes: accounts.Attributes{
			AccountType: auth.Normal, Username: username, Email: username + "@" + d.Domain,
			DisplayName: person.First + " " + person.Last, FirstName: person.First, LastName: person.Last,
			Title: person.Title, CompanyName: d.Company.Name,
		},
		Roles: person.Roles,
	})
	if err != nil || d.App == nil || !slices.Contains(d.App.For, username) {
		return err
	}
	return p.Apps.Install(tx, auth.Caller{Company: d.Company.ID}, d.App.ID, u, true)
}
