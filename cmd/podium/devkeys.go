package main

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"podium/internal/jose"
	"podium/internal/pod/companies"
	"podium/internal/pod/seed"
	"podium/internal/wire"
)

// keyFile returns where the private key of an account or an application lies in the data folder.
func keyFile(name string) string { return filepath.Join("keys", name+".pem") }

// fillAhead begins fillKeys for a folder in which there is no database yet, and so no company: the
// keys are made while the database is, which waits for the disk. fill waits for the end; nil: there
// is a database to look into.
func (f devFolder) fillAhead(demos []seed.Demo, also []string) (fill func() error) {
	if _, err := os.Stat(f.path(devDatabase)); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	failed := make(chan error, 1)
	go func() { failed <- f.fillKeys(demos, also, func(wire.CompanyID) bool { return false }) }()
	return func() error { return <-failed }
}

// fillKeys returns the demo accounts the keys that lie in the folder. Those of companies that are
// not there yet are made, all at once: that is most of what a first start costs. So are the keys of
// also, whose accounts take any key.
func (f devFolder) fillKeys(demos []seed.Demo, also []string, there func(wire.CompanyID) bool) error {
	var tasks sync.WaitGroup
	var mu sync.Mutex
	var failed error
	task := func(do func() error) {
		tasks.Go(func() {
			if err := do(); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = errors.Join(failed, err)
			}
		})
	}
	for i := range demos {
		demo := &demos[i]
		old := there(demo.Company.ID)
		key := func(name string, to **rsa.PublicKey) {
			task(func() error {
				private, err := f.key(name, !old)
				if err == nil {
					*to = &private.PublicKey
				}
				return err
			})
		}
		key(demo.Admin.Username, &demo.Admin.Key)
		key(demo.Bot.Username, &demo.Bot.Key)
		if demo.App != nil {
			key(demo.App.ID, &demo.App.Key)
		}
		if !old {
			task(func() (err error) {
				demo.Secrets, err = companies.NewSecrets(demo.Company.Name, time.Now())
				return err
			})
		}
	}
	for _, name := range also {
		task(func() error {
			_, err := f.key(name, true)
			return err
		})
	}
	tasks.Wait()
	return failed
}

// key returns the private key of an account, made if it may be and is not there.
func (f devFolder) key(name string, make bool) (*rsa.PrivateKey, error) {
	file := f.path(keyFile(name))
	text, err := os.ReadFile(file)
	if err == nil {
		key, err := jose.ParsePrivateKey(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w (delete the data with --fresh)", file, err)
		}
		return key, nil
	}
	if !errors.Is(err, os.ErrNotExist) || !make {
		return nil, fmt.Errorf("%w (delete the data with --fresh)", err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	encoded, err := jose.EncodePrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, f.write([]byte(encoded), keyFile(name))
}
