package groups

import (
	"encoding/json"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

const selectGroups = `
	SELECT id, company, name, status, tag, limits, created, created_by, updated, updated_by
	FROM groups`

func scanGroup(row db.Row) (g group, err error) {
	var limits string
	err = row.Scan(&g.id, &g.company, &g.name, &g.status, &g.tag, &limits, &g.created, &g.createdBy, &g.updated, &g.updatedBy)
	if err != nil {
		return g, err
	}
	return g, json.Unmarshal([]byte(limits), &g.limits)
}

func insertGroup(tx *db.Tx, g group) error {
	return taken(g, tx.Exec(`
		INSERT INTO groups (id, company, name, name_folded, status, tag, limits, created, created_by, updated, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		g.id, g.company, g.name, wording.Fold(g.name), g.status, g.tag, g.limits.text(), g.created, g.createdBy, g.updated, g.updatedBy))
}

func saveGroup(tx *db.Tx, g group) error {
	return taken(g, tx.Change(`
		UPDATE groups
		SET name = $2, name_folded = CASE WHEN name = $2 THEN name_folded ELSE $3 END, status = $4, tag = $5, limits = $6, updated = $7, updated_by = $8
		WHERE id = $1`,
		g.id, g.name, wording.Fold(g.name), g.status, g.tag, g.limits.text(), g.updated, g.updatedBy))
}

// taken turns db.ErrExists into the refusal of a name that another group of the company has, a
// deleted one included.
func taken(g group, err error) error {
	if db.Conflict(err) == "groups_company_name_folded_key" {
		return apierr.Invalid("name: there is a group named %q already, active or deleted", g.name)
	}
	return err
}

// membersOf returns the members of groups, by group and then in the order in which they were added.
func membersOf(tx *db.Tx, groups []wire.UserID) ([]member, error) {
	return db.All(tx, func(row db.Row) (m member, err error) {
		return m, row.Scan(&m.group, &m.user, &m.added)
	}, `
		SELECT group_id, user_id, added
		FROM group_members
		WHERE group_id IN ($1)
		ORDER BY group_id, added, user_id`, groups)
}

func insertMembers(tx *db.Tx, id wire.UserID, list []wire.UserID) error {
	rows := make([][]any, len(list))
	for i, user := range list {
		rows[i] = []any{id, user, tx.Now()}
	}
	return tx.InsertAll(`
		INSERT INTO group_members (group_id, user_id, added)
		VALUES`, rows, "")
}

func deleteMembers(tx *db.Tx, id wire.UserID, list []wire.UserID) error {
	if len(list) == 0 {
		return nil
	}
	return tx.Exec(`DELETE FROM group_members WHERE group_id = $1 AND user_id IN ($2)`, id, list)
}
