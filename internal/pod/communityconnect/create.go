package communityconnect

import (
	"fmt"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wording"
)

var createUsers = op.Operation[Service]{
	ID:      "createSponsoredUsers",
	Route:   "POST /connect-service/v1/channelco/user",
	Tag:     tag,
	Summary: "Create sponsored users of one channel company.",
	About: "The channel company is the one that has the domain of the first user's address, else the " +
		"one with the name, else a new one. The answer is 201 even if no user was created: it tells " +
		"of each why. A body that breaks a limit is refused as a whole.",
	Needs:   creating,
	Success: 201,
	Errors:  connectErrors,
	Handle:  op.Write((*Service).create),
}

type createInput struct{ Body NewUsers }

// NewUsers is sponsored users to create.
type NewUsers struct {
	CompanyName string   `json:"companyName" maxLength:"64" doc:"Required if no company has the domain of the addresses yet."`
	Users       []Person `json:"users" minItems:"1" maxItems:"100"`
}

func (in createInput) Validate() error {
	if len(in.Body.Users) == 0 {
		return apierr.Invalid("users: it is required")
	}
	for i, u := range in.Body.Users {
		switch {
		case !accounts.IsEmail(u.Email):
			return apierr.Invalid("users[%d].email: an e-mail address is required", i)
		case strings.TrimSpace(u.FirstName) == "":
			return apierr.Invalid("users[%d].firstName: it is required", i)
		case strings.TrimSpace(u.LastName) == "":
			return apierr.Invalid("users[%d].lastName: it is required", i)
		}
	}
	if strings.TrimSpace(in.Body.CompanyName) != in.Body.CompanyName {
		return apierr.Invalid("companyName: it begins or ends with white space")
	}
	if in.Body.CompanyName == "" {
		return nil
	}
	return wording.Line("companyName", in.Body.CompanyName)
}

// CreatedUser is a sponsored user that was created.
type CreatedUser struct {
	SponsoredUser
	Code    string `json:"code" doc:"USER_ADDED_NEW_COMPANY, USER_ADDED_EXISTING_COMPANY or USER_ADDED_TO_DIFFERENT_COMPANY_NAME."`
	Message string `json:"message"`
}

// RefusedUser is a person for whom no account was created.
type RefusedUser struct {
	Person
	Code    string `json:"code" doc:"USER_ALREADY_EXISTS, COMPANY_ALREADY_EXISTS_USER_NEEDS_ACCESS or UNEXPECTED_ERROR."`
	Message string `json:"message"`
}

// CreatedUsers is what became of sponsored users to create.
type CreatedUsers struct {
	CompanyID   string        `json:"companyId,omitempty" doc:"The number of the channel company; absent if no user was created."`
	CompanyName string        `json:"companyName,omitempty"`
	Success     []CreatedUser `json:"success"`
	Errors      []RefusedUser `json:"errors"`
}

func (s *Service) create(tx *db.Tx, caller auth.Caller, in createInput) (CreatedUsers, error) {
	if err := tx.Lock(lock.ChannelCompaniesOf(caller.Company)); err != nil {
		return CreatedUsers{}, err
	}
	j, err := s.judge(tx, caller, in.Body)
	if err != nil {
		return CreatedUsers{}, err
	}
	answer := CreatedUsers{Success: []CreatedUser{}, Errors: j.refused}
	if len(j.passed) == 0 {
		return answer, nil
	}
	if j.company.id == 0 {
		if j.company, err = s.insertChannel(tx, caller, j.company.name); err != nil {
			return CreatedUsers{}, err
		}
	}
	for _, domain := range j.domains {
		if err := s.addDomain(tx, caller, j.company, domain); err != nil {
			return CreatedUsers{}, err
		}
	}
	made, err := s.Accounts.CreateOrAgain(tx, caller, j.passed)
	if err != nil {
		return CreatedUsers{}, err
	}
	if err := s.sponsor(tx, caller, j.company, made); err != nil {
		return CreatedUsers{}, err
	}
	answer.CompanyID, answer.CompanyName = j.company.publicID(), j.company.name
	for _, u := range made {
		answer.Success = append(answer.Success, CreatedUser{SponsoredUser: sponsored(u), Code: j.code, Message: j.message()})
	}
	return answer, nil
}

// sponsor puts new accounts into a channel company.
func (s *Service) sponsor(tx *db.Tx, caller auth.Caller, c channel, made []accounts.User) error {
	rows := make([][]any, len(made))
	facts := make([]journal.Happened, len(made))
	for i, u := range made {
		rows[i] = []any{u.ID, c.id}
		facts[i] = journal.Happened{Subject: u.Subject(), Fact: UserSponsored{Channel: c.publicID(), Name: c.name}}
	}
	err := tx.InsertAll(`
		INSERT INTO channel_users (user_id, channel)
		VALUES`, rows, "")
	if err != nil {
		return err
	}
	return s.Journal.RecordAll(tx, caller, facts)
}

// message returns the sentence for users that are created.
func (j judged) message() string {
	switch j.code {
	case codeNewCompany:
		return "New company created and user added"
	case codeOtherName:
		return fmt.Sprintf("User added to the company %s, which has the domain of the address", j.company.name)
	}
	return "User added"
}
