package disclaimers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Limits. They are our choice; ten years is far more than is useful.
const (
	maxName    = 256
	maxContent = 16_384
	maxHours   = 10 * 365 * 24
)

// Validate returns an error that names the first invalid field.
func (d Disclaimer) Validate() error {
	switch {
	case strings.TrimSpace(d.Name) == "" || utf8.RuneCountInString(d.Name) > maxName:
		return apierr.Invalid("name: a disclaimer needs a name of at most %d characters", maxName)
	case strings.TrimSpace(d.Content) == "" || utf8.RuneCountInString(d.Content) > maxContent:
		return apierr.Invalid("content: a disclaimer needs a text of at most %d characters", maxContent)
	case !utf8.ValidString(d.Name+d.Content) || strings.ContainsRune(d.Name+d.Content, 0):
		return apierr.Invalid("name, content: they are not valid text")
	case d.Hours < 1 || d.Hours > maxHours:
		return apierr.Invalid("frequency: it is between 1 and %d hours", maxHours)
	case !slices.Contains(d.Format.Enum(), string(d.Format)):
		return apierr.Invalid("format: one of %v is expected", d.Format.Enum())
	case d.Default && !d.Active:
		return apierr.Invalid("default: an inactive disclaimer cannot be the default one")
	}
	return nil
}

// checkTexts returns an error for the first changed text of a disclaimer that package wording
// refuses.
func (d Disclaimer) checkTexts(was Disclaimer) error {
	return wording.Changed(
		wording.Text{Field: "name", Was: was.Name, Value: d.Name},
		wording.Text{Field: "content", Was: was.Content, Value: d.Content, Check: wording.Prose},
	)
}

// Created is recorded when a disclaimer is created.
type Created struct {
	Name    string `json:"name"`
	Default bool   `json:"default"`
	Active  bool   `json:"active"`
}

// Kind returns the name of this fact in the log.
func (Created) Kind() string { return "disclaimer.created" }

// Audience returns the company of the actor.
func (Created) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Created) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(journal.ByOperator) }

// Create creates a disclaimer. If it is the default, the previous default no longer is.
func Create(tx *db.Tx, log *journal.Log, d Disclaimer) (Disclaimer, error) {
	if err := d.Validate(); err != nil {
		return d, err
	}
	if err := d.checkTexts(Disclaimer{}); err != nil {
		return d, err
	}
	d.ID, d.Created, d.Modified = wire.NewHexID(tx.Now()), tx.Now(), tx.Now()
	if err := makeRoom(tx, d); err != nil {
		return d, err
	}
	place, err := tx.Next("places")
	if err != nil {
		return d, err
	}
	err = tx.Exec(`
		INSERT INTO disclaimers (company, id, name, content, format, hours, is_default, active, created, modified, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		d.Company, d.ID, d.Name, d.Content, d.Format, int64(d.Hours), d.Default, d.Active, d.Created, d.Modified, place)
	if err != nil {
		return d, err
	}
	created := Created{Name: d.Name, Default: d.Default, Active: d.Active}
	return d, log.Record(tx, auth.Caller{Company: d.Company}, journal.Thing(d.ID), created)
}

// Changed is recorded when a disclaimer changes. It omits the text, which may be long.
type Changed struct {
	Name    string `json:"name"`
	Default bool   `json:"default"`
	Active  bool   `json:"active"`
}

// Kind returns the name of this fact in the log.
func (Changed) Kind() string { return "disclaimer.changed" }

// Audience returns the company of the actor.
func (Changed) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Changed) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(journal.ByOperator) }

// Update changes an existing disclaimer. It stays assigned when it becomes inactive.
func Update(tx *db.Tx, log *journal.Log, d Disclaimer) error {
	if err := d.Validate(); err != nil {
		return err
	}
	was, err := Find(tx, d.Company, d.ID)
	if err != nil {
		return unknown(err)
	}
	if err := d.checkTexts(was); err != nil {
		return err
	}
	if err := makeRoom(tx, d); err != nil {
		return err
	}
	err = tx.Change(`
		UPDATE disclaimers
		SET name = $3, content = $4, format = $5, hours = $6, is_default = $7, active = $8, modified = $9
		WHERE company = $1 AND id = $2`,
		d.Company, d.ID, d.Name, d.Content, d.Format, int64(d.Hours), d.Default, d.Active, tx.Now())
	if err != nil {
		return unknown(err)
	}
	changed := Changed{Name: d.Name, Default: d.Default, Active: d.Active}
	return log.Record(tx, auth.Caller{Company: d.Company}, journal.Thing(d.ID), changed)
}

// makeRoom locks the company's disclaimers until commit. If d is the default, it makes the previous
// default an ordinary one.
func makeRoom(tx *db.Tx, d Disclaimer) error {
	if err := tx.Lock(lock.DisclaimersOf(d.Company)); err != nil || !d.Default {
		return err
	}
	return tx.Exec(`
		UPDATE disclaimers
		SET is_default = FALSE, modified = $3
		WHERE company = $1 AND id <> $2 AND is_default`, d.Company, d.ID, tx.Now())
}
