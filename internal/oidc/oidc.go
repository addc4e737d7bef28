// Package oidc is the client of OpenID providers: the authorization code flow with PKCE. It asks
// the issuer's host and those that the operator has named, and no others.
package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	// timeout is how long a sign-in waits for the provider.
	timeout = 8 * time.Second

	// mostBytes is how much of an answer of a provider is read.
	mostBytes = 1 << 20

	// refresh is how long a provider's description is used.
	refresh = time.Hour

	// mostProviders is how many descriptions are remembered.
	mostProviders = 256
)

// Config is how a company uses a provider.
type Config struct {
	Issuer           string // such as https://login.example
	ClientID, Secret string
	Hosts            []string // hosts that are asked beside the issuer's, with their ports
}

// Validate returns an error that names the first wrong setting.
func (c Config) Validate() error {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the issuer is a URL such as https://login.example")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return errors.New("the issuer's address begins with https://, except on this machine")
	case c.ClientID == "" || len(c.ClientID) > 512 || len(c.Issuer) > 1024:
		return errors.New("a client id of at most 512 characters and an issuer of at most 1,024 are needed")
	case c.Secret == "" || len(c.Secret) > 4096:
		return errors.New("the client secret has 1 to 4,096 characters")
	case len(c.Hosts) > 16:
		return errors.New("at most 16 other hosts can be named")
	}
	for _, host := range c.Hosts {
		if u, err := url.Parse("https://" + host); err != nil || u.Host != host || host == "" {
			return fmt.Errorf("host %q: a host name is expected, and a port if it is not 443", host)
		}
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Flow is a sign-in of one browser. Its texts are made by chance.
type Flow struct {
	Redirect string // the address to which the provider sends the browser
	State    string
	Nonce    string
	Verifier string // of PKCE
}

// Client remembers the descriptions of providers. Its zero value is ready to use.
type Client struct {
	Now func() time.Time // nil: time.Now

	mu    sync.Mutex
	known map[string]described // by issuer and hosts
}

type described struct {
	provider *oidc.Provider
	until    time.Time
}

// Start returns the address of the provider at which the browser signs in.
func (c *Client) Start(ctx context.Context, config Config, flow Flow) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	provider, err := c.provider(ctx, config)
	if err != nil {
		return "", err
	}
	endpoint := provider.Endpoint()
	if u, err := url.Parse(endpoint.AuthURL); err != nil || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return "", errors.New("the provider names no address with https:// to sign in at")
	}
	return client(config, endpoint, flow).AuthCodeURL(flow.State, oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier)), nil
}

// Finish exchanges the code that the browser has brought from the provider, and returns the claims
// about the user: of the ID token, and of the user info if the ID token lacks the wanted claim. It
// has checked that the provider signed the ID token, for this client and this flow. issuer is what
// the answer says of its sender; empty if it says nothing.
func (c *Client) Finish(ctx context.Context, config Config, flow Flow, code, issuer, wanted string) (map[string]any, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if issuer != "" && issuer != config.Issuer { // RFC 9207
		return nil, errors.New("the answer is of another provider")
	}
	provider, err := c.provider(ctx, config)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, httpClient(config))
	token, err := client(config, provider.Endpoint(), flow).Exchange(ctx, code, oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return nil, fmt.Errorf("the provider gives no token: %w", brief(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the provider gives no ID token")
	}
	id, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID, Now: c.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("the ID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(flow.Nonce)) != 1 {
		return nil, errors.New("the ID token is of another sign-in")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return nil, err
	}
	if azp, named := claims["azp"]; (named || len(id.Audience) > 1) && azp != config.ClientID {
		return nil, errors.New("the ID token is made for another client")
	}
	if _, ok := claims[wanted]; ok || provider.UserInfoEndpoint() == "" {
		return claims, nil
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, fmt.Errorf("the provider's user info: %w", err)
	}
	if info.Subject == "" || info.Subject != id.Subject {
		return nil, errors.New("the user info is about another user")
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return nil, err
	}
	maps.Copy(more, claims)
	return more, nil
}

// brief returns an error of the exchange without the provider's answer, which may hold tokens.
func brief(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s, error %.64q", refused.Response.Status, refused.ErrorCode)
	}
	var broken *json.SyntaxError
	if errors.As(err, &broken) {
		return errors.New("its answer is no JSON")
	}
	return err
}

func client(config Config, endpoint oauth2.Endpoint, flow Flow) *oauth2.Config {
	return &oauth2.Config{
		ClientID: config.ClientID, ClientSecret: config.Secret, Endpoint: endpoint, RedirectURL: flow.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// provider returns the description of a provider, from memory if it is not old.
func (c *Client) provider(ctx context.Context, config Config) (*oidc.Provider, error) {
	key := strings.Join(append([]string{config.Issuer}, config.Hosts...), "\n")
	c.mu.Lock()
	known := c.known[key]
	c.mu.Unlock()
	if known.provider != nil && time.Now().Before(known.until) {
		return known.provider, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, httpClient(config)), config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("the provider's description: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= mostProviders {
		c.known = map[string]described{}
	}
	c.known[key] = described{found, time.Now().Add(refresh)}
	return found, nil
}

// shared is the transport of all providers.
var shared = http.DefaultTransport.(*http.Transport).Clone()

// httpClient returns a client for a company's provider.
func httpClient(config Config) *http.Client {
	issuer, err := url.Parse(config.Issuer)
	if err != nil {
		issuer = &url.URL{} // Validate has refused it
	}
	return &http.Client{
		Transport:     only{append([]string{issuer.Host}, config.Hosts...)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       timeout,
	}
}

// only asks some hosts, and reads a limited part of their answers.
type only struct{ hosts []string }

// RoundTrip implements http.RoundTripper.
func (o only) RoundTrip(r *http.Request) (*http.Response, error) {
	if !slices.Contains(o.hosts, r.URL.Host) {
		return nil, fmt.Errorf("the host %s is not among those that may be asked", r.URL.Host)
	}
	if r.URL.Scheme != "https" && !(r.URL.Scheme == "http" && isLoopback(r.URL.Hostname())) {
		return nil, fmt.Errorf("the host %s is asked over TLS only", r.URL.Host)
	}
	answer, err := shared.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = limited{io.LimitReader(answer.Body, mostBytes), answer.Body}
	return answer, nil
}

// limited is a body of which a part is read.
type limited struct {
	io.Reader
	io.Closer
}
