package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"podium/internal/jose"
)

const loginCallers = 16

// login compares logins by RSA key with the signature work alone: verifying the client's
// RS512 of 4096 bits, and making the RS256 of the access token with a key of 2048.
func (b *bench) login(ctx context.Context) error {
	pod, err := b.startPod(ctx, "login", filepath.Join(b.dir, "login.db"))
	if err != nil {
		return err
	}
	defer pod.stop()
	token, err := b.key.loginToken()
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "login", order{Kind: "signatures", PublicKey: b.key.publicPEM(), Body: []byte(token)})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	ours := func(ctx context.Context) (result, error) {
		requests := make([][]byte, loginCallers)
		for i := range requests { // tokens are good for five minutes, so each round gets its own
			if requests[i], err = b.key.loginRequest(); err != nil {
				return result{}, err
			}
		}
		return b.load(pod, requests)(ctx)
	}
	name := fmt.Sprintf("RSA login, %d callers", loginCallers)
	c, err := b.compare(ctx, name, ours, b.signatures(ceiling))
	if err != nil {
		return err
	}
	b.report.compared(name, c, 0.7)
	return nil
}

// signatures returns the ceiling's side: one request, which is answered when the round is over.
func (b *bench) signatures(c *child) side {
	query := url.Values{"warm": {b.warm.String()}, "round": {b.round.String()}, "callers": {strconv.Itoa(loginCallers)}}
	text := request("GET", "/?"+query.Encode(), "", nil)
	return func(ctx context.Context) (result, error) {
		answer, err := ask(ctx, c.address, text)
		if err != nil {
			return result{}, err
		}
		var r result
		err = json.Unmarshal(answer, &r.rate)
		return r, err
	}
}

// serveSignatures answers with how many logins a second the signatures alone would allow.
func serveSignatures(listener net.Listener, o order) (func(), error) {
	user, err := jose.ParsePublicKey(o.PublicKey)
	if err != nil {
		return nil, err
	}
	dot := bytes.LastIndexByte(o.Body, '.')
	signature, err := base64.RawURLEncoding.DecodeString(string(o.Body[dot+1:]))
	if err != nil {
		return nil, err
	}
	signed := o.Body[:dot]
	company, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	once := func() error {
		login := sha512.Sum512(signed)
		if err := rsa.VerifyPKCS1v15(user, crypto.SHA512, login[:], signature); err != nil {
			return err
		}
		access := sha256.Sum256(signed) // what an access token says is about as long
		_, err := rsa.SignPKCS1v15(nil, company, crypto.SHA256, access[:])
		return err
	}
	return bare(listener, func(w http.ResponseWriter, r *http.Request) {
		rate, err := spin(once, r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		json.NewEncoder(w).Encode(rate)
	}), nil
}

// spin repeats some work on several goroutines and tells how often each second it was done.
func spin(once func() error, query url.Values) (float64, error) {
	warm, err1 := time.ParseDuration(query.Get("warm"))
	round, err2 := time.ParseDuration(query.Get("round"))
	callers, err3 := strconv.Atoi(query.Get("callers"))
	if err1 != nil || err2 != nil || err3 != nil {
		return 0, fmt.Errorf("warm, round and callers are needed")
	}
	begin := time.Now().Add(warm)
	end := begin.Add(round)
	var count atomic.Int64
	var failure atomic.Pointer[error]
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for now := time.Now(); now.Before(end); now = time.Now() {
				if err := once(); err != nil {
					failure.Store(&err)
					return
				}
				if done := time.Now(); done.After(begin) && done.Before(end) {
					count.Add(1)
				}
			}
		})
	}
	group.Wait()
	if err := failure.Load(); err != nil {
		return 0, *err
	}
	return float64(count.Load()) / round.Seconds(), nil
}
