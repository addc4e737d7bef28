package directory

import (
	"context"
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Mentionable returns the accounts that a message of the caller may mention: those of the ids and
// addresses that the caller can look up. The addresses in the answer are spelt as in the question.
func (s *Service) Mentionable(ctx context.Context, caller auth.Caller, ids []wire.UserID, emails []string) (byID map[wire.UserID]accounts.User, byEmail map[string]accounts.User, err error) {
	r := reach{caller: caller}
	byID, byEmail = map[wire.UserID]accounts.User{}, map[string]accounts.User{}
	if len(ids) > 0 {
		found, err := s.byIDs(ctx, r, ids)
		if err != nil {
			return nil, nil, err
		}
		for _, u := range found {
			byID[u.ID] = u
		}
	}
	if len(emails) == 0 {
		return byID, byEmail, nil
	}
	folded := make([]string, len(emails))
	for i, email := range emails {
		folded[i] = wording.Fold(email)
	}
	found, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]accounts.User, error) { return s.byEmails(tx, r, slices.Clone(folded)) })
	if err != nil {
		return nil, nil, err
	}
	first := make(map[string]accounts.User, len(found))
	for _, u := range found {
		if _, there := first[wording.Fold(u.Email)]; !there {
			first[wording.Fold(u.Email)] = u
		}
	}
	for i, email := range emails {
		if u, ok := first[folded[i]]; ok {
			byEmail[email] = u
		}
	}
	return byID, byEmail, nil
}
