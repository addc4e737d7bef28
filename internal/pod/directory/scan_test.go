package directory_test

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
	"podium/podtest"
)

// scan implements the search of docs/decisions/0008-search.md over all accounts, without an index
// or terms.
func scan(all []accounts.User, caller wire.CompanyID, open map[wire.UserID]bool, local bool, query string, types []auth.AccountType, filters map[string]string) []accounts.User {
	if len(types) == 0 {
		types = []auth.AccountType{auth.Normal, auth.System}
	}
	var hits []accounts.User
	for _, u := range all {
		stranger := u.Company != caller
		switch {
		case u.Status != accounts.Enabled, !slices.Contains(types, u.AccountType):
			continue
		case stranger && (local || !open[u.ID]):
			continue
		case !everyWordBegins(u, stranger, query), !passes(u, stranger, filters):
			continue
		}
		hits = append(hits, u)
	}
	slices.SortFunc(hits, func(a, b accounts.User) int {
		return cmp.Or(strings.Compare(first(wording.SearchFold(a.DisplayName), 64), first(wording.SearchFold(b.DisplayName), 64)), cmp.Compare(a.ID, b.ID))
	})
	return hits
}

func everyWordBegins(u accounts.User, stranger bool, query string) bool {
	asked := strings.Fields(wording.SearchFold(query))
	for _, word := range asked {
		word = first(word, 64)
		ok := strings.HasPrefix(wording.SearchFold(u.Email), word)
		if stranger {
			ok = wording.SearchFold(u.Email) == word
		}
		for name := range strings.FieldsSeq(wording.SearchFold(u.Username)) {
			ok = ok || strings.HasPrefix(name, word)
		}
		for _, text := range []string{u.DisplayName, u.FirstName, u.LastName} {
			ok = ok || beginsWithin(wording.SearchFold(text), word)
		}
		if !ok {
			return false
		}
	}
	return true
}

// beginsWithin reports whether a word begins in a text after a space or after a character that is
// neither letter nor digit.
func beginsWithin(text, word string) bool {
	behind := ' '
	for i, r := range text {
		if (behind == ' ' || letter(r) && !letter(behind)) && r != ' ' && strings.HasPrefix(text[i:], word) {
			return true
		}
		behind = r
	}
	return false
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func passes(u accounts.User, stranger bool, filters map[string]string) bool {
	for name, text := range filters {
		if stranger && name != "company" {
			return false
		}
		values := map[string][]string{
			"title": {u.Title}, "company": {u.CompanyName}, "location": {u.Location}, "marketCoverage": u.MarketCoverage,
			"responsibility": u.Responsibility, "function": u.Function, "instrument": u.Instrument,
		}[name]
		if !slices.ContainsFunc(values, func(v string) bool {
			return strings.Contains(wording.SearchFold(v), wording.SearchFold(text))
		}) {
			return false
		}
	}
	return true
}

func first(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(n, len(runes))])
}

// everybody returns all accounts of all companies from the database.
func everybody(t testing.TB, p *podtest.Pod) []accounts.User {
	t.Helper()
	all, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]accounts.User, error) {
		ids, err := db.All(tx, db.ScanValue[wire.UserID], `SELECT id FROM users ORDER BY id`)
		if err != nil {
			return nil, err
		}
		var list []accounts.User
		for _, id := range ids {
			u, err := accounts.Get(tx, id)
			if err != nil {
				return nil, err
			}
			list = append(list, u)
		}
		return list, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// found is the answer of a search.
type found struct {
	Count int64
	Limit int64
	Users []struct{ ID wire.UserID }
}

func (f found) ids() []wire.UserID {
	ids := make([]wire.UserID, len(f.Users))
	for i, u := range f.Users {
		ids[i] = u.ID
	}
	return ids
}

func idsOf(list []accounts.User) []wire.UserID {
	ids := make([]wire.UserID, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	return ids
}

func search(u *podtest.User, path string, query string, filters map[string]any) (found, podtest.Answer) {
	var f found
	a := u.Post("/pod/v1/user/search"+path, map[string]any{"query": query, "filters": filters})
	if a.Status == http.StatusOK {
		a.Into(&f)
	}
	return f, a
}
