package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts/terms"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Plant creates many enabled accounts of demo data with the role INDIVIDUAL, in few statements. It
// records no facts and does not validate the attributes.
func Plant(tx *db.Tx, company wire.CompanyID, list []Attributes) error {
	numbers, err := tx.NextMany("users", len(list))
	if err != nil {
		return err
	}
	made := make([]User, len(list))
	found := make([]terms.Terms, len(list))
	roles := make([][]any, len(list))
	for i, a := range list {
		made[i] = User{
			ID: wire.NewUserID(company, numbers[i]), Company: company, Attributes: a,
			Status: Enabled, Created: tx.Now(), Updated: tx.Now(),
		}
		found[i] = termsOf(company, a, Enabled)
		roles[i] = []any{made[i].ID, auth.Individual, company, int64(0)}
	}
	if err := insertUsers(tx, made, found, nil); err != nil {
		return err
	}
	return tx.InsertAll(`
		INSERT INTO user_roles (user_id, role, company, place)
		VALUES`, roles, "")
}

// HighestUsername returns the last of a company's folded user names that begin with a prefix; empty
// if there is none.
func HighestUsername(tx *db.Tx, company wire.CompanyID, prefix string) (string, error) {
	prefix = wording.Fold(prefix)
	return db.Value[string](tx, `
		SELECT COALESCE(MAX(username_folded), '')
		FROM users
		WHERE company = $1 AND username_folded >= $2 AND username_folded < $3`, company, prefix, wording.AfterPrefix(prefix))
}
