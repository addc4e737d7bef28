package barriers

import (
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

// maxName is the most characters of a group's name. The limit is our choice.
const maxName = 256

func checkName(name string) error {
	if strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > maxName || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return apierr.Invalid("name: a group needs a name of at most %d characters", maxName)
	}
	return wording.Line("name", name)
}

func nameTaken(name string, err error) error {
	if db.Conflict(err) == "barrier_groups_company_name_folded_key" {
		return apierr.Invalid("name: there is a group named %q already", name)
	}
	return err
}

// CreateGroup adds a group without members to the caller's company.
func (s *Service) CreateGroup(tx *db.Tx, caller auth.Caller, name string) (Group, error) {
	g := Group{Company: caller.Company, ID: wire.NewHexID(tx.Now()), Name: name, Active: true, Policies: []string{}, Created: tx.Now(), Modified: tx.Now()}
	if err := checkName(name); err != nil {
		return g, err
	}
	if err := lockRules(tx, g.Company); err != nil {
		return g, err
	}
	var err error
	if g.Number, err = tx.Next("places"); err != nil {
		return g, err
	}
	err = nameTaken(name, tx.Exec(`
		INSERT INTO barrier_groups (number, id, company, name, name_folded, members, created, modified)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $6)`, g.Number, g.ID, g.Company, g.Name, wording.Fold(g.Name), g.Created))
	if err != nil {
		return g, err
	}
	return g, s.Journal.Record(tx, caller, journal.Thing(g.ID), GroupCreated{Name: name})
}

// RenameGroup changes the name of a group of the caller's company. It fails with Invalid if there
// is no such group or the name is taken.
func (s *Service) RenameGroup(tx *db.Tx, caller auth.Caller, id, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := lockRules(tx, caller.Company); err != nil {
		return err
	}
	g, err := FindGroup(tx, caller.Company, id)
	if err != nil || g.Name == name {
		return unknownGroup(err)
	}
	err = nameTaken(name, tx.Change(`
		UPDATE barrier_groups
		SET name = $2, name_folded = $3, modified = $4
		WHERE number = $1`, g.Number, name, wording.Fold(name), tx.Now()))
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, journal.Thing(g.ID), GroupRenamed{Old: g.Name, New: name})
}

// holdMembers locks the accounts of all members of a group, and then all barrier stripes of the
// company.
func holdMembers(tx *db.Tx, g Group) error {
	list, err := db.All(tx, db.ScanValue[wire.UserID], `SELECT user_id FROM barrier_members WHERE grp = $1`, g.Number)
	if err != nil {
		return err
	}
	if err := accounts.HoldAll(tx, list); err != nil {
		return err
	}
	return lockAll(tx, g.Company)
}

// DeleteGroup deletes a group of the caller's company. It fails with Invalid if a policy names the
// group.
func (s *Service) DeleteGroup(tx *db.Tx, caller auth.Caller, id string) error {
	if err := lockRules(tx, caller.Company); err != nil {
		return err
	}
	g, err := FindGroup(tx, caller.Company, id)
	if err != nil {
		return unknownGroup(err)
	}
	named, err := db.Value[int64](tx, `SELECT COUNT(*) FROM barrier_policy_groups WHERE grp = $1`, g.Number)
	if err == nil && named > 0 {
		err = apierr.Invalid("policies name the group: delete them first")
	}
	if err != nil {
		return err
	}
	if err := holdMembers(tx, g); err != nil {
		return err
	}
	for {
		page, err := Members(tx, g, 0, maxChange)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		if _, err := s.Remove(tx, caller, id, page); err != nil {
			return err
		}
	}
	if err := tx.Change(`DELETE FROM barrier_groups WHERE number = $1`, g.Number); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, journal.Thing(g.ID), GroupDeleted{Name: g.Name})
}
