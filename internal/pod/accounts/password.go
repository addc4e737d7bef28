package accounts

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/wire"
)

// Password is a person's password as derived by the client (PBKDF2 with SHA-256, 10,000 rounds, 256
// bits, in base64), for the pod and for the key manager. No published operation logs in with it or
// shows it; it is kept for moving the accounts elsewhere.
type Password struct {
	HSalt      *string `json:"hSalt" maxLength:"1024" doc:"The salt of the pod's password."`
	HPassword  *string `json:"hPassword" maxLength:"1024" doc:"The pod's password, derived."`
	KHSalt     *string `json:"khSalt" maxLength:"1024" doc:"The salt of the key manager's password."`
	KHPassword *string `json:"khPassword" maxLength:"1024" doc:"The key manager's password, derived."`
}

// maxSecret is the longest of a password's four texts, in bytes. 256 bits in base64 are 44.
const maxSecret = 1024

// check returns an error for an incomplete password, and for an account type without passwords. The
// texts need not be base64, because those of the published sample are not.
func (p *Password) check(account auth.AccountType) error {
	if p == nil {
		return nil
	}
	if account != auth.Normal {
		return apierr.Invalid("password: an account of type %s has none", account)
	}
	for _, pair := range []struct {
		name, salt, hash string
	}{
		{"hSalt and hPassword", orEmpty(p.HSalt), orEmpty(p.HPassword)}, {"khSalt and khPassword", orEmpty(p.KHSalt), orEmpty(p.KHPassword)},
	} {
		switch {
		case (pair.salt == "") != (pair.hash == ""):
			return apierr.Invalid("password: %s belong together", pair.name)
		case len(pair.salt) > maxSecret || len(pair.hash) > maxSecret:
			return apierr.Invalid("password: %s are too long", pair.name)
		}
	}
	return nil
}

// empty reports whether there is nothing to store.
func (p *Password) empty() bool {
	return p == nil || orEmpty(p.HSalt) == "" && orEmpty(p.KHSalt) == ""
}

const insertPasswords = `
		INSERT INTO user_passwords (user_id, h_salt, h_password, kh_salt, kh_password)
		VALUES`

func passwordRow(id wire.UserID, p *Password) []any {
	return []any{id, orEmpty(p.HSalt), orEmpty(p.HPassword), orEmpty(p.KHSalt), orEmpty(p.KHPassword)}
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
