package admin

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

var getStatus = op.Operation[Service]{
	ID:      "getUserStatus",
	Route:   "GET /pod/v1/admin/user/{uid}/status",
	Tag:     "User",
	Summary: "Read whether an account is enabled, and whether it is suspended.",
	Needs:   provisioning,
	Handle:  op.Read((*Service).status),
}

// UserStatus is whether an account may be used.
type UserStatus struct {
	Status           *accounts.Status `json:"status,omitempty"`
	Suspended        *bool            `json:"suspended,omitempty" doc:"Only answered; remains until the first login after the suspension."`
	SuspendedUntil   *wire.Time       `json:"suspendedUntil,omitempty" doc:"Only answered, and only while suspended."`
	SuspensionReason *string          `json:"suspensionReason,omitempty" maxLength:"1000" doc:"Only answered, and only while suspended."`
}

func (s *Service) status(tx *db.Tx, caller auth.Caller, in oneInput) (UserStatus, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return UserStatus{}, accounts.Unknown(err, in.UID)
	}
	answer := UserStatus{Status: &u.Status, Suspended: &u.Suspended}
	if u.Suspended {
		answer.SuspendedUntil, answer.SuspensionReason = &u.SuspendedUntil, &u.SuspensionReason
	}
	return answer, nil
}

var updateStatus = op.Operation[Service]{
	ID:      "updateUserStatus",
	Route:   "POST /pod/v1/admin/user/{uid}/status/update",
	Tag:     "User",
	Summary: "Enable or disable an account.",
	About: "A disabled account keeps its history and its place in rooms; its sessions end " +
		"and it cannot log in. This operation changes the status only. The e-mail address " +
		"of a disabled account may be given to another account; while an enabled account " +
		"has the address, this one cannot be enabled.",
	Needs:  provisioning,
	Handle: op.Write((*Service).changeStatus),
}

type statusInput struct {
	UID  wire.UserID `path:"uid"`
	Body UserStatus
}

func (in statusInput) Validate() error {
	if s := in.Body.Status; s == nil || *s != accounts.Enabled && *s != accounts.Disabled {
		return apierr.Invalid("status: ENABLED or DISABLED is expected")
	}
	return nil
}

func (s *Service) changeStatus(tx *db.Tx, caller auth.Caller, in statusInput) (wire.Success, error) {
	return wire.Done("OK"), s.Accounts.SetStatus(tx, caller, in.UID, *in.Body.Status)
}

var updateSuspension = op.Operation[Service]{
	ID:      "updateUserSuspension",
	Route:   "PUT /pod/v1/admin/user/{userId}/suspension/update",
	Tag:     "User",
	Summary: "Suspend an account until a moment, or lift its suspension.",
	About: "The sessions of a suspended account end, and it cannot log in before that " +
		"moment. Its status remains unchanged.",
	Needs:  provisioning,
	Handle: op.Write((*Service).changeSuspension),
}

type suspensionInput struct {
	UID  wire.UserID `path:"userId"`
	Body Suspension
}

// Suspension is whether and until when an account is suspended.
type Suspension struct {
	Suspended        *bool   `json:"suspended" doc:"False lifts the suspension; the other members are ignored."`
	SuspendedUntil   *moment `json:"suspendedUntil" min:"0" max:"9007199254740991" doc:"Milliseconds since 1970-01-01 UTC; a number below 100000000000 counts as seconds."`
	SuspensionReason *string `json:"suspensionReason" maxLength:"1000" doc:"At most 1000 characters."`
}

// maxReason is the longest reason of a suspension, in characters.
const maxReason = 1000

func (in suspensionInput) Validate() error {
	b := in.Body
	switch {
	case b.Suspended == nil:
		return apierr.Invalid("suspended: it is required")
	case !*b.Suspended:
		return nil
	case b.SuspendedUntil == nil:
		return apierr.Invalid("suspendedUntil: it is required")
	case strings.TrimSpace(textOf(b.SuspensionReason)) == "":
		return apierr.Invalid("suspensionReason: it is required")
	case utf8.RuneCountInString(*b.SuspensionReason) > maxReason:
		return apierr.Invalid("suspensionReason: it has more than %d characters", maxReason)
	}
	return wording.Prose("suspensionReason", *b.SuspensionReason)
}

func (s *Service) changeSuspension(tx *db.Tx, caller auth.Caller, in suspensionInput) (wire.Success, error) {
	if !*in.Body.Suspended {
		return wire.Done("User unsuspended with success"), s.Accounts.Unsuspend(tx, caller, in.UID)
	}
	err := s.Accounts.Suspend(tx, caller, in.UID, in.Body.SuspendedUntil.time(), *in.Body.SuspensionReason)
	return wire.Done("User suspended with success"), err
}

// moment is a time in milliseconds, as the SDKs send, or in seconds, as in the published sample; a
// number or its digits in a string.
type moment int64

// seconds is the value below which a moment is in seconds: in seconds it is the year 5138, in
// milliseconds 1973.
const seconds moment = 100_000_000_000

func (m moment) time() wire.Time {
	if m < seconds {
		m *= 1000
	}
	return wire.Time(m)
}

// UnmarshalJSON accepts a whole number, or one in quotes.
func (m *moment) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(data), `"`), 10, 64)
	if err != nil || n < 0 {
		return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[int64]()}
	}
	*m = moment(n)
	return nil
}
