package apps

import (
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// Slot is which of an application's two keys a key is.
type Slot string

// The slots.
const (
	Current  Slot = "current"
	Previous Slot = "previous"
)

// Key is a public RSA key with which an application logs in.
type Key struct {
	Slot     Slot
	PEM      string    // as given
	Expires  wire.Time // 0: never
	Replaced wire.Time // when it became the previous key; 0 for the current one
}

// KeysOf returns the public keys that are valid for an application's logins at a given time, the
// current one first.
func KeysOf(tx *db.Tx, company wire.CompanyID, id string, now wire.Time) ([]string, error) {
	keys, err := slots(tx, company, id, now)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = k.PEM
	}
	return texts, nil
}

func slots(tx *db.Tx, company wire.CompanyID, id string, now wire.Time) ([]Key, error) {
	return db.All(tx, scanKey, `
		SELECT slot, pem, expires, replaced
		FROM app_keys
		WHERE company = $1 AND app = $2 AND (expires = 0 OR expires > $3)
		ORDER BY slot`, company, id, now)
}

func scanKey(row db.Row) (k Key, err error) {
	return k, row.Scan(&k.Slot, &k.PEM, &k.Expires, &k.Replaced)
}

// in returns the key of a slot, or the zero Key.
func in(keys []Key, slot Slot) Key {
	for _, k := range keys {
		if k.Slot == slot {
			return k
		}
	}
	return Key{Slot: slot}
}

// KeySaved is recorded when a key is saved for an application. The thumbprint identifies the key.
type KeySaved struct {
	Name       string `json:"name"`
	Thumbprint string `json:"thumbprint"`
}

// Kind returns the name of this fact in the log.
func (KeySaved) Kind() string { return "app.keySaved" }

// Audience returns the company of the actor.
func (KeySaved) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f KeySaved) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("appRsaKeyAdded", "App RSA Key Added").OnApp(of.Subject.ID, f.Name)
}

// KeyRevoked is recorded when an application's key is revoked.
type KeyRevoked struct {
	Name string `json:"name"`
	Slot Slot   `json:"slot"`
}

// Kind returns the name of this fact in the log.
func (KeyRevoked) Kind() string { return "app.keyRevoked" }

// Audience returns the company of the actor.
func (KeyRevoked) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f KeyRevoked) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("appRsaKeyRevoked", "App RSA Key Revoked").OnApp(of.Subject.ID, f.Name)
}

// KeyExtended is recorded when the validity of an application's previous key is extended.
type KeyExtended struct {
	Name    string    `json:"name"`
	Expires wire.Time `json:"expires"`
}

// Kind returns the name of this fact in the log.
func (KeyExtended) Kind() string { return "app.keyExtended" }

// Audience returns the company of the actor.
func (KeyExtended) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f KeyExtended) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("appRsaKeyExtended", "App RSA Key Extended").OnApp(of.Subject.ID, f.Name)
}

// saveKey makes a key the current one. The one before stays valid for the company's overlap. Saving
// the current key again changes nothing.
func (s *Service) saveKey(tx *db.Tx, caller auth.Caller, a App, text string) error {
	key, err := jose.ParsePublicKey(text)
	if err != nil {
		return apierr.Invalid("authenticationKeys.current.key: %s", err)
	}
	keys, err := slots(tx, a.Company, a.ID, tx.Now())
	if err != nil {
		return err
	}
	if before := in(keys, Current); before.PEM != "" {
		if old, err := jose.ParsePublicKey(before.PEM); err == nil && old.Equal(key) {
			return nil
		}
		if in(keys, Previous).PEM != "" {
			return apierr.Invalid("authenticationKeys.current: the previous key is still valid; revoke it first")
		}
		overlap, err := overlapOf(tx, a.Company)
		if err != nil {
			return err
		}
		before.Slot, before.Expires, before.Replaced = Previous, tx.Now().Add(overlap), tx.Now()
		if err := putKey(tx, a, before); err != nil {
			return err
		}
	}
	if err := putKey(tx, a, Key{Slot: Current, PEM: text}); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, a.subject(), KeySaved{Name: a.Name, Thumbprint: jose.Thumbprint(key)})
}

// revokeKey revokes a key at once. The key with which a session was opened is not stored, so all of
// the application's sessions end.
func (s *Service) revokeKey(tx *db.Tx, caller auth.Caller, a App, slot Slot) error {
	n, err := tx.Count(`
		DELETE FROM app_keys
		WHERE company = $1 AND app = $2 AND slot = $3 AND (expires = 0 OR expires > $4)`, a.Company, a.ID, slot, tx.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		return apierr.Invalid("authenticationKeys.%s: there is none to revoke", slot)
	}
	if err := s.changed(tx, a, true); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, a.subject(), KeyRevoked{Name: a.Name, Slot: slot})
}

// extendKey extends the validity of the previous key, but not beyond companies.MaxKeyExtension
// after it was replaced. until 0 means another overlap from now.
func (s *Service) extendKey(tx *db.Tx, caller auth.Caller, a App, until wire.Time) error {
	keys, err := slots(tx, a.Company, a.ID, tx.Now())
	if err != nil {
		return err
	}
	k := in(keys, Previous)
	if k.PEM == "" {
		return apierr.Invalid("authenticationKeys.previous: there is none to extend")
	}
	overlap, err := overlapOf(tx, a.Company)
	if err != nil {
		return err
	}
	switch {
	case until == 0 || until == k.Expires: // the moment it has, sent back with the action
		k.Expires = k.Expires.Add(overlap)
	case until < k.Expires || until > tx.Now().Add(maxExtension):
		return apierr.Invalid("authenticationKeys.previous.expirationDate: it is later than before, and within a year")
	default:
		k.Expires = until
	}
	if k.Replaced == 0 {
		k.Replaced = tx.Now() // an older version of the pod did not store it
	}
	if !companies.MayExtend(k.Replaced, k.Expires) {
		return apierr.Invalid("authenticationKeys.previous: a key cannot be extended beyond 90 days after it was replaced")
	}
	if err := putKey(tx, a, k); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, a.subject(), KeyExtended{Name: a.Name, Expires: k.Expires})
}

// maxExtension is how far ahead a previous key may be extended: the longest overlap of a company.
const maxExtension = 365 * 24 * time.Hour

func overlapOf(tx *db.Tx, company wire.CompanyID) (time.Duration, error) {
	c, err := companies.Find(tx, company)
	return c.KeyOverlap, err
}

func putKey(tx *db.Tx, a App, k Key) error {
	return tx.Exec(`
		INSERT INTO app_keys (company, app, slot, pem, expires, replaced)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (company, app, slot) DO UPDATE SET pem = excluded.pem, expires = excluded.expires, replaced = excluded.replaced`,
		a.Company, a.ID, k.Slot, k.PEM, k.Expires, k.Replaced)
}
