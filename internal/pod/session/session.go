// Package session is how somebody proves who they are, and what it opens: logins by RSA
// key and by certificate, of users, of applications, and of applications on behalf of
// users; the sessions that follow, the tokens that stand for them, and their end. What a
// session may do is in package auth; who there is, in users and apps.
package session

import (
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/pod/apps"
	"podium/internal/pod/certs"
	"podium/internal/pod/companies"
	"podium/internal/pod/users"
)

// Service is this chapter, filled in by package pod; begin with New.
type Service struct {
	DB        *db.DB
	Log       *slog.Logger
	Journal   *journal.Log
	Notify    notify.Notifier
	Companies *companies.Directory
	Users     *users.Service
	Apps      *apps.Service
	Certs     *certs.Service

	// Clock tells how old what is known of a session is. Nil means time.Now.
	Clock func() time.Time

	cache *cache
	keys  *keyring
}

// New readies the service: it makes what is remembered of sessions, and has it forgotten
// when this node or another says that something changed. stop ends that.
func New(s Service) (service *Service, stop func()) {
	if s.Clock == nil {
		s.Clock = time.Now
	}
	s.cache, s.keys = newCache(s.Clock), newKeyring()
	s.Users.Changed = append(s.Users.Changed, s.userChanged)
	s.Users.Barred = append(s.Users.Barred, s.endOfUser)
	s.Users.KeyRevoked = append(s.Users.KeyRevoked, s.endOfKey)
	s.Apps.Changed = append(s.Apps.Changed, s.appChanged)
	s.Apps.Barred = append(s.Apps.Barred, s.endOfApp)
	s.Apps.ActingEnded = append(s.Apps.ActingEnded, s.endAllOnBehalf)
	s.Apps.Uninstalled = append(s.Apps.Uninstalled, s.endOnBehalf)
	return &s, s.Notify.Handle(topic, s.cache.forget)
}

// Operations returns what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		login, relayLogin, certificateLogin, certificateKeyLogin,
		appLogin, onBehalfByID, onBehalfByName, extensionLogin,
		appCertificateLogin, onBehalfByIDCertificate, onBehalfByNameCertificate, extensionCertificateLogin,
		accessToken, accessKeys, podCertificate, podCertificateForApps,
		sessionInfo, sessionInfoV1, logout, keyLogout,
		listSessions, endSession, endSessions)
}
