package session

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/mileusna/useragent"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var listSessions = op.Operation[Service]{
	ID:      "listUserSessions",
	Route:   "GET /pod/v1/users/{uid}/sessions",
	Tag:     "Users",
	Summary: "List a user's live sessions, oldest first.",
	About:   "Users list their own sessions; with the right, those of any user of the company.",
	Needs:   auth.SelfOr(auth.AccessUserProvisioningAPI),
	Also:    []int{204},
	Handle:  op.Read((*Service).list),
}

type ofUser struct {
	UID wire.UserID `path:"uid"`
}

// Concerns returns the user that the operation concerns.
func (in ofUser) Concerns() wire.UserID { return in.UID }

// Sessions lists a user's live sessions.
type Sessions struct {
	Sessions []Session `json:"sessions"`
}

// Session is a live session as the API shows it.
type Session struct {
	SessionID       string      `json:"sessionId"`
	ClientIP        string      `json:"clientIp" doc:"The address that logged in."`
	UserID          wire.UserID `json:"userId"`
	UserAgent       string      `json:"userAgent"`
	Browser         string      `json:"browser"`
	OS              string      `json:"os"`
	Device          string      `json:"device"`
	DeviceHash      string      `json:"deviceHash" doc:"Equal for logins from one address with one user agent."`
	CreationTime    wire.Time   `json:"creationTime"`
	ExpirationDelay wire.Time   `json:"expirationDelay" doc:"When the session expires: a time, despite the name."`
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in ofUser) (op.Optional[Sessions], error) {
	if _, err := accounts.Own(tx, caller.Company, in.UID); errors.Is(err, db.ErrNoRow) {
		return op.Optional[Sessions]{}, nil
	} else if err != nil {
		return op.Optional[Sessions]{}, err
	}
	live, err := db.All(tx, scanSession, selectSessions+`
		WHERE user_id = $1 AND kind <> $2 AND expires > $3
		ORDER BY created, id`, in.UID, auth.KeySession, tx.Now())
	list := Sessions{Sessions: make([]Session, len(live))}
	for i, one := range live {
		list.Sessions[i] = one.view()
	}
	return op.Optional[Sessions]{Value: &list}, err
}

func (s session) view() Session {
	agent := useragent.Parse(s.userAgent)
	hash := sha256.Sum256([]byte(s.userAgent + "\n" + s.address))
	v := Session{
		SessionID: s.id, ClientIP: s.address, UserID: s.user, UserAgent: s.userAgent,
		Browser: "Unknown", OS: "Unknown", Device: "Unknown", DeviceHash: hex.EncodeToString(hash[:]),
		CreationTime: s.created, ExpirationDelay: s.expires,
	}
	if agent.OS != "" { // a browser; without an operating system the name is a guess
		v.Browser, v.OS = agent.Name, agent.OS
	}
	if agent.Device != "" {
		v.Device = agent.Device
	}
	return v
}

// LoggedOutAway is recorded when an administrator, or the user from another session, ends sessions
// of a user.
type LoggedOutAway struct {
	Sessions int `json:"sessions"` // how many
}

// Kind returns the name of this fact in the log.
func (LoggedOutAway) Kind() string { return "user.loggedOut" }

// Audience returns the company of the actor.
func (LoggedOutAway) Audience() journal.Audience { return journal.Within() }

// AuditLine names the action.
func (LoggedOutAway) AuditLine(journal.Entry) journal.Line {
	return journal.Action("userSessionLoggedOut", "User session logged out").ExceptOwn()
}

var endSession = op.Operation[Service]{
	ID:      "endUserSession",
	Route:   "POST /pod/v1/users/{uid}/sessions/{sid}/logout",
	Tag:     "Users",
	Summary: "End one session of a user.",
	Needs:   auth.SelfOr(auth.AccessUserProvisioningAPI),
	Handle:  op.Write((*Service).endOne),
}

type oneOfUser struct {
	UID wire.UserID `path:"uid"`
	SID string      `path:"sid" maxLength:"128"`
}

// Concerns returns the user that the operation concerns.
func (in oneOfUser) Concerns() wire.UserID { return in.UID }

func (s *Service) endOne(tx *db.Tx, caller auth.Caller, in oneOfUser) (wire.Success, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return wire.Success{}, accounts.Unknown(err, in.UID)
	}
	ended, err := s.end(tx, `id = $1 AND user_id = $2 AND kind <> $3 AND expires > $4`, in.SID, in.UID, auth.KeySession, tx.Now())
	if err != nil {
		return wire.Success{}, err
	}
	if len(ended) == 0 {
		return wire.Success{}, apierr.Invalid("sid: the user has no such session")
	}
	return s.endedBy(tx, caller, u, len(ended))
}

var endSessions = op.Operation[Service]{
	ID:      "endUserSessions",
	Route:   "POST /pod/v1/users/{uid}/sessions/logout",
	Tag:     "Users",
	Summary: "End all sessions of a user.",
	About: "Includes the caller's session if it belongs to that user, and sessions at the " +
		"key manager. A login at the same moment may open the " +
		"first of the next sessions.",
	Needs:  auth.SelfOr(auth.AccessUserProvisioningAPI),
	Handle: op.Write((*Service).endAll),
}

func (s *Service) endAll(tx *db.Tx, caller auth.Caller, in ofUser) (wire.Success, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return wire.Success{}, accounts.Unknown(err, in.UID)
	}
	// Each login locks the account's row before it opens a session. So every session is either
	// there to be ended, or opened after all others have ended.
	if u, err = accounts.Lock(tx, u.ID); err != nil {
		return wire.Success{}, err
	}
	ended, err := s.end(tx, `user_id = $1`, in.UID)
	if err != nil {
		return wire.Success{}, err
	}
	return s.endedBy(tx, caller, u, len(ended))
}

// endedBy records that the caller ended sessions of a user. It records nothing if there were none.
func (s *Service) endedBy(tx *db.Tx, caller auth.Caller, u accounts.User, sessions int) (wire.Success, error) {
	if sessions == 0 {
		return wire.Done("Success"), nil
	}
	return wire.Done("Success"), s.Journal.Record(tx, caller, u.Subject(), LoggedOutAway{Sessions: sessions})
}
