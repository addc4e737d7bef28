package pod

import (
	"podium/internal/journal"
	"podium/internal/pod/directory"
	"podium/internal/pod/groups"
	"podium/internal/pod/presence"
	"podium/internal/pod/session"
	"podium/internal/pod/streams/lifecycle"
	"podium/internal/pod/streams/members"
)

// subscribers are the chapters that follow the news of others.
type subscribers struct {
	directory *directory.Service
	sessions  *session.Service
	groups    *groups.Service
	presence  *presence.Service
	lifecycle *lifecycle.Service
	members   *members.Service
}

// subscribe lists who follows which news. Subscribers of one kind of news are called in this order.
func (s subscribers) subscribe(log *journal.Log) {
	journal.On(log, s.directory.Added)
	journal.On(log, s.directory.AppearanceChanged)
	journal.On(log, s.directory.AccessChanged)
	journal.On(log, s.sessions.AccessChanged)
	journal.On(log, s.directory.LockedOut)
	journal.On(log, s.sessions.LockedOut)
	journal.On(log, s.sessions.KeyRevoked)
	journal.On(log, s.lifecycle.FirstSession)
	journal.On(log, s.lifecycle.StatusSet)
	journal.On(log, s.presence.StatusSet)
	journal.On(log, s.groups.StatusSet)
	journal.On(log, s.sessions.AppChanged)
	journal.On(log, s.sessions.AppLockedOut)
	journal.On(log, s.sessions.AppActingEnded)
	journal.On(log, s.sessions.AppUninstalled)
	journal.On(log, s.presence.ConnectionEnded)
	journal.On(log, s.members.Left)
	journal.On(log, s.members.Joined)
	journal.On(log, s.lifecycle.Separate)
}

// NewsText describes the news and their subscribers, as a part of docs/facts.md.
func NewsText() string {
	var log journal.Log
	subscribers{
		&directory.Service{}, &session.Service{}, &groups.Service{}, &presence.Service{}, &lifecycle.Service{}, &members.Service{},
	}.subscribe(&log)
	return log.NewsText()
}
