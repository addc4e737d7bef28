package accounts

import (
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// Slot is which of an account's two keys a key is.
type Slot string

// The slots.
const (
	Current  Slot = "current"
	Previous Slot = "previous"
)

// Key is a public RSA key with which an account logs in.
type Key struct {
	Slot     Slot
	PEM      string    // as given
	Expires  wire.Time // 0: never
	Replaced wire.Time // when it became the previous key; 0 for the current one
}

// KeysOf returns the keys of an account that are valid at a given time, the current one first.
func KeysOf(tx *db.Tx, id wire.UserID, now wire.Time) ([]Key, error) {
	return db.All(tx, scanKey, `
		SELECT slot, pem, expires, replaced
		FROM user_keys
		WHERE user_id = $1 AND (expires = 0 OR expires > $2)
		ORDER BY slot`, id, now)
}

func scanKey(row db.Row) (k Key, err error) {
	return k, row.Scan(&k.Slot, &k.PEM, &k.Expires, &k.Replaced)
}

// KeyChanged is recorded when a key is saved, revoked or extended. The thumbprint identifies the
// key.
type KeyChanged struct {
	Action     string    `json:"action"` // saved, revoked or extended
	Slot       Slot      `json:"slot"`
	Thumbprint string    `json:"thumbprint,omitempty"`
	Expires    wire.Time `json:"expires,omitempty"`
}

// Kind returns the name of this fact in the log.
func (KeyChanged) Kind() string { return "user.keyChanged" }

// Audience returns the company of the actor.
func (KeyChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine names what was done with the key.
func (f KeyChanged) AuditLine(journal.Entry) journal.Line {
	switch f.Action {
	case "revoked":
		return journal.Action("rsaKeyRevoked", "RSA Key Revoked")
	case "extended":
		return journal.Action("rsaKeyExtended", "RSA Key Extended")
	}
	return journal.Action("rsaKeyAdded", "RSA Key Added")
}

// SaveKey makes a key the current one. The one before stays valid for the overlap.
func (s *Service) SaveKey(tx *db.Tx, caller auth.Caller, u User, pem string, overlap time.Duration) error {
	key, err := jose.ParsePublicKey(pem)
	if err != nil {
		return apierr.Invalid("currentKey.key: %s", err)
	}
	keys, err := s.lockedKeys(tx, u)
	if err != nil {
		return err
	}
	if len(keys) == 2 {
		return apierr.Invalid("currentKey: the previous key is still valid; revoke it first")
	}
	if len(keys) == 1 && keys[0].Slot == Current {
		if old, err := jose.ParsePublicKey(keys[0].PEM); err == nil && old.Equal(key) {
			return apierr.Invalid("currentKey.key: it is the current key already")
		}
		if err := putKey(tx, u.ID, Key{Slot: Previous, PEM: keys[0].PEM, Expires: tx.Now().Add(overlap), Replaced: tx.Now()}); err != nil {
			return err
		}
	}
	if err := putKey(tx, u.ID, Key{Slot: Current, PEM: pem}); err != nil {
		return err
	}
	return s.keyChanged(tx, caller, u, KeyChanged{Action: "saved", Slot: Current, Thumbprint: jose.Thumbprint(key)})
}

// RevokeKey revokes a key at once, and ends the sessions opened by RSA login. If it is the current
// key, a previous key that is still valid takes its place.
func (s *Service) RevokeKey(tx *db.Tx, caller auth.Caller, u User, slot Slot) error {
	keys, err := s.lockedKeys(tx, u)
	if err != nil {
		return err
	}
	if !holds(keys, slot) {
		return apierr.Invalid("%sKey: there is none to revoke", slot)
	}
	// The account's row comes first, because a login changes it too: the session of an earlier
	// login is ended here, and a later login finds the account changed.
	if err := touch(tx, u); err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM user_keys WHERE user_id = $1 AND slot = $2`, u.ID, slot); err != nil {
		return err
	}
	if slot == Current && holds(keys, Previous) {
		err := tx.Change(`UPDATE user_keys SET slot = $2, expires = 0, replaced = 0 WHERE user_id = $1 AND slot = $3`, u.ID, Current, Previous)
		if err != nil {
			return err
		}
	}
	if err := s.Journal.Tell(tx, KeyRevoked{u.ID}); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), KeyChanged{Action: "revoked", Slot: slot})
}

// ExtendKey extends the validity of the previous key by another overlap, but not beyond
// companies.MaxKeyExtension after it was replaced.
func (s *Service) ExtendKey(tx *db.Tx, caller auth.Caller, u User, overlap time.Duration) error {
	keys, err := s.lockedKeys(tx, u)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Slot != Previous {
			continue
		}
		if k.Expires == 0 {
			return apierr.Invalid("previousKey: it does not expire")
		}
		if k.Replaced == 0 {
			k.Replaced = tx.Now() // an older version of the pod did not store it
		}
		if k.Expires = k.Expires.Add(overlap); !companies.MayExtend(k.Replaced, k.Expires) {
			return apierr.Invalid("previousKey.action: a key cannot be extended beyond 90 days after it was replaced")
		}
		if err := putKey(tx, u.ID, k); err != nil {
			return err
		}
		return s.keyChanged(tx, caller, u, KeyChanged{Action: "extended", Slot: Previous, Expires: k.Expires})
	}
	return apierr.Invalid("previousKey: there is none to extend")
}

func (s *Service) keyChanged(tx *db.Tx, caller auth.Caller, u User, fact KeyChanged) error {
	if err := touch(tx, u); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), fact)
}

func (s *Service) lockedKeys(tx *db.Tx, u User) ([]Key, error) {
	if err := tx.Lock(lock.User(u.ID)); err != nil {
		return nil, err
	}
	return KeysOf(tx, u.ID, tx.Now())
}

func putKey(tx *db.Tx, id wire.UserID, k Key) error { return putKeys(tx, [][]any{keyRow(id, k)}) }

func putKeys(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`
		INSERT INTO user_keys (user_id, slot, pem, expires, replaced)
		VALUES`, rows, `ON CONFLICT (user_id, slot) DO UPDATE SET pem = excluded.pem, expires = excluded.expires, replaced = excluded.replaced`, nil)
}

func keyRow(id wire.UserID, k Key) []any { return []any{id, k.Slot, k.PEM, k.Expires, k.Replaced} }

func holds(keys []Key, slot Slot) bool {
	for _, k := range keys {
		if k.Slot == slot {
			return true
		}
	}
	return false
}
