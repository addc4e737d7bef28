// Package journal is the log of facts: what happened, a row each, written in the very
// transaction that did it. The audit trail and the feeds are read from it. What is a
// fact, and what it means, is said by the chapter that records it.
package journal

import (
	"encoding/json"
	"fmt"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
)

// Fact is something that happened: a small struct named in the past tense, holding ids
// and what changed, never secrets nor the text of a message. Its kind and its fields are
// for ever: new fields may come, old ones stay.
type Fact interface {
	// Kind is the fact's name in the log, such as "room.opened".
	Kind() string
}

// Subject is what a fact happened to.
type Subject struct {
	ID    string
	Name  string // of an account: its user name at that moment
	Email string // of an account: its e-mail address at that moment
}

// Thing is a subject that is no account: an application, a room, a certificate.
func Thing(id string) Subject { return Subject{ID: id} }

// Log writes facts. The zero Log works; it wakes nobody.
type Log struct {
	// Wake, if set, is called after the commit of a transaction that recorded.
	Wake func()

	// Allowed, if set, tells by which of the caller's roles a fact of some kind is an audited
	// action; none: it is no such action.
	Allowed func(grant auth.Grant, subject Subject, kind string) []auth.Role
}

// Record writes a fact, of the caller's company, with the rights by which the caller acted. It is
// the last thing that a handler does.
// Who did it, and to whom, is written with the names of that moment.
func (l *Log) Record(tx *db.Tx, by auth.Actor, subject Subject, fact Fact) error {
	return l.RecordAll(tx, by, []Happened{{subject, fact}})
}

// Happened is a fact with what it happened to.
type Happened struct {
	Subject Subject
	Fact    Fact
}

// RecordAll writes many facts, of one caller's company, as Record would one after the other.
func (l *Log) RecordAll(tx *db.Tx, by auth.Actor, facts []Happened) error {
	caller := by.Granted()
	if len(facts) == 0 {
		return nil
	}
	position, numbers, err := tx.Places("events", len(facts))
	if err != nil {
		return err
	}
	if l.Wake != nil {
		tx.OnCommit(l.Wake)
	}
	rows := make([][]any, len(facts))
	var audited [][]any
	for i, f := range facts {
		data, err := json.Marshal(f.Fact)
		if err != nil {
			return fmt.Errorf("fact %s: %w", f.Fact.Kind(), err)
		}
		var allowed []auth.Role
		if l.Allowed != nil {
			allowed = l.Allowed(caller, f.Subject, f.Fact.Kind())
		}
		rows[i] = []any{
			position, numbers[i], caller.Company, f.Fact.Kind(), tx.Now(), caller.User, caller.Username, caller.Email, caller.App,
			spaced(caller.Roles), f.Subject.ID, f.Subject.Name, f.Subject.Email, string(data), spaced(allowed),
		}
		audited = append(audited, indexed(tx, caller.Caller, Cursor{Position: position, Seq: numbers[i]}, allowed)...)
	}
	err = tx.QueueAll(`
		INSERT INTO events (position, seq, company, kind, at, actor, actor_name, actor_email, app, roles,
			subject, subject_name, subject_email, data, allowed_by)
		VALUES`, rows, "", nil)
	if err != nil || len(audited) == 0 {
		return err
	}
	return insertIndexed(tx, audited)
}

func spaced(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}
