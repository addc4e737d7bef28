package pod

import (
	"podium/internal/journal"
	"podium/internal/pod/presence"
	"podium/internal/pod/session"
	"podium/internal/pod/streams/lifecycle"
	"podium/internal/pod/streams/members"
)

// subscribers are the chapters that follow the news of others.
type subscribers struct {
	sessions  *session.Service
	presence  *presence.Service
	lifecycle *lifecycle.Service
	members   *members.Service
}

// subscribe lists who follows which news. Subscribers of one kind of news are called in this order.
func (s subscribers) subscribe(log *journal.Log) {
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
	subscribers{&session.Service{}, &presence.Service{}, &lifecycle.Service{}, &members.Service{}}.subscribe(&log)
	return log.NewsText()
}
