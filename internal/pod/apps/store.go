package apps

import (
	"encoding/json"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

const selectApps = `
	SELECT company, id, name, url, domain, publisher, icon_url, description, allow_origins, notification_url,
		notification_key, properties, permissions, certificate, enabled, listed, install, created, epoch,
		acts_unnamed
	FROM apps`

func scanApp(row db.Row) (a App, err error) {
	var properties, permissions string
	err = row.Scan(&a.Company, &a.ID, &a.Name, &a.URL, &a.Domain, &a.Publisher, &a.IconURL, &a.Description, &a.AllowOrigins,
		&a.NotificationURL, &a.NotificationKey, &properties, &permissions, &a.Certificate, &a.Enabled, &a.Listed, &a.Install,
		&a.Created, &a.Epoch, &a.ActsUnnamed)
	if err != nil {
		return a, err
	}
	for _, p := range strings.Fields(permissions) {
		a.Permissions = append(a.Permissions, auth.Permission(p))
	}
	a.Properties, err = readList[Property](properties)
	return a, err
}

// readList parses a column that holds a list: a JSON array, or empty for an empty list.
func readList[T any](text string) (list []T, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &list)
	}
	return list, err
}

func writeList[T any](list []T) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // texts and booleans: it cannot fail
	return string(text)
}

func joined(permissions []auth.Permission) string {
	words := make([]string, len(permissions))
	for i, p := range permissions {
		words[i] = string(p)
	}
	return strings.Join(words, " ")
}

func insertApp(tx *db.Tx, a App) error {
	err := tx.Exec(`
		INSERT INTO apps (company, id, id_folded, name, url, domain, publisher, icon_url, description, allow_origins,
			notification_url, notification_key, properties, permissions, certificate, enabled, listed, install, created, epoch,
			acts_unnamed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		a.Company, a.ID, wording.Fold(a.ID), a.Name, a.URL, a.Domain, a.Publisher, a.IconURL, a.Description, a.AllowOrigins,
		a.NotificationURL, a.NotificationKey, writeList(a.Properties), joined(a.Permissions), a.Certificate, a.Enabled,
		a.Listed, a.Install, a.Created, a.Epoch, a.ActsUnnamed)
	if db.Conflict(err) == "apps_pkey" {
		return apierr.Invalid(exists)
	}
	return err
}

// exists is the refusal of an id that another application has.
const exists = "appId: Application already exists"

// idTaken reports whether an application of the company has an id, whatever its case, form or
// width.
func idTaken(tx *db.Tx, company wire.CompanyID, id string) (bool, error) {
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM apps WHERE company = $1 AND id_folded = $2`, company, wording.Fold(id))
	return n > 0, err
}

// updateAttributes stores all attributes except the company's entitlement and the epoch.
func updateAttributes(tx *db.Tx, a App) error {
	return tx.Change(`
		UPDATE apps
		SET name = $3, url = $4, domain = $5, publisher = $6, icon_url = $7, description = $8, allow_origins = $9,
			notification_url = $10, notification_key = $11, properties = $12, permissions = $13, certificate = $14,
			acts_unnamed = $15
		WHERE company = $1 AND id = $2`,
		a.Company, a.ID, a.Name, a.URL, a.Domain, a.Publisher, a.IconURL, a.Description, a.AllowOrigins,
		a.NotificationURL, a.NotificationKey, writeList(a.Properties), joined(a.Permissions), a.Certificate,
		a.ActsUnnamed)
}

// all returns a company's applications, oldest first.
func all(tx *db.Tx, company wire.CompanyID) ([]App, error) {
	return db.All(tx, scanApp, selectApps+` WHERE company = $1 ORDER BY created, id`, company)
}
