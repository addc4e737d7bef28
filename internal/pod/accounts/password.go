package accounts

import (
	"context"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts/passwords"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Password is a person's password as derived by the client (PBKDF2 with SHA-256, 10,000 rounds, 256
// bits, in base64), for the pod and for the key manager. No published operation logs in with it or
// shows it; people sign in to the console with the pod's. Hashes of both are stored.
type Password struct {
	HSalt      *string `json:"hSalt" maxLength:"1024" doc:"The salt of the pod's password."`
	HPassword  *string `json:"hPassword" maxLength:"1024" doc:"The pod's password, derived."`
	KHSalt     *string `json:"khSalt" maxLength:"1024" doc:"The salt of the key manager's password."`
	KHPassword *string `json:"khPassword" maxLength:"1024" doc:"The key manager's password, derived."`

	sealed bool // HPassword and KHPassword are hashes
}

// Seal replaces the derived passwords by their hashes. Call it before the transaction, because it
// takes a tenth of a second. A password that was not sealed is stored as it is; SealPasswords seals
// it then.
func (p *Password) Seal() {
	if p == nil || p.sealed {
		return
	}
	p.sealed = true
	for _, derived := range []**string{&p.HPassword, &p.KHPassword} {
		if orEmpty(*derived) != "" {
			hash := passwords.Seal(**derived)
			*derived = &hash
		}
	}
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
		INSERT INTO user_passwords (user_id, h_salt, h_password, kh_salt, kh_password, sealed)
		VALUES`

func passwordRow(id wire.UserID, p *Password) []any {
	return []any{id, orEmpty(p.HSalt), orEmpty(p.HPassword), orEmpty(p.KHSalt), orEmpty(p.KHPassword), p.sealed}
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// Secret is what is stored of a person's password for the pod.
type Secret struct {
	Salt string // as the client sent it; empty without a password
	Hash string // of package passwords
}

// ForPassword returns what a sign-in by password depends on: of a company's account with exactly
// this name the same fields as ForLogin, and the password. It fails with db.ErrNoRow if there is no
// such account.
func ForPassword(tx *db.Tx, company wire.CompanyID, username string) (User, Secret, error) {
	var secret Secret
	u, err := db.One(tx, func(r db.Row) (u User, err error) {
		return u, r.Scan(&u.ID, &u.Company, &u.AccountType, &u.Username, &u.Email, &u.Status, &u.Suspended, &u.SuspendedUntil,
			&u.LastLogin, &u.Version, &secret.Salt, &secret.Hash)
	}, `
		SELECT users.id, users.company, users.account_type, users.username, users.email, users.status, users.suspended,
			users.suspended_until, users.last_login, users.version,
			COALESCE(user_passwords.h_salt, ''), COALESCE(user_passwords.h_password, '')
		FROM users
		LEFT JOIN user_passwords ON user_passwords.user_id = users.id
		WHERE users.company = $1 AND users.username_folded = $2`, company, wording.Fold(username))
	if err == nil && u.Username != username {
		return User{}, Secret{}, db.ErrNoRow
	}
	return u, secret, err
}

// sealMost is how many passwords SealPasswords reads at once.
const sealMost = 100

// SealPasswords seals the passwords that an older podium has stored as clients derived them.
func SealPasswords(ctx context.Context, d *db.DB) error {
	for {
		n, err := sealSome(ctx, d)
		if err != nil || n == 0 {
			return err
		}
	}
}

// stored is a row of user_passwords.
type stored struct {
	id wire.UserID
	Password
}

func sealSome(ctx context.Context, d *db.DB) (int, error) {
	rows, err := db.Read(ctx, d, func(tx *db.Tx) ([]stored, error) {
		return db.All(tx, func(r db.Row) (s stored, err error) {
			s.HPassword, s.KHPassword = new(string), new(string)
			return s, r.Scan(&s.id, s.HPassword, s.KHPassword)
		}, `SELECT user_id, h_password, kh_password FROM user_passwords WHERE sealed = FALSE ORDER BY user_id LIMIT $1`, sealMost)
	})
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		row.Seal()
		_, err := db.Write(ctx, d, func(tx *db.Tx) (int64, error) { // a row of another node's is left alone
			return tx.Count(`UPDATE user_passwords SET h_password = $2, kh_password = $3, sealed = TRUE WHERE user_id = $1 AND sealed = FALSE`,
				row.id, *row.HPassword, *row.KHPassword)
		})
		if err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}
