package podtest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/pod/session"
	"podium/internal/wire"
)

// User is an account with an open session.
type User struct {
	ID       int64
	Username string
	Client   *client.Client

	t testing.TB
}

// Answer is an answer of a pod.
type Answer struct {
	client.Answer
	t       testing.TB
	request string
}

// User returns a person of Acme with the roles, logged in. It creates the account unless one with
// the name exists.
func (p *Pod) User(username string, roles ...string) *User {
	p.t.Helper()
	return p.account(p.URL, 190, username, auth.Normal, roles)
}

// Bot returns a service account of Acme with the roles, logged in. It creates the account unless
// one with the name exists (acme-bot, acme-admin).
func (p *Pod) Bot(username string, roles ...string) *User {
	p.t.Helper()
	return p.account(p.URL, 190, username, auth.System, roles)
}

// Stranger returns a service account of Globex (globex-bot, globex-admin), as Bot does for Acme.
func (p *Pod) Stranger(username string, roles ...string) *User {
	p.t.Helper()
	return p.account(p.SecondURL, 191, username, auth.System, roles)
}

// ID returns the id of a company's account, which has a key afterwards. It opens no session.
func (p *Pod) ID(company wire.CompanyID, username string) int64 {
	p.t.Helper()
	return int64(p.ensure(company, username, auth.Normal, nil))
}

// As returns the user on another node of the same pod, with the same session.
func (p *Pod) As(u *User) *User {
	c := p.client(p.URL)
	c.Token = u.Client.Token
	return &User{ID: u.ID, Username: u.Username, Client: c, t: p.t}
}

// Anonymous returns a client of Acme without a session.
func (p *Pod) Anonymous() *User {
	return &User{Client: p.client(p.URL), t: p.t}
}

func (p *Pod) client(base string) *client.Client {
	c := &client.Client{Base: base, HTTP: p.http}
	if p.clock != nil {
		c.Now = p.clock.Now
	}
	return c
}

func (p *Pod) account(base string, company wire.CompanyID, username string, kind auth.AccountType, roles []string) *User {
	p.t.Helper()
	id := p.ensure(company, username, kind, roles)
	u := &User{ID: int64(id), Username: username, Client: p.client(base), t: p.t}
	u.Login()
	return u
}

// Login opens another session, which the user uses from then on.
func (u *User) Login() {
	u.t.Helper()
	now := time.Now
	if u.Client.Now != nil {
		now = u.Client.Now
	}
	var opened session.Token
	u.Post("/login/pubkey/authenticate", map[string]string{"token": LoginToken(u.t, u.Username, now())}).Want(http.StatusOK).Into(&opened)
	u.Client.Token = opened.Token
}

// AccessToken returns a token for some scopes, without the word Bearer before it.
func (u *User) AccessToken(scopes string) string {
	u.t.Helper()
	var token session.AccessToken
	u.Post("/login/idm/tokens?scope="+url.QueryEscape(scopes), nil).Want(http.StatusOK).Into(&token)
	return token.AccessToken
}

// signed caches login tokens by subject and end: signing one takes longer than most requests.
var signed sync.Map

// LoginToken returns a login token signed with the shared key, valid for three to four minutes from
// now.
func LoginToken(t testing.TB, subject string, now time.Time) string {
	t.Helper()
	expires := now.Truncate(time.Minute).Add(4 * time.Minute)
	key := subject + expires.UTC().Format(" 15:04 2006-01-02")
	if token, ok := signed.Load(key); ok {
		return token.(string)
	}
	token, err := client.SignLogin(subject, Key(), expires)
	if err != nil {
		t.Fatal(err)
	}
	signed.Store(key, token)
	return token
}

