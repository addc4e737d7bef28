// Package session handles logins and sessions. Users and applications log in by RSA key or by
// certificate, and applications log in on behalf of users. The package makes the sessions and their
// tokens, and ends them. Package auth says what a session may do; accounts and apps hold who
// logs in.
package session

import (
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/pod/certs"
	"podium/internal/pod/companies"
)

// Service is the chapter session. Package pod sets its fields; New completes it.
type Service struct {
	DB        *db.DB
	Log       *slog.Logger
	Journal   *journal.Log
	Notify    notify.Notifier
	Companies *companies.Directory
	Accounts  *accounts.Service
	Apps      *apps.Service
	Certs     *certs.Service

	// Clock is the clock of the cache of sessions. nil means time.Now.
	Clock func() time.Time

	cache *cache
	keys  *keyring
}

// New returns the service with an empty cache. Notifications of this node or others remove entries
// from the cache until stop is called.
func New(s Service) (service *Service, stop func()) {
	if s.Clock == nil {
		s.Clock = time.Now
	}
	s.cache, s.keys = newCache(s.Clock), newKeyring()
	return &s, s.Notify.Handle(topic, s.cache.forget)
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		login, relayLogin, certificateLogin, certificateKeyLogin,
		appLogin, onBehalfByID, onBehalfByName, extensionLogin,
		appCertificateLogin, onBehalfByIDCertificate, onBehalfByNameCertificate, extensionCertificateLogin,
		accessToken, accessKeys, podCertificate, podCertificateForApps,
		sessionInfo, sessionInfoV1, logout, keyLogout,
		listSessions, endSession, endSessions)
}
