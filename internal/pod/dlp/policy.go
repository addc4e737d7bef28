package dlp

import (
	"encoding/json"
	"errors"
	"strings"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Scope says who gets what a policy looks at.
type Scope string

// The published scopes.
const (
	Internal Scope = "Internal" // users of the author's company alone
	External Scope = "External" // also users of other companies
)

// Enum returns the published values.
func (Scope) Enum() []string { return []string{string(Internal), string(External)} }

// Action is what happens to what a policy finds.
type Action string

// The published actions.
const (
	Block   Action = "Block"
	Warn    Action = "Warn"
	LogOnly Action = "LogOnly"
)

// Enum returns the published values.
func (Action) Enum() []string { return []string{string(Block), string(Warn), string(LogOnly)} }

// Upper returns the action as violations and refusals show it.
func (a Action) Upper() string {
	if a == LogOnly {
		return "LOG_ONLY"
	}
	return strings.ToUpper(string(a))
}

// DataType is what a policy looks at.
type DataType string

// The published types.
const (
	Messages    DataType = "Messages"
	RoomMeta    DataType = "RoomMeta"   // names, descriptions and keywords of rooms
	SignalMeta  DataType = "SignalMeta" // names and rules of signals
	fileContent DataType = "FileContent"
	fileMeta    DataType = "FileMeta" // names and sizes of files
)

// Enum returns the published values.
func (DataType) Enum() []string {
	return []string{string(Messages), string(RoomMeta), string(SignalMeta), string(fileContent), string(fileMeta)}
}

// The forms of the API in which a policy was written last.
const (
	formV1 int64 = 1
	formV3 int64 = 3
)

// policy is a policy in one of its versions.
type policy struct {
	company  wire.CompanyID
	id       string
	form     int64
	name     string
	scopes   []Scope
	applies  []Applies
	active   bool
	deleted  bool
	version  Version
	creator  wire.UserID
	created  wire.Time
	updated  wire.Time
	disabled wire.Time
}

const selectPolicies = `
	SELECT p.company, p.id, p.form, p.active, p.creator, p.created, p.disabled, v.version, v.name, v.scopes, v.applies, v.updated
	FROM dlp_policies p
	JOIN dlp_policy_versions v ON v.company = p.company AND v.policy = p.id`

func scanPolicy(row db.Row) (p policy, err error) {
	var scopes, applies string
	err = row.Scan(&p.company, &p.id, &p.form, &p.active, &p.creator, &p.created, &p.disabled, &p.version, &p.name, &scopes, &applies, &p.updated)
	if err != nil {
		return p, err
	}
	for scope := range strings.FieldsSeq(scopes) {
		p.scopes = append(p.scopes, Scope(scope))
	}
	return p, json.Unmarshal([]byte(applies), &p.applies)
}

// findPolicy returns a policy of a company at a version, 0 for the current one. The first form does
// not know the policies of the third. It fails with NotFound.
func findPolicy(tx *db.Tx, company wire.CompanyID, id string, form int64, version Version) (policy, error) {
	current, err := db.Value[Version](tx, `
		SELECT version
		FROM dlp_policies
		WHERE company = $1 AND id = $2 AND form <= $3`, company, id, form)
	if errors.Is(err, db.ErrNoRow) {
		return policy{}, apierr.NotFound("Policy not found")
	}
	if err != nil {
		return policy{}, err
	}
	if version == 0 {
		version = current
	}
	p, err := db.One(tx, scanPolicy, selectPolicies+` WHERE p.company = $1 AND p.id = $2 AND v.version = $3`, company, id, version)
	if errors.Is(err, db.ErrNoRow) {
		err = apierr.NotFound("Policy version not found")
	}
	return p, err
}

// policiesOf returns the current versions of the policies of a company, oldest first. The first
// form does not know the policies of the third.
func policiesOf(tx *db.Tx, company wire.CompanyID, form int64) ([]policy, error) {
	return db.All(tx, scanPolicy, selectPolicies+`
		WHERE p.company = $1 AND p.form <= $2 AND v.version = p.version
		ORDER BY p.place`, company, form)
}

// insert stores a new policy.
func (p policy) insert(tx *db.Tx) error {
	place, err := tx.Next("places")
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO dlp_policies (company, id, place, form, folded, active, version, creator, created, disabled)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.company, p.id, place, p.form, wording.Fold(p.name), p.active, p.version, p.creator, p.created, p.disabled)
	if err != nil {
		return nameTaken(err)
	}
	return p.addVersion(tx)
}

// update stores a policy. With a new version, it stores that, too.
func (p policy) update(tx *db.Tx, versioned bool) error {
	err := tx.Change(`
		UPDATE dlp_policies
		SET form = $3, folded = $4, active = $5, version = $6, disabled = $7
		WHERE company = $1 AND id = $2`, p.company, p.id, p.form, wording.Fold(p.name), p.active, p.version, p.disabled)
	if err != nil {
		return nameTaken(err)
	}
	if !versioned {
		return nil
	}
	return p.addVersion(tx)
}

// addVersion stores a policy's version, and removes those that are too old to be kept.
func (p policy) addVersion(tx *db.Tx) error {
	applies, err := p.encoded()
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO dlp_policy_versions (company, policy, version, name, scopes, applies, updated)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (company, policy, version) DO UPDATE
		SET name = excluded.name, scopes = excluded.scopes, applies = excluded.applies, updated = excluded.updated`,
		p.company, p.id, p.version, p.name, strings.Join(texts(p.scopes), " "), applies, p.updated)
	if err != nil {
		return err
	}
	return tx.Exec(`
		DELETE FROM dlp_policy_versions
		WHERE company = $1 AND policy = $2 AND version <= $3`, p.company, p.id, p.version-keptVersions)
}

// maxApplies is how many bytes the rules of a policy may have as JSON.
const maxApplies = 256 << 10

// encoded returns what the policy applies to, as JSON. It fails with Invalid if that is too long.
func (p policy) encoded() (string, error) {
	data, err := json.Marshal(p.applies)
	if len(data) > maxApplies {
		return "", apierr.Invalid("appliesTo: it has more than %d bytes", maxApplies)
	}
	return string(data), err
}

// texts returns values as texts.
func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, value := range list {
		out[i] = string(value)
	}
	return out
}

// empty reports whether a policy has nothing to look for.
func (p policy) empty() bool {
	for _, a := range p.applies {
		for _, r := range a.Rules {
			if r.TextMatch == nil || len(r.TextMatch.Dictionaries) > 0 {
				return false
			}
		}
	}
	return true
}
