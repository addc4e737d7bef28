package session

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/wire"
)

const aboutOnBehalf = "The caller is an application's session; the application must be installed for the user. " +
	"The session that opens may do what both the user and the application's permissions allow."

var onBehalfByID = op.Operation[Service]{
	ID:      "authenticateOnBehalfOfUser",
	Route:   "POST /login/pubkey/app/user/{userId}/authenticate",
	Tag:     "Authentication",
	Summary: "Log an application in on behalf of a user, by id.",
	About:   aboutOnBehalf,
	Needs:   auth.AnApp,
	Login:   true,
	Handle:  op.Write((*Service).onBehalfByID),
}

var onBehalfByName = op.Operation[Service]{
	ID:      "authenticateOnBehalfOfUsername",
	Route:   "POST /login/pubkey/app/username/{username}/authenticate",
	Tag:     "Authentication",
	Summary: "Log an application in on behalf of a user, by user name.",
	About:   aboutOnBehalf,
	Needs:   auth.AnApp,
	Login:   true,
	Handle:  op.Write((*Service).onBehalfByName),
}

var onBehalfByIDCertificate = op.Operation[Service]{
	ID:         "authenticateOnBehalfOfUserByCertificate",
	Route:      "POST /sessionauth/v1/app/user/{uid}/authenticate",
	Tag:        "CertificateAuthentication",
	Summary:    "Log an application in on behalf of a user, by id; the older form.",
	About:      aboutOnBehalf,
	Needs:      auth.AnApp,
	Deprecated: true,
	Also:       []int{404},
	Login:      true,
	Handle:     op.Write((*Service).onBehalfByIDCertificate),
}

var onBehalfByNameCertificate = op.Operation[Service]{
	ID:         "authenticateOnBehalfOfUsernameByCertificate",
	Route:      "POST /sessionauth/v1/app/username/{username}/authenticate",
	Tag:        "CertificateAuthentication",
	Summary:    "Log an application in on behalf of a user, by user name; the older form.",
	About:      aboutOnBehalf,
	Needs:      auth.AnApp,
	Deprecated: true,
	Also:       []int{404},
	Login:      true,
	Handle:     op.Write((*Service).onBehalfByNameCertificate),
}

type onBehalfIDInput struct {
	UserID wire.UserID `path:"userId"`
	Peer   op.Peer
}

type onBehalfNameInput struct {
	Username string `path:"username" maxLength:"512"`
	Peer     op.Peer
}

type onBehalfUIDInput struct {
	UID  wire.UserID `path:"uid"`
	Peer op.Peer
}

// SessionToken is the answer of the older on-behalf-of logins.
type SessionToken struct {
	SessionToken string `json:"sessionToken" doc:"The token to send in the header of the same name."`
}

func (s *Service) onBehalfByID(tx *db.Tx, caller auth.Caller, in onBehalfIDInput) (Token, error) {
	u, err := accounts.Own(tx, caller.Company, in.UserID)
	token, err := s.onBehalf(tx, caller, u, err, byRSA, in.Peer)
	return Token{Token: token, Name: "sessionToken"}, refusedUser(err)
}

func (s *Service) onBehalfByName(tx *db.Tx, caller auth.Caller, in onBehalfNameInput) (Token, error) {
	u, err := accounts.ByUsername(tx, caller.Company, in.Username)
	token, err := s.onBehalf(tx, caller, u, err, byRSA, in.Peer)
	return Token{Token: token, Name: "sessionToken"}, refusedUser(err)
}

func (s *Service) onBehalfByIDCertificate(tx *db.Tx, caller auth.Caller, in onBehalfUIDInput) (SessionToken, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	token, err := s.onBehalf(tx, caller, u, err, byCertificate, in.Peer)
	return SessionToken{token}, missingUser(err)
}

func (s *Service) onBehalfByNameCertificate(tx *db.Tx, caller auth.Caller, in onBehalfNameInput) (SessionToken, error) {
	u, err := accounts.ByUsername(tx, caller.Company, in.Username)
	token, err := s.onBehalf(tx, caller, u, err, byCertificate, in.Peer)
	return SessionToken{token}, missingUser(err)
}

// onBehalf opens a session of a user for the calling application. found is the error of looking the
// user up; its db.ErrNoRow is returned, because the variants of this login answer it differently.
func (s *Service) onBehalf(tx *db.Tx, caller auth.Caller, u accounts.User, found error, how Method, peer op.Peer) (string, error) {
	if !caller.Permitted(auth.ActAsUser) {
		return "", notActing(caller.App)
	}
	if found != nil {
		return "", found
	}
	u, err := accounts.Lock(tx, u.ID)
	if err != nil {
		return "", err
	}
	if u.AccountType == auth.SDL {
		// no application acts for a distribution list, which no look-up finds
		return "", db.ErrNoRow
	}
	if u.LockedOut(tx.Now()) {
		return "", apierr.LoginRefused("the account %s is disabled or suspended", u.ID)
	}
	a, err := apps.Lock(tx, caller.Company, caller.App)
	if errors.Is(err, db.ErrNoRow) {
		return "", apierr.InvalidSession("the application %s is gone", caller.App)
	}
	if err != nil {
		return "", err
	}
	if !a.Acts() { // the permission was revoked since the frame checked
		return "", notActing(a.ID)
	}
	if err := holdSession(tx, caller.Session, a.Epoch); err != nil {
		return "", err
	}
	installed, err := apps.InstalledFor(tx, a, u.ID)
	if err != nil {
		return "", err
	}
	if !installed {
		return "", apierr.LoginRefused("the application %s is not installed for the account %s", a.ID, u.ID)
	}
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return "", apierr.LoginRefused("there is no company %d", caller.Company)
	}
	if err := s.Accounts.Enter(tx, u); err != nil {
		return "", err
	}
	opened := newSession(tx, m, auth.OnBehalfSession, how, peer)
	opened.user, opened.app, opened.epoch, opened.parent = u.ID, a.ID, a.Epoch, caller.Session
	claims := jose.SessionClaims{
		Subject: u.Username, SessionID: opened.id, UserID: int64(u.ID), AppGroupID: a.ID, AppPermissions: names(a.Granted()),
	}
	if err := insertSession(tx, opened); err != nil {
		return "", err
	}
	token := jose.SignSession(m.SessionKeys.Current, claims)
	return token, s.Journal.Record(tx, caller, u.Subject(), OpenedOnBehalf{App: a.ID})
}

// OpenedOnBehalf is recorded when an application opens a session on behalf of a user.
type OpenedOnBehalf struct {
	App string `json:"app"`
}

// Kind returns the name of this fact in the log.
func (OpenedOnBehalf) Kind() string { return "session.openedOnBehalf" }

// Audience returns the company of the actor.
func (OpenedOnBehalf) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (OpenedOnBehalf) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("An application does it, by its own permission, and no account by a role.")
}

func notActing(app string) error {
	return apierr.Forbidden("the application %s lacks the permission %s", app, auth.ActAsUser)
}

// refusedUser turns db.ErrNoRow into LoginRefused (401): the SDKs then report a refused login, and
// stop.
func refusedUser(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return apierr.LoginRefused("there is no such account")
	}
	return err
}

// missingUser turns db.ErrNoRow into NotFound (404), which the older variants list.
func missingUser(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return apierr.NotFound("User not found")
	}
	return err
}
