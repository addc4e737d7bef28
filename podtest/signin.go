package podtest

import (
	"context"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/passwords"
	"podium/internal/pod/signin"
)

// LoginLink returns the code of a link by which an account of Acme signs in to the console, as
// `podium login-link` makes it.
func (p *Pod) LoginLink(username string) string {
	p.t.Helper()
	code, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (string, error) {
		return signin.MakeLink(tx, p.Inner.Journal, 190, username)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// Person creates a person of Acme who signs in to the console by a password, and returns the user
// name.
func (p *Pod) Person(username, password string) string {
	p.t.Helper()
	salt := "c2FsdCBvZiAxNiBieXRlcw=="
	derived := passwords.Derive(password, salt)
	secret := &accounts.Password{HSalt: &salt, HPassword: &derived}
	secret.Seal()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (accounts.User, error) {
		return p.Inner.Accounts.Create(tx, auth.Caller{Company: 190}, accounts.New{Attributes: accounts.Attributes{
			AccountType: auth.Normal, Username: username, Email: username + "@acme.example", DisplayName: username,
			FirstName: username, LastName: "Tester", CompanyName: "Acme",
		}, Password: secret})
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return username
}
