package signin_test

import (
	"net/http"
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/podtest"
)

const storedPassword = `
	SELECT COUNT(*)
	FROM user_passwords
	WHERE user_id = $1 AND h_password LIKE $2 AND kh_password LIKE $2`

// What an administrator sends is stored as an argon2id hash. What an older podium has stored signs
// in too, and is hashed in the background.
func TestStoredPasswordsAreHashes(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		const derived = "7ibzhBWBrxOSHcgrHa2BC50JzEE7bBjk95I76otk+FI="
		const salt = "c2FsdCBvZiAxNiBieXRlcw=="
		password := map[string]string{"hSalt": salt, "hPassword": derived, "khSalt": salt, "khPassword": derived}
		admin := p.Bot("acme-admin")
		for _, version := range []string{"v1", "v2"} {
			name := "paula-" + version
			admin.Post("/pod/"+version+"/admin/user/create", map[string]any{"userAttributes": map[string]any{
				"accountType": "NORMAL", "userName": name, "emailAddress": name + "@acme.example", "firstName": "Paula", "lastName": "Porter",
				"displayName": "Paula", "companyName": "Acme",
			}, "password": password}).Want(http.StatusOK)
			id := p.ID(190, name)
			if p.Number(t, storedPassword, id, "$argon2id$%") != 1 {
				t.Errorf("%s: the stored password is no hash", version)
			}
			newBrowser(t, p.URL).password(name, "correct horse").want(t, http.StatusOK)

			p.Write(t, func(tx *db.Tx) error { // as an older podium
				return tx.Change(`UPDATE user_passwords SET h_password = $2, kh_password = $2, sealed = FALSE WHERE user_id = $1`, id, derived)
			})
			newBrowser(t, p.URL).password(name, "correct horse").want(t, http.StatusOK)
			newBrowser(t, p.URL).password(name, derived).want(t, http.StatusUnauthorized)
			if err := accounts.SealPasswords(t.Context(), p.Inner.DB); err != nil {
				t.Fatal(err)
			}
			if p.Number(t, storedPassword, id, "$argon2id$%") != 1 {
				t.Errorf("%s: the older password was not hashed", version)
			}
			newBrowser(t, p.URL).password(name, "correct horse").want(t, http.StatusOK)
		}
	})
}

// A person without the right to sign in by password, and one who is suspended, are refused as
// everyone else is.
func TestWhoMaySignInByPassword(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		id := p.ID(190, p.Person("paula", "correct horse"))
		p.Write(t, func(tx *db.Tx) error { return tx.Change(`DELETE FROM user_roles WHERE user_id = $1`, id) })
		b := newBrowser(t, p.URL)
		refused := b.password("paula", "correct horse").want(t, http.StatusUnauthorized)
		if wrong := b.password("paula", "guess").want(t, http.StatusUnauthorized); wrong.body != refused.body {
			t.Errorf("%s and %s", wrong.body, refused.body)
		}
		b.password("PAULA", "correct horse").want(t, http.StatusUnauthorized) // logins are case-sensitive
		if got := b.password("paula", strings.Repeat("x", 1025)); got.status != http.StatusBadRequest {
			t.Errorf("a password of 1,025 characters: %d", got.status)
		}
	})
}
