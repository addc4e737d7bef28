// Package clients answers what the clients of people do with messages, for which the published API
// has no operation: submit forms, mark messages as read, tell others that the user is typing.
package clients

import (
	"podium/internal/db"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/pod/happenings"
)

// Service answers the operations of this package.
type Service struct {
	Config
	hub hub
}

// Config is the input of New.
type Config struct {
	DB       *db.DB
	Notify   notify.Notifier
	Happened *happenings.Log
	Draining <-chan struct{} // closed when the node ends; nil: never
}

// New returns the chapter, and a function that ends its subscription to notifications.
func New(c Config) (s *Service, stop func()) {
	s = &Service{Config: c}
	return s, c.Notify.Handle(typingTopic, s.heard)
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, submitForm, markRead, listConversations, tellTyping, watchTyping)
}
