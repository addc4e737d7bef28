// Package client calls a pod, for the command line and for tests. It logs in as the official SDKs
// do, and calls operations by their ids. Package op and the chapters define the operations.
package client

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"podium/internal/op"
)

// Client calls one pod.
type Client struct {
	Base  string           // such as http://127.0.0.1:8080
	HTTP  *http.Client     // nil: http.DefaultClient
	Token string           // the session token after a login
	Now   func() time.Time // the clock for signing login tokens; nil: time.Now
}

// Answer is the pod's answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// loginLife is how long a login token of Login is valid.
const loginLife = 4 * time.Minute

// Login opens a session with an RSA key.
func (c *Client) Login(ctx context.Context, username string, key *rsa.PrivateKey) error {
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	signed, err := SignLogin(username, key, now().Add(loginLife))
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"token": signed})
	if err != nil {
		return err
	}
	answer, err := c.Do(ctx, http.MethodPost, "/login/pubkey/authenticate", body)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusOK {
		return fmt.Errorf("the pod refuses the login of %s: %d %s", username, answer.Status, answer.Body)
	}
	var token struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(answer.Body, &token); err != nil {
		return fmt.Errorf("the pod's answer to a login: %w", err)
	}
	c.Token = token.Token
	return nil
}

// SignLogin returns the token with which an account or an application logs in.
func SignLogin(subject string, key *rsa.PrivateKey, expires time.Time) (string, error) {
	claims := jwt.MapClaims{"sub": subject, "exp": expires.Unix()}
	return jwt.NewWithClaims(jwt.SigningMethodRS512, claims).SignedString(key)
}

// Call calls an operation. Parameters that are not in the path go to the header or the query, by
// name. The body of an operation with a form is a JSON object, see EncodeForm. If the operation
// needs an access token, Call requests one first.
func (c *Client) Call(ctx context.Context, o op.Bound, parameters map[string]string, body []byte) (Answer, error) {
	path := o.Path
	query, headers := url.Values{}, http.Header{}
	for name, value := range parameters {
		placeholder := "{" + name + "}"
		if strings.Contains(path, placeholder) {
			path = strings.ReplaceAll(path, placeholder, url.PathEscape(value))
			continue
		}
		if isHeader(o, name) {
			headers.Set(name, value)
			continue
		}
		query.Set(name, value)
	}
	if at := strings.IndexByte(path, '{'); at >= 0 {
		name, _, _ := strings.Cut(path[at+1:], "}")
		return Answer{}, fmt.Errorf("operation %s needs the parameter %s", o.ID, name)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if scope := o.Needs.Scope(); scope != "" {
		refused, err := c.authorize(ctx, scope, headers)
		if err != nil || refused.Status != 0 {
			return refused, err
		}
	}
	if o.HasForm() {
		encoded, contentType, err := EncodeForm(body)
		if err != nil {
			return Answer{}, err
		}
		body = encoded
		headers.Set("Content-Type", contentType)
	}
	return c.do(ctx, o.Method, path, body, headers)
}

// DoForm posts a multipart form, see EncodeForm.
func (c *Client) DoForm(ctx context.Context, path string, object []byte) (Answer, error) {
	body, contentType, err := EncodeForm(object)
	if err != nil {
		return Answer{}, err
	}
	return c.do(ctx, http.MethodPost, path, body, http.Header{"Content-Type": {contentType}})
}

// isHeader reports whether an operation reads a parameter from the header.
func isHeader(o op.Bound, name string) bool {
	for i := range o.In.NumField() {
		if o.In.Field(i).Tag.Get("header") == name {
			return true
		}
	}
	return false
}

// authorize puts an access token for a scope into headers. If the pod refuses to issue one, it
// returns the pod's answer.
func (c *Client) authorize(ctx context.Context, scope string, headers http.Header) (refused Answer, err error) {
	answer, err := c.Do(ctx, http.MethodPost, "/login/idm/tokens?scope="+url.QueryEscape(scope), nil)
	if err != nil || answer.Status != http.StatusOK {
		return answer, err
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(answer.Body, &token); err != nil {
		return Answer{}, fmt.Errorf("the pod's answer with an access token: %w", err)
	}
	headers.Set("Authorization", "Bearer "+token.AccessToken)
	return Answer{}, nil
}

// Do sends one request, with the session token if there is one. If the answer is a stream of
// events, Do returns without a body: see Follow.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) (Answer, error) {
	return c.do(ctx, method, path, body, nil)
}

func (c *Client) do(ctx context.Context, method, path string, body []byte, header http.Header) (Answer, error) {
	response, err := c.send(ctx, method, path, body, header)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	if isStream(response) {
		return Answer{Status: response.StatusCode, Header: response.Header}, nil
	}
	data, err := io.ReadAll(response.Body)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: data}, err
}

func (c *Client) send(ctx context.Context, method, path string, body []byte, header http.Header) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.Base, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(request.Header, header)
	request.Header.Set("User-Agent", "Podium")
	if c.Token != "" {
		request.Header.Set("sessionToken", c.Token)
	}
	transport := c.HTTP
	if transport == nil {
		transport = http.DefaultClient
	}
	return transport.Do(request)
}
