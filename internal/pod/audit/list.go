package audit

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

var listPrivileged = op.Operation[Service]{
	ID:              "listPrivilegedUserAuditTrail",
	Route:           "GET " + route,
	Tag:             "AuditTrail",
	Summary:         "List the actions of privileged accounts, newest first.",
	About:           "Covers at most 30 days per request. Cursors are page numbers.",
	Needs:           auth.All(auth.ViewPrivilegedUserAuditTrail),
	KeyManagerToken: true,
	Handle:          op.Read((*Service).list),
}

const route = "/agent/v1/audittrail/privilegeduser"

// window is the longest period of a request.
const window = 30 * 24 * time.Hour

// defaultLimit is how many actions a page has if the request does not say.
const defaultLimit = 50

type listInput struct {
	Start     wire.Time    `query:"startTimestamp" min:"0"`
	End       *wire.Time   `query:"endTimestamp" min:"0"`
	Before    string       `query:"before" required:"false" maxLength:"256"`
	After     string       `query:"after" required:"false" maxLength:"256"`
	Limit     *int         `query:"limit" min:"1" max:"500"`
	Initiator *wire.UserID `query:"initiatorId"`
	Role      *auth.Role   `query:"role"`
}

func (in listInput) Validate() error {
	switch {
	case in.Role != nil && !slices.Contains(privileged, *in.Role):
		return apierr.Invalid("Invalid value for role: one of %v is expected", privileged)
	case in.Initiator != nil && *in.Initiator == 0:
		return apierr.Invalid("Invalid value for initiatorId: 0 is no user")
	case in.End != nil && *in.End < in.Start:
		return apierr.Invalid("Invalid value for endTimestamp: it is before startTimestamp")
	}
	_, err := in.page()
	return err
}

// List is a page of the audit trail.
type List struct {
	Items      []Item     `json:"items"`
	Pagination Pagination `json:"pagination"`
}

// Item is an action. Which members there are depends on the action. The initiator's id and the time
// are texts, as they are published: one of the SDKs refuses numbers.
type Item struct {
	Action               string       `json:"action" doc:"The action, as a sentence."`
	ActionName           string       `json:"actionName" doc:"The action."`
	Timestamp            string       `json:"timestamp" doc:"When, in milliseconds."`
	InitiatorID          string       `json:"initiatorId" doc:"The user who did it."`
	InitiatorUsername    string       `json:"initiatorUsername" doc:"That user's name at the time."`
	InitiatorEmail       string       `json:"initiatorEmailAddress" doc:"That user's e-mail address at the time."`
	AuthorizationRoles   []auth.Role  `json:"authorizationRoles" doc:"The initiator's roles that allowed it."`
	AffectedID           *wire.UserID `json:"affectedId,omitempty" doc:"The user whom the action changed."`
	AffectedUsername     string       `json:"affectedUsername,omitempty"`
	AffectedEmailAddress string       `json:"affectedEmailAddress,omitempty"`
	Attribute            *string      `json:"attribute,omitempty" doc:"The attribute of the user that changed."`
	OldValue             *string      `json:"oldValue,omitempty"`
	NewValue             *string      `json:"newValue,omitempty"`
	ThreadID             string       `json:"threadId,omitempty" doc:"The conversation, percent-encoded."`
	Scope                string       `json:"scope,omitempty" doc:"External if users of other companies are in the conversation, else Internal."`
	ConversationType     string       `json:"conversationType,omitempty" doc:"Room, IM or MIM."`
	AppID                string       `json:"appId,omitempty"`
	AppName              string       `json:"appName,omitempty"`
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in listInput) (List, error) {
	asked := journal.Audited{Company: caller.Company, From: in.Start, To: tx.Now()}
	if in.End != nil {
		asked.To = *in.End
	}
	if asked.To-asked.From > wire.Time(window.Milliseconds()) {
		return List{}, apierr.InvalidDetails(`"`+windowMessage+`"`, windowMessage)
	}
	if in.Initiator != nil {
		asked.Actor = *in.Initiator
	}
	if in.Role != nil {
		asked.Role = *in.Role
	}
	number, err := in.page()
	if err != nil {
		return List{}, err
	}
	size := defaultLimit
	if in.Limit != nil {
		size = *in.Limit
	}
	found, err := journal.Trail(tx, asked, int64(number-1)*int64(size), size+1)
	if err != nil {
		return List{}, err
	}
	more := len(found) > size
	answer := List{Items: make([]Item, min(len(found), size)), Pagination: in.pagination(number, more)}
	for i := range answer.Items {
		if answer.Items[i], err = s.Show(found[i]); err != nil {
			return List{}, err
		}
	}
	return answer, nil
}

const windowMessage = "Max of 30 days is allowed per request."

// Show returns a fact as clients see it.
func (s *Service) Show(e journal.Entry) (Item, error) {
	fact, err := s.Kinds.Decode(e)
	if err != nil {
		return Item{}, err
	}
	line := fact.AuditLine(e)
	i := Item{
		Action: line.Title, ActionName: line.Name,
		Timestamp:   strconv.FormatInt(int64(e.At), 10),
		InitiatorID: e.Actor.String(), InitiatorUsername: e.Name, InitiatorEmail: e.Email,
		AuthorizationRoles: e.Allowed,
		Attribute:          line.Attribute, OldValue: line.OldValue, NewValue: line.NewValue,
		AppID: line.AppID, AppName: line.AppName,
	}
	if t := line.Thread; t != nil {
		i.ThreadID, i.ConversationType, i.Scope = url.QueryEscape(t.ID), t.Type, "Internal"
		if t.External {
			i.Scope = "External"
		}
	}
	if id, err := wire.ParseUserID(e.Subject.ID); err == nil && e.Subject.Name != "" {
		i.AffectedID, i.AffectedUsername, i.AffectedEmailAddress = &id, e.Subject.Name, e.Subject.Email
	}
	if a := line.Affected; a != nil {
		i.AffectedID, i.AffectedUsername, i.AffectedEmailAddress = &a.ID, a.Username, a.Email
	}
	if e.Actor != 0 && e.Actor.Company() != e.Company {
		i.InitiatorEmail = ""
	}
	if i.AffectedID != nil && i.AffectedID.Company() != e.Company {
		i.AffectedEmailAddress = "" // the address is the other company's
	}
	return i, nil
}
