package directory

import (
	"context"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

var lookUpUser = op.Operation[Service]{
	ID:      "getUser",
	Route:   "GET /pod/v2/user",
	Tag:     "Users",
	Summary: "Look a user up by id, e-mail address or user name.",
	About: "A user name is looked up in the caller's company: local may be omitted with it, " +
		"and local=false is refused.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.Together(auth.GetBasicContactInfo, auth.SendMessages)},
	Also:   []int{204},
	Handle: op.Call((*Service).lookUpUser),
}

type userInput struct {
	ID       *wire.UserID `query:"uid"`
	Email    string       `query:"email" required:"false" maxLength:"512"`
	Username string       `query:"username" required:"false" maxLength:"512"`
	Local    *bool        `query:"local" doc:"Whether to search only the caller's company. Default: false."`
}

func (in userInput) Validate() error {
	given := 0
	for _, is := range []bool{in.ID != nil, in.Email != "", in.Username != ""} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return apierr.Invalid("One of uid, email and username is expected")
	case in.Username != "" && in.Local != nil && !*in.Local:
		return apierr.Invalid("Invalid value for local: it must be true, or left out, to look a user name up")
	}
	return nil
}

func (s *Service) lookUpUser(ctx context.Context, caller auth.Caller, in userInput) (op.Optional[V2], error) {
	r := reach{caller: caller, local: in.Local != nil && *in.Local}
	var found []accounts.User
	var err error
	if in.ID != nil {
		found, err = s.byIDs(ctx, r, []wire.UserID{*in.ID})
	} else {
		found, err = db.Read(ctx, s.DB, func(tx *db.Tx) ([]accounts.User, error) {
			if in.Email != "" {
				return s.byEmails(tx, r, []string{wording.Fold(in.Email)})
			}
			return r.byUsernames(tx, []string{wording.Fold(in.Username)})
		})
	}
	if err != nil || len(found) == 0 {
		return op.Optional[V2]{}, err
	}
	seen := seenBy(found[0], caller)
	return op.Optional[V2]{Value: &seen}, nil
}

var lookUpByEmail = op.Operation[Service]{
	ID:         "getUserV1",
	Route:      "GET /pod/v1/user",
	Tag:        "Users",
	Summary:    "Look a user's id up by e-mail address.",
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.GetBasicContactInfo},
	Also:       []int{204},
	Deprecated: true,
	Handle:     op.Read((*Service).lookUpByEmail),
}

type userByEmailInput struct {
	Email string `query:"email" maxLength:"512"`
	Local bool   `query:"local" default:"false"`
}

// V1 is an account as the oldest look-ups show it: the published User.
type V1 struct {
	ID           wire.UserID `json:"id"`
	EmailAddress *string     `json:"emailAddress"`
}

func (s *Service) lookUpByEmail(tx *db.Tx, caller auth.Caller, in userByEmailInput) (op.Optional[V1], error) {
	found, err := s.byEmails(tx, reach{caller: caller, local: in.Local}, []string{wording.Fold(in.Email)})
	return firstV1(caller, found), err
}

var lookUpByName = op.Operation[Service]{
	ID:         "getUserByName",
	Route:      "GET /pod/v1/user/name/{userName}/get",
	Tag:        "Users",
	Summary:    "Look a user's id up by user name.",
	About:      "The name is looked up in the caller's company.",
	Needs:      auth.AnyUser,
	Also:       []int{204},
	Deprecated: true,
	Handle:     op.Read((*Service).lookUpByName),
}

type userByNameInput struct {
	Username string `path:"userName" maxLength:"512"`
}

func (s *Service) lookUpByName(tx *db.Tx, caller auth.Caller, in userByNameInput) (op.Optional[V1], error) {
	found, err := reach{caller: caller, local: true}.byUsernames(tx, []string{wording.Fold(in.Username)})
	return firstV1(caller, found), err
}

func firstV1(caller auth.Caller, found []accounts.User) op.Optional[V1] {
	if len(found) == 0 {
		return op.Optional[V1]{}
	}
	seen := seenBy(found[0], caller)
	return op.Optional[V1]{Value: &V1{ID: seen.ID, EmailAddress: seen.EmailAddress}}
}
