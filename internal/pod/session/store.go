package session

import (
	"errors"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/pod/companies"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

// Method is how a session was opened. signin.go has those of the console.
type Method string

const (
	byRSA         Method = "rsa"
	byCertificate Method = "certificate"
)

// session is a live session, a row of the table sessions.
type session struct {
	id        string
	company   wire.CompanyID
	kind      auth.SessionKind
	user      wire.UserID // 0 for an application's session
	app       string
	parent    string // the app session that opened an on-behalf-of session
	epoch     int64  // the application's epoch when the session was opened
	method    Method
	created   wire.Time
	expires   wire.Time
	address   string
	userAgent string
}

// newSession returns a session that begins now and lives for the company's SessionLifetime. It is
// not stored yet.
func newSession(tx *db.Tx, m *companies.Member, kind auth.SessionKind, how Method, peer op.Peer) session {
	return session{
		id: jose.NewSessionID(), company: m.ID, kind: kind, method: how,
		created: tx.Now(), expires: tx.Now().Add(m.SessionLifetime),
		address: peer.Address, userAgent: peer.UserAgent,
	}
}

func insertSession(tx *db.Tx, s session) error {
	return tx.Queue(`
		INSERT INTO sessions (id, company, kind, user_id, app, parent, epoch, method, created, expires, address, user_agent)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.id, s.company, s.kind, s.user, s.app, s.parent, s.epoch, s.method, s.created, s.expires, s.address, s.userAgent)
}

// holdSession locks an application's session until commit. It fails with InvalidSession if the
// session has ended or is of an older epoch: what the frame knows may be outdated, and what the
// session opens must not outlive it.
func holdSession(tx *db.Tx, id string, epoch int64) error {
	err := tx.Change(`UPDATE sessions SET epoch = epoch WHERE id = $1 AND epoch = $2 AND expires > $3`, id, epoch, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return apierr.InvalidSession("the application's session has ended")
	}
	return err
}

const selectSessions = `
	SELECT id, company, kind, user_id, app, parent, epoch, method, created, expires, address, user_agent
	FROM sessions`

func scanSession(row db.Row) (s session, err error) {
	return s, row.Scan(&s.id, &s.company, &s.kind, &s.user, &s.app, &s.parent, &s.epoch, &s.method, &s.created, &s.expires, &s.address, &s.userAgent)
}

// principal is a session with its account or application.
type principal struct {
	caller  auth.Caller
	expires wire.Time
	info    op.Ready[directory.V2] // the session info of its user
}

// principalOf returns a live session, its user with the roles, and its application with the
// permissions, from the database. The error is an apierr.InvalidSession if any of them does not
// allow the session.
func principalOf(tx *db.Tx, company wire.CompanyID, id string) (principal, error) {
	s, err := db.One(tx, scanSession, selectSessions+` WHERE id = $1 AND company = $2 AND expires > $3`, id, company, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return principal{}, apierr.InvalidSession("the session has ended")
	}
	if err != nil {
		return principal{}, err
	}
	p := principal{expires: s.expires, caller: auth.Caller{Company: s.company, Kind: s.kind, Session: s.id, User: s.user, App: s.app}}
	if s.user != 0 {
		if err := p.addUser(tx); err != nil {
			return principal{}, err
		}
	}
	if s.app != "" {
		if err := addApp(tx, &p.caller, s.epoch); err != nil {
			return principal{}, err
		}
	}
	return p, nil
}

func (p *principal) addUser(tx *db.Tx) error {
	u, err := accounts.Own(tx, p.caller.Company, p.caller.User)
	if errors.Is(err, db.ErrNoRow) {
		return apierr.InvalidSession("the session's user is gone")
	}
	if err != nil {
		return err
	}
	if u.LockedOut(tx.Now()) {
		return apierr.InvalidSession("the session's user is disabled or suspended")
	}
	p.caller.Username, p.caller.Email, p.caller.AccountType = u.Username, u.Email, u.AccountType
	p.caller.Walled = u.Walled
	p.caller.Roles, err = accounts.Roles(tx, u.ID)
	if err != nil {
		return err
	}
	p.caller.Rights = auth.RightsOf(p.caller.Roles)
	p.info, err = op.MakeReady(directory.OwnView(u, p.caller.Roles))
	return err
}

func addApp(tx *db.Tx, c *auth.Caller, epoch int64) error {
	a, err := apps.Find(tx, c.Company, c.App)
	if errors.Is(err, db.ErrNoRow) || (err == nil && !a.Enabled) {
		return apierr.InvalidSession("the session's application is gone or disabled")
	}
	if err != nil {
		return err
	}
	if a.Epoch != epoch {
		return apierr.InvalidSession("the session's application was disabled, or lost its key, since")
	}
	c.Permissions = a.Granted()
	if c.Kind != auth.OnBehalfSession {
		return nil
	}
	if !a.Acts() {
		return apierr.InvalidSession("the session's application may not act on behalf of users")
	}
	installed, err := apps.InstalledFor(tx, a, c.User)
	if err == nil && !installed {
		return apierr.InvalidSession("the session's application is not installed for the user")
	}
	return err
}

// freshness is how long a cached session is used without a query. A session that was ended on
// another node is refused within a second, even if no notification arrives.
const freshness = 800 * time.Millisecond
