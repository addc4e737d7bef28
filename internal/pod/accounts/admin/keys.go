package admin

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
)

// The published actions on keys ("RSA bot authentication" of the developer documentation).
const (
	actionSave   = "SAVE"
	actionRevoke = "REVOKE"
	actionExtend = "EXTEND"
)

// firstKey returns the key of a new account; empty if none.
func (w *AttributesV2) firstKey() (string, error) {
	switch k := w.CurrentKey; {
	case w.PreviousKey.given() || w.PreviousKey.action() != "":
		return "", apierr.Invalid("previousKey: a new account has none")
	case k.action() != "" && k.action() != actionSave:
		return "", apierr.Invalid("currentKey.action: only SAVE can be done with a new account's key")
	case k.action() == actionSave && !k.given():
		return "", apierr.Invalid("currentKey.key: SAVE needs a key")
	default:
		return k.pem(), nil
	}
}

// changeKeys performs a request's actions on the keys: first on the previous one, so that one
// request can revoke it and save a new one.
func (s *Service) changeKeys(tx *db.Tx, caller auth.Caller, u accounts.User, w AttributesV2) error {
	keys, err := accounts.KeysOf(tx, u.ID, tx.Now()) // the account is locked
	if err != nil {
		return err
	}
	if err := s.changePrevious(tx, caller, u, w.PreviousKey, keys); err != nil {
		return err
	}
	return s.changeCurrent(tx, caller, u, w.CurrentKey, keys)
}

func (s *Service) changePrevious(tx *db.Tx, caller auth.Caller, u accounts.User, k *KeyShape, keys []accounts.Key) error {
	switch k.action() {
	case "":
		if k.given() && !k.echoes(accounts.Previous, keys) {
			return apierr.Invalid("previousKey.key: only the current key can be saved")
		}
		return nil
	case actionRevoke:
		return s.Accounts.RevokeKey(tx, caller, u, accounts.Previous)
	case actionExtend:
		return s.Accounts.ExtendKey(tx, caller, u, s.Accounts.Company(u.Company).KeyOverlap)
	}
	return apierr.Invalid("previousKey.action: REVOKE or EXTEND is expected")
}

func (s *Service) changeCurrent(tx *db.Tx, caller auth.Caller, u accounts.User, k *KeyShape, keys []accounts.Key) error {
	switch k.action() {
	case "":
		if !k.given() || k.echoes(accounts.Current, keys) {
			return nil
		}
		return s.Accounts.SaveKey(tx, caller, u, k.pem(), s.Accounts.Company(u.Company).KeyOverlap)
	case actionSave:
		if !k.given() {
			return apierr.Invalid("currentKey.key: SAVE needs a key")
		}
		return s.Accounts.SaveKey(tx, caller, u, k.pem(), s.Accounts.Company(u.Company).KeyOverlap)
	case actionRevoke:
		return s.Accounts.RevokeKey(tx, caller, u, accounts.Current)
	}
	return apierr.Invalid("currentKey.action: SAVE or REVOKE is expected")
}

func (k *KeyShape) given() bool { return k.pem() != "" }

func (k *KeyShape) pem() string {
	if k == nil {
		return ""
	}
	return textOf(k.Key)
}

func (k *KeyShape) action() string {
	if k == nil {
		return ""
	}
	return textOf(k.Action)
}

// echoes reports whether a key equals the one that was answered: clients that read an account,
// change a name and send everything back mean no change of keys.
func (k *KeyShape) echoes(slot accounts.Slot, keys []accounts.Key) bool {
	for _, held := range keys {
		if held.Slot == slot {
			return held.PEM == k.pem()
		}
	}
	return false
}

// textOf returns a text of a request; empty if it is absent.
func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
