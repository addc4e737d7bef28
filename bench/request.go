package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"podium/internal/jose"
)

// request returns a request as it goes over the wire, with the headers of a plain client.
func request(method, path, session string, body any) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: podium-bench\r\nAccept: application/json\r\n", method, path)
	if session != "" {
		fmt.Fprintf(&text, "sessionToken: %s\r\n", session)
	}
	if body == nil {
		text.WriteString("\r\n")
		return []byte(text.String())
	}
	data, err := json.Marshal(body)
	if err != nil {
		panic(err) // structs of plain fields
	}
	fmt.Fprintf(&text, "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(data), data)
	return []byte(text.String())
}

// The accounts of the demo data by which we log in.
const (
	userName  = "acme-bot"
	adminName = "acme-admin"
)

// userKey is the key of those accounts.
type userKey struct{ private *rsa.PrivateKey }

// ready makes the key at its first use: that takes a second or so.
func (k *userKey) ready() error {
	if k.private != nil {
		return nil
	}
	progress("making a key of 4096 bits")
	var err error
	k.private, err = rsa.GenerateKey(rand.Reader, 4096)
	return err
}

func (k *userKey) publicPEM() string { return jose.EncodePublicKey(&k.private.PublicKey) }

// loginToken returns a fresh token to log in with.
func (k *userKey) loginToken() (string, error) { return k.tokenOf(userName) }

func (k *userKey) tokenOf(name string) (string, error) {
	claims := jwt.MapClaims{"sub": name, "exp": time.Now().Add(295 * time.Second).Unix()}
	return jwt.NewWithClaims(jwt.SigningMethodRS512, claims).SignedString(k.private)
}

type loginBody struct {
	Token string `json:"token"`
}

// loginRequest logs in with a fresh token.
func (k *userKey) loginRequest() ([]byte, error) {
	token, err := k.loginToken()
	return request("POST", "/login/pubkey/authenticate", "", loginBody{token}), err
}

// session logs in and gives the session's token.
func (k *userKey) session(ctx context.Context, address string) (string, error) {
	return k.sessionOf(ctx, address, userName)
}

// sessionOf returns a session of an account of the demo data.
func (k *userKey) sessionOf(ctx context.Context, address, name string) (string, error) {
	token, err := k.tokenOf(name)
	if err != nil {
		return "", err
	}
	login := request("POST", "/login/pubkey/authenticate", "", loginBody{token})
	answer, err := ask(ctx, address, login)
	if err != nil {
		return "", err
	}
	var opened loginBody
	err = json.Unmarshal(answer, &opened)
	return opened.Token, err
}

// ask sends one request.
func ask(ctx context.Context, address string, request []byte) ([]byte, error) {
	c, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	defer c.close()
	return c.call(request)
}
