package directory

import (
	"context"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

// maxCriteria is the most users in one look-up, as published.
const maxCriteria = 100

var lookUpUsers = op.Operation[Service]{
	ID:      "listUsers",
	Route:   "GET /pod/v3/users",
	Tag:     "Users",
	Summary: "Look users up by their ids, e-mail addresses or user names.",
	About: "Give one of the three lists, of at most 100 elements. The answer keeps the order " +
		"of the list. Unknown users are omitted; errors names elements that cannot be an " +
		"id or an address. User names are those of the caller's company. An address may " +
		"have two accounts: the enabled one comes first, then the disabled one that was " +
		"made last.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.GetBasicContactInfo},
	Also:   []int{204},
	Handle: op.Call((*Service).lookUpUsers),
}

type usersInput struct {
	// texts, because a malformed element must not refuse the others
	IDs       string `query:"uid" required:"false" maxLength:"2000"`
	Emails    string `query:"email" required:"false" maxLength:"26000"`
	Usernames string `query:"username" required:"false" maxLength:"26000"`
	Local     bool   `query:"local" default:"false"`
	Active    *bool  `query:"active"`
}

func (in usersInput) Validate() error {
	given := 0
	for _, list := range []string{in.IDs, in.Emails, in.Usernames} {
		if list == "" {
			continue
		}
		given++
		if strings.Count(list, ",") >= maxCriteria {
			return apierr.Invalid("Too many search criteria, the maximum is %d", maxCriteria)
		}
	}
	if given != 1 {
		return apierr.Invalid("One of uid, email and username is expected")
	}
	return nil
}

// UserList is the published V2UserList.
type UserList struct {
	Users  []V2        `json:"users"`
	Errors []UserError `json:"errors,omitempty" doc:"Malformed elements of the request."`
}

// UserError names a malformed element.
type UserError struct {
	Error string `json:"error"`
	Email string `json:"email,omitempty"`
	ID    string `json:"id,omitempty"`
}

// invalidFormat is the only published error of an element.
const invalidFormat = "invalid.format"

func (s *Service) lookUpUsers(ctx context.Context, caller auth.Caller, in usersInput) (op.Optional[UserList], error) {
	r := reach{caller: caller, local: in.Local}
	answer := UserList{Users: []V2{}}
	var users []accounts.User
	var err error
	switch {
	case in.IDs != "":
		users, answer.Errors, err = s.listIDs(ctx, r, in.IDs)
	case in.Emails != "":
		users, answer.Errors, err = s.listEmails(ctx, r, in.Emails)
	default:
		users, err = s.listUsernames(ctx, r, in.Usernames)
	}
	if err != nil {
		return op.Optional[UserList]{}, err
	}
	for _, u := range users {
		if in.Active == nil || *in.Active == (u.Status == accounts.Enabled) {
			answer.Users = append(answer.Users, seenBy(u, caller))
		}
	}
	if len(answer.Users)+len(answer.Errors) == 0 {
		return op.Optional[UserList]{}, nil
	}
	return op.Optional[UserList]{Value: &answer}, nil
}

func (s *Service) listIDs(ctx context.Context, r reach, text string) ([]accounts.User, []UserError, error) {
	var wrong []UserError
	var ids []wire.UserID
	for element := range elements(text) {
		id, err := wire.ParseUserID(element)
		if err != nil || !id.Plausible() {
			wrong = append(wrong, UserError{Error: invalidFormat, ID: element})
			continue
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, wrong, nil
	}
	found, err := s.byIDs(ctx, r, ids)
	return arrange(ids, found, func(u accounts.User) wire.UserID { return u.ID }), wrong, err
}

func (s *Service) listEmails(ctx context.Context, r reach, text string) ([]accounts.User, []UserError, error) {
	var wrong []UserError
	var folded []string
	for element := range elements(text) {
		if !accounts.IsEmail(element) {
			wrong = append(wrong, UserError{Error: invalidFormat, Email: element})
			continue
		}
		folded = append(folded, wording.Fold(element))
	}
	if len(folded) == 0 {
		return nil, wrong, nil
	}
	found, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]accounts.User, error) { return s.byEmails(tx, r, folded) })
	return arrange(addressed(folded), found, func(u accounts.User) addressee { return addressee{wording.Fold(u.Email), u.Status} }), wrong, err
}

func (s *Service) listUsernames(ctx context.Context, r reach, text string) ([]accounts.User, error) {
	var folded []string
	for element := range elements(text) {
		folded = append(folded, wording.Fold(element))
	}
	if len(folded) == 0 {
		return nil, nil
	}
	found, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]accounts.User, error) { return r.byUsernames(tx, folded) })
	return arrange(folded, found, func(u accounts.User) string { return wording.Fold(u.Username) }), err
}

// addressee is what a look-up by e-mail address finds: the enabled account that has the address,
// and the disabled one.
type addressee struct {
	email  string // folded
	status accounts.Status
}

func addressed(folded []string) []addressee {
	list := make([]addressee, 0, 2*len(folded))
	for _, email := range folded {
		list = append(list, addressee{email, accounts.Enabled}, addressee{email, accounts.Disabled})
	}
	return list
}

// elements returns the non-empty elements of a list separated by commas.
func elements(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for element := range strings.SplitSeq(text, ",") {
			if element = strings.TrimSpace(element); element != "" && !yield(element) {
				return
			}
		}
	}
}

// arrange returns what was found in the order of the request, each account once. Of several with
// the same key the first counts.
func arrange[K comparable](asked []K, found []accounts.User, key func(accounts.User) K) []accounts.User {
	byKey := make(map[K]accounts.User, len(found))
	for _, u := range found {
		if _, ok := byKey[key(u)]; !ok {
			byKey[key(u)] = u
		}
	}
	list := make([]accounts.User, 0, len(found))
	for _, k := range asked {
		if u, ok := byKey[k]; ok {
			list = append(list, u)
			delete(byKey, k)
		}
	}
	return list
}
