package accounts

import (
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Names holds which of some user names and e-mail addresses are taken in a company.
type Names struct {
	usernames map[string]wire.UserID // folded; 0: by something that is no account
	emails    map[string]bool        // folded, of enabled accounts
}

// Taken looks user names and e-mail addresses up, as many as one statement takes. It locks the
// names until commit, so that nothing but an account takes them.
func (s *Service) Taken(tx *db.Tx, company wire.CompanyID, usernames, emails []string) (Names, error) {
	n := Names{usernames: make(map[string]wire.UserID), emails: make(map[string]bool)}
	reserved, err := s.reserved(tx, company, usernames)
	if err != nil {
		return n, err
	}
	for _, name := range reserved {
		n.usernames[wording.Fold(name)] = 0
	}
	byName, err := db.All(tx, scanHolder, `
		SELECT id, username_folded
		FROM users
		WHERE company = $1 AND username_folded IN ($2)`, company, folded(usernames))
	if err != nil {
		return n, err
	}
	for _, h := range byName {
		n.usernames[h.text] = h.id
	}
	byEmail, err := db.All(tx, scanHolder, `
		SELECT id, email_folded
		FROM users
		WHERE company = $1 AND email_folded IN ($2) AND status = $3`, company, folded(emails), Enabled)
	for _, h := range byEmail {
		n.emails[h.text] = true
	}
	return n, err
}

// holder is an account with a name, an address or a role.
type holder struct {
	id   wire.UserID
	text string
}

func scanHolder(row db.Row) (h holder, err error) { return h, row.Scan(&h.id, &h.text) }

func folded(texts []string) []string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = wording.Fold(text)
	}
	return list
}

// Username returns whether a user name is taken, and the account that has it; 0: something that is
// no account.
func (n Names) Username(name string) (wire.UserID, bool) {
	id, ok := n.usernames[wording.Fold(name)]
	return id, ok
}

// Email reports whether an enabled account has an e-mail address.
func (n Names) Email(address string) bool { return n.emails[wording.Fold(address)] }
