package signin

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/passwords"
	"podium/internal/pod/companies"
	"podium/internal/pod/session"
	"podium/internal/wire"
)

var byPassword = op.Operation[Service]{
	ID:      "signInByPassword",
	Route:   "POST /podium/v1/signin/password",
	Tag:     tag,
	Summary: "Sign a person in by password.",
	About: "The person has the password of `createUser` and the right LOGIN_WITH_PASSWORD. Every refusal is 401 with one text. " +
		"After ten failures of strangers for a name there is one more try a minute; browsers that the person has signed in with have tries of their own. " +
		"The operator can switch this off: the answer is then 404.",
	Needs:  auth.Anyone,
	Also:   []int{401, 404, 429},
	Login:  true,
	Handle: op.Call((*Service).byPassword),
}

type passwordInput struct {
	Peer    op.Peer
	Console string `header:"Podium-Console" maxLength:"1" doc:"1"`
	Body    struct {
		Username string `json:"username" minLength:"1" maxLength:"256" doc:"The account's user name."`
		Password string `json:"password" minLength:"1" maxLength:"1024" doc:"The password itself."`
	}
}

func (s *Service) byPassword(ctx context.Context, caller auth.Caller, in passwordInput) (answer, error) {
	if !s.Passwords {
		return answer{}, apierr.NotFound("There is no such operation")
	}
	if err := check(in.Peer); err != nil {
		return answer{}, err
	}
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return answer{}, apierr.LoginRefused("there is no company %d", caller.Company)
	}
	username := in.Body.Username
	known, nonce := s.device(m, in.Peer)
	tries := []bucket{ofAddress(in.Peer.Address), ofAccount(m.ID, username)}
	u, secret, err := s.secretOf(ctx, m.ID, username)
	if err != nil {
		return answer{}, err
	}
	if known != 0 && known == u.ID {
		tries = []bucket{{"browser " + nonce, perDevice}}
	}
	if err := s.take(ctx, tries...); err != nil {
		return answer{}, err
	}
	salt := secret.Salt
	if salt == "" {
		salt = passwords.DecoySalt
	}
	matches, err := passwords.Match(ctx, secret.Hash, passwords.Derive(in.Body.Password, salt))
	if err != nil {
		return answer{}, err
	}
	if !matches {
		return answer{}, apierr.LoginRefused("the password of %q", username)
	}
	opened, err := s.open(ctx, caller, session.ByPassword, in.Peer, func(tx *db.Tx) (accounts.User, error) {
		u, err := unchanged(tx, m.ID, username, secret)
		if err != nil {
			return u, err
		}
		return u, giveBack(tx, tries...)
	})
	if err == nil {
		opened.Cookies = append(opened.Cookies, s.deviceCookie(m, opened.Value.UserID))
	}
	return opened, err
}

// secretOf returns the account with a name, and its password. Both are empty for an unknown name.
func (s *Service) secretOf(ctx context.Context, company wire.CompanyID, username string) (u accounts.User, secret accounts.Secret, err error) {
	_, err = db.Read(ctx, s.DB, func(tx *db.Tx) (_ struct{}, err error) {
		u, secret, err = accounts.ForPassword(tx, company, username)
		return struct{}{}, err
	})
	if errors.Is(err, db.ErrNoRow) {
		return accounts.User{}, accounts.Secret{}, nil
	}
	return u, secret, err
}

// unchanged returns the account with a name. It refuses the login if the account has another
// password by now, or may not sign in by one.
func unchanged(tx *db.Tx, company wire.CompanyID, username string, checked accounts.Secret) (accounts.User, error) {
	u, secret, err := accounts.ForPassword(tx, company, username)
	if errors.Is(err, db.ErrNoRow) {
		return u, apierr.LoginRefused("the account %q is gone", username)
	}
	if err != nil {
		return u, err
	}
	// the hash of the same password changes when it is sealed
	if secret.Salt != checked.Salt || secret.Hash != checked.Hash && passwords.IsSealed(checked.Hash) {
		return u, apierr.LoginRefused("the password of %q has changed meanwhile", username)
	}
	roles, err := accounts.Roles(tx, u.ID)
	if err != nil {
		return u, err
	}
	if u.AccountType != auth.Normal || !auth.RightsOf(roles).Has(auth.LoginWithPassword) {
		return u, apierr.LoginRefused("the account %q may not sign in by password", username)
	}
	return u, nil
}

// deviceLife is how long a browser counts as one that an account has signed in with.
const deviceLife = 90 * 24 * time.Hour

// deviceName returns the name of the cookie by which a browser shows that an account has signed in
// with it. It opens nothing.
func deviceName(company wire.CompanyID) string { return "podium_browser_" + company.String() }

// deviceCookie returns a new cookie of a browser with which an account has signed in: the account,
// a text made by chance, the time until which it counts, and a signature.
func (s *Service) deviceCookie(m *companies.Member, id wire.UserID) op.Cookie {
	value := strings.Join([]string{id.String(), jose.NewSessionID(), strconv.FormatInt(int64(s.DB.Now().Add(deviceLife)), 10)}, ".")
	signature, err := jose.SignLink(m.SessionKeys, deviceGrants(value))
	if err != nil {
		return op.Cookie{Name: deviceName(m.ID), Path: signInPath}
	}
	return op.Cookie{Name: deviceName(m.ID), Value: value + "." + signature, Path: signInPath, Age: deviceLife}
}

// deviceGrants returns what the signature of a device's cookie is of: no link grants that.
func deviceGrants(value string) string { return "podium browser\n" + value }

// device returns the account that has signed in with a browser, and the text in its cookie that was
// made by chance. It returns 0 without a valid cookie.
func (s *Service) device(m *companies.Member, p op.Peer) (wire.UserID, string) {
	value, signature, ok := cutLast(p.Cookie(deviceName(m.ID)))
	if !ok || jose.VerifyLink(m.SessionKeys, deviceGrants(value), signature) != nil {
		return 0, ""
	}
	fields := strings.Split(value, ".")
	if len(fields) != 3 {
		return 0, ""
	}
	expires, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || wire.Time(expires) <= s.DB.Now() {
		return 0, ""
	}
	id, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0, ""
	}
	return wire.UserID(id), fields[1]
}

// cutLast cuts a text at its last dot.
func cutLast(text string) (before, after string, ok bool) {
	if at := strings.LastIndexByte(text, '.'); at >= 0 {
		return text[:at], text[at+1:], true
	}
	return text, "", false
}