// ensure returns the account with a name, with a key. It creates the account if necessary.
func (p *Pod) ensure(company wire.CompanyID, username string, kind auth.AccountType, roles []string) wire.UserID {
	p.t.Helper()
	id, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (wire.UserID, error) {
		itself := auth.Caller{Company: company}
		u, err := accounts.ByUsername(tx, company, username)
		if err == db.ErrNoRow {
			n := accounts.New{Attributes: accounts.Attributes{
				AccountType: kind, Username: username, Email: username + "@" + company.String() + ".example", DisplayName: username,
				FirstName: username, LastName: "Tester", CompanyName: "Test",
			}, Bootstrap: true, Key: jose.EncodePublicKey(&Key().PublicKey)}
			for _, role := range roles {
				n.Roles = append(n.Roles, auth.Role(role))
			}
			u, err = p.Inner.Accounts.Create(tx, itself, n)
		}
		if err != nil {
			return 0, err
		}
		held, err := accounts.KeysOf(tx, u.ID, tx.Now())
		if err != nil || len(held) > 0 {
			return u.ID, err
		}
		return u.ID, p.Inner.Accounts.SaveKey(tx, itself, u, jose.EncodePublicKey(&Key().PublicKey), 0)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

// App returns a session of an application of Acme (acme-app).
func (p *Pod) App(id string) *User {
	p.t.Helper()
	app := &User{Username: id, Client: p.client(p.URL), t: p.t}
	token := LoginToken(p.t, id, p.Inner.DB.Now().Std())
	var opened session.Token
	app.Post("/login/pubkey/app/authenticate", map[string]string{"token": token}).Want(http.StatusOK).Into(&opened)
	app.Client.Token = opened.Token
	return app
}

// OnBehalf returns a session of a user of Acme, opened by an application.
func (p *Pod) OnBehalf(app *User, username string) *User {
	p.t.Helper()
	var opened session.Token
	app.Post("/login/pubkey/app/username/"+username+"/authenticate", nil).Want(http.StatusOK).Into(&opened)
	u := &User{Username: username, Client: p.client(p.URL), t: p.t}
	u.Client.Token = opened.Token
	return u
}

// KeyManager returns a session of a service account at the key manager, wrongly used as one of the
// pod.
func (p *Pod) KeyManager(username string) *User {
	p.t.Helper()
	u := p.Bot(username)
	signed := LoginToken(p.t, username, p.Inner.DB.Now().Std())
	var opened session.Token
	u.Post("/relay/pubkey/authenticate", map[string]string{"token": signed}).Want(http.StatusOK).Into(&opened)
	u.Client.Token = opened.Token
	return u
}

// MakeApp creates an application of Acme with exactly these permissions, installed for all users.
func (p *Pod) MakeApp(id string, permissions ...auth.Permission) {
	p.t.Helper()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, p.Inner.Apps.Create(tx, auth.Caller{Company: 190}, apps.App{
			ID: id, Name: id, Publisher: "Acme", Permissions: permissions, Enabled: true, Install: true,
		}, jose.EncodePublicKey(&Key().PublicKey))
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// PowerlessApp returns the id of an application that may act on behalf of all users of Acme, and
// has no other permission.
func (p *Pod) PowerlessApp() string {
	p.t.Helper()
	const id = "powerless-app"
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		if _, err := apps.Find(tx, 190, id); err != db.ErrNoRow {
			return struct{}{}, err
		}
		return struct{}{}, p.Inner.Apps.Create(tx, auth.Caller{Company: 190}, apps.App{
			ID: id, Name: "Powerless", Permissions: []auth.Permission{auth.ActAsUser}, Enabled: true, Install: true,
		}, jose.EncodePublicKey(&Key().PublicKey))
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

// Get calls an operation without a body.
func (u *User) Get(path string) Answer {
	u.t.Helper()
	return u.do(http.MethodGet, path, nil)
}

// Post calls an operation with body as JSON, or with none if it is nil.
func (u *User) Post(path string, body any) Answer {
	u.t.Helper()
	return u.do(http.MethodPost, path, body)
}

// Send calls an operation with a multipart form, written as client.EncodeForm reads it.
func (u *User) Send(path string, form map[string]any) Answer {
	u.t.Helper()
	object, err := json.Marshal(form)
	if err != nil {
		u.t.Fatal(err)
	}
	answer, err := u.Client.DoForm(context.Background(), path, object)
	if err != nil {
		u.t.Fatal(err)
	}
	return Answer{Answer: answer, t: u.t, request: "POST " + path}
}

// Put calls an operation with body as JSON.
func (u *User) Put(path string, body any) Answer {
	u.t.Helper()
	return u.do(http.MethodPut, path, body)
}

// Delete calls an operation without a body.
func (u *User) Delete(path string) Answer {
	u.t.Helper()
	return u.do(http.MethodDelete, path, nil)
}

func (u *User) do(method, path string, body any) Answer {
	u.t.Helper()
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			u.t.Fatal(err)
		}
	}
	answer, err := u.Client.Do(context.Background(), method, path, data)
	if err != nil {
		u.t.Fatal(err)
	}
	return Answer{Answer: answer, t: u.t, request: method + " " + path}
}

// Call calls an operation by its declaration, as `podium call` does.
func (u *User) Call(o op.Bound, parameters map[string]string, body []byte) Answer {
	u.t.Helper()
	answer, err := u.Client.Call(context.Background(), o, parameters, body)
	if err != nil {
		u.t.Fatal(err)
	}
	return Answer{Answer: answer, t: u.t, request: o.ID}
}

// Want fails the test unless the answer has the status.
func (a Answer) Want(status int) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s: %d instead of %d: %s", a.request, a.Status, status, a.Body)
	}
	return a
}

// Into reads the answer's JSON.
func (a Answer) Into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("%s: %v in %s", a.request, err, a.Body)
	}
}
