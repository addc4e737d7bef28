// Package disclaimers holds the texts that a company's people must read before they talk, and their
// assignment to accounts. Texts are created and changed on the command line, because the published
// API only reads and assigns them. Clients show them.
package disclaimers

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is the chapter disclaimers. Package pod sets its fields.
type Service struct {
	Journal *journal.Log
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, list, get, listUsers, assigned, assign, unassign)
}

// Format is the format of a disclaimer's content.
type Format string

// The published formats.
const (
	Text Format = "TEXT"
	XML  Format = "XML"
)

// Enum returns the published values.
func (Format) Enum() []string { return []string{string(Text), string(XML)} }

// Disclaimer is a text that people must read.
type Disclaimer struct {
	ID       string         `json:"id" doc:"24 hexadecimal digits."`
	Company  wire.CompanyID `json:"-"`
	Name     string         `json:"name"`
	Content  string         `json:"content"`
	Hours    int32          `json:"frequencyInHours" doc:"After how many hours it is shown again in a conversation."`
	Default  bool           `json:"isDefault" doc:"Whether it applies to users who have none assigned."`
	Active   bool           `json:"isActive" doc:"Whether it may be assigned."`
	Created  wire.Time      `json:"createdDate"`
	Modified wire.Time      `json:"modifiedDate"`
	Format   Format         `json:"format"`
}

const selectDisclaimers = `
	SELECT d.id, d.company, d.name, d.content, d.format, d.hours, d.is_default, d.active, d.created, d.modified
	FROM disclaimers d`

func scanDisclaimer(row db.Row) (d Disclaimer, err error) {
	var hours int64
	err = row.Scan(&d.ID, &d.Company, &d.Name, &d.Content, &d.Format, &hours, &d.Default, &d.Active, &d.Created, &d.Modified)
	d.Hours = int32(hours)
	return d, err
}

// Find returns a company's disclaimer. It fails with db.ErrNoRow.
func Find(tx *db.Tx, company wire.CompanyID, id string) (Disclaimer, error) {
	return db.One(tx, scanDisclaimer, selectDisclaimers+` WHERE d.company = $1 AND d.id = $2`, company, id)
}

// List returns a company's disclaimers, oldest first.
func List(tx *db.Tx, company wire.CompanyID) ([]Disclaimer, error) {
	return db.All(tx, scanDisclaimer, selectDisclaimers+` WHERE d.company = $1 ORDER BY d.place`, company)
}
