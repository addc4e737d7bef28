package barriers

import (
	"slices"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

const selectGroups = `
	SELECT number, company, id, name, members, created, modified
	FROM barrier_groups`

func scanGroup(row db.Row) (g Group, err error) {
	g.Active, g.Policies = true, []string{}
	return g, row.Scan(&g.Number, &g.Company, &g.ID, &g.Name, &g.Members, &g.Created, &g.Modified)
}

const selectPolicies = `
	SELECT number, company, id, type, active, created, modified
	FROM barrier_policies`

func scanPolicy(row db.Row) (p Policy, err error) {
	p.Groups = []string{}
	return p, row.Scan(&p.Number, &p.Company, &p.ID, &p.Type, &p.Active, &p.Created, &p.Modified)
}

// Groups returns a company's groups, oldest first, including those without policies.
func Groups(tx *db.Tx, company wire.CompanyID) ([]Group, error) {
	groups, _, err := everything(tx, company)
	return groups, err
}

// Policies returns a company's policies, oldest first.
func Policies(tx *db.Tx, company wire.CompanyID) ([]Policy, error) {
	_, policies, err := everything(tx, company)
	return policies, err
}

// everything returns a company's groups and policies, each with the ids of the others.
func everything(tx *db.Tx, company wire.CompanyID) ([]Group, []Policy, error) {
	groups, err := db.All(tx, scanGroup, selectGroups+` WHERE company = $1 ORDER BY number`, company)
	if err != nil {
		return nil, nil, err
	}
	policies, err := db.All(tx, scanPolicy, selectPolicies+` WHERE company = $1 ORDER BY number`, company)
	if err != nil {
		return nil, nil, err
	}
	type pair struct{ policy, group int64 }
	pairs, err := db.All(tx, func(r db.Row) (p pair, err error) { return p, r.Scan(&p.policy, &p.group) }, `
		SELECT g.policy, g.grp
		FROM barrier_policies p
		JOIN barrier_policy_groups g ON g.policy = p.number
		WHERE p.company = $1
		ORDER BY g.policy, g.grp`, company)
	for _, p := range pairs {
		g, _ := slices.BinarySearchFunc(groups, p.group, func(g Group, n int64) int { return int(g.Number - n) })
		at, _ := slices.BinarySearchFunc(policies, p.policy, func(p Policy, n int64) int { return int(p.Number - n) })
		groups[g].Policies = append(groups[g].Policies, policies[at].ID)
		policies[at].Groups = append(policies[at].Groups, groups[g].ID)
	}
	return groups, policies, err
}

// FindGroup returns a company's group without the ids of its policies. It fails with db.ErrNoRow if
// there is none.
func FindGroup(tx *db.Tx, company wire.CompanyID, id string) (Group, error) {
	return db.One(tx, scanGroup, selectGroups+` WHERE company = $1 AND id = $2`, company, id)
}

// findPolicy returns a company's policy without the ids of its groups. It fails with db.ErrNoRow if
// there is none.
func findPolicy(tx *db.Tx, company wire.CompanyID, id string) (Policy, error) {
	return db.One(tx, scanPolicy, selectPolicies+` WHERE company = $1 AND id = $2`, company, id)
}

// lockRules locks a company's groups and policies until commit.
func lockRules(tx *db.Tx, company wire.CompanyID) error {
	return tx.Lock(lock.BarriersOf(company))
}

// bumpVersion increments a company's barrier version.
func bumpVersion(tx *db.Tx, company wire.CompanyID) error {
	return tx.Exec(`
		INSERT INTO barrier_versions (company, version)
		VALUES ($1, 1)
		ON CONFLICT (company) DO UPDATE SET version = barrier_versions.version + 1`, company)
}

// blocked reports whether an active policy separates a group's members from others.
func blocked(tx *db.Tx, group int64) (bool, error) {
	n, err := db.Value[int64](tx, `
		SELECT COUNT(*)
		FROM barrier_policy_groups g
		JOIN barrier_policies p ON p.number = g.policy
		WHERE g.grp = $1 AND p.active AND p.type = $2`, group, Block)
	return n > 0, err
}
