// Package journal is the log of facts: a row for each event, written in the transaction that caused
// it. A fact that concerns several companies has a row for each, with what that company may know.
// The audit trail and the feeds are read from it. The chapter that records a fact defines its
// meaning.
package journal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// Log writes facts, and tells news. The zero Log works; it wakes no follower and has no
// subscribers.
type Log struct {
	// Kinds, if set, lists all kinds of facts. Others are not recorded, because they could not be
	// decoded.
	Kinds *Kinds

	// Wake, if set, is called after the commit of a transaction that recorded.
	Wake func()

	// Allowed, if set, returns the caller's roles by which a fact is an audited action; none: it is
	// not audited.
	Allowed func(grant auth.Grant, subject Subject, fact Fact) []auth.Role

	// Recorded, if set, is called in the transaction with the entries that it has recorded.
	Recorded func(tx *db.Tx, entries []Entry) error

	subscribers map[reflect.Type][]subscriber
	news        []reflect.Type // with subscribers, in the order of On
}

// Record writes a fact, in the log of each company of its audience, with the rights by which the
// caller acted. It is the last thing that a handler does. The actor and the subject are written
// with the names of that moment.
func (l *Log) Record(tx *db.Tx, by auth.Actor, subject Subject, fact Fact) error {
	return l.RecordAll(tx, by, []Happened{{subject, fact}})
}

// Happened is a fact with its subject.
type Happened struct {
	Subject Subject
	Fact    Fact
}

// RecordAll writes many facts of one caller, as successive calls of Record would.
func (l *Log) RecordAll(tx *db.Tx, by auth.Actor, facts []Happened) error {
	caller := by.Granted()
	entries := make([]Entry, 0, len(facts))
	for _, f := range facts {
		if err := l.Kinds.check(f.Fact); err != nil {
			return err
		}
		e := Entry{
			Company: caller.Company, At: tx.Now(), Actor: caller.User, Name: caller.Username, Email: caller.Email, App: caller.App,
			Roles: caller.Roles, Subject: f.Subject,
		}
		if l.Allowed != nil {
			e.Allowed = l.Allowed(caller, f.Subject, f.Fact)
		}
		audience := f.Fact.Audience()
		own, err := entryFor(caller.Company, e, f.Fact, audience)
		if err != nil {
			return err
		}
		entries = append(entries, own)
		for _, company := range audience.Others(caller.Company) {
			other, err := entryFor(company, e, f.Fact, audience)
			if err != nil {
				return err
			}
			entries = append(entries, other)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if l.Wake != nil {
		tx.OnCommit(l.Wake)
	}
	if err := insert(tx, entries); err != nil || l.Recorded == nil {
		return err
	}
	return l.Recorded(tx, entries)
}

// entryFor returns the entry of a fact in a company's log. e is the entry in the log of the actor's
// company, and a the fact's audience.
func entryFor(company wire.CompanyID, e Entry, fact Fact, a Audience) (Entry, error) {
	if a.told != nil {
		fact = a.told(company)
		if id, err := wire.ParseUserID(e.Subject.ID); err == nil && e.Subject.Name != "" && id.Company() != company {
			e.Subject.Email = ""
		}
	}
	if company != e.Company {
		e.Company, e.Email, e.App, e.Roles = company, "", "", nil
		if a.actor != ActorNamed {
			e.Name = ""
		}
		if a.actor == ActorHidden {
			e.Actor = 0
		}
	}
	data, err := json.Marshal(fact)
	if err != nil {
		return e, fmt.Errorf("fact %s: %w", fact.Kind(), err)
	}
	e.Kind, e.Data = fact.Kind(), string(data)
	return e, nil
}

// insert writes entries at the transaction's position in the log, and sets their places.
func insert(tx *db.Tx, entries []Entry) error {
	position, numbers, err := tx.Places("events", len(entries))
	if err != nil {
		return err
	}
	rows := make([][]any, len(entries))
	var audited [][]any
	for i, e := range entries {
		e.Cursor = Cursor{Position: position, Seq: numbers[i]}
		entries[i] = e
		rows[i] = []any{
			e.Position, e.Seq, e.Company, e.Kind, e.At, e.Actor, e.Name, e.Email, e.App,
			spaced(e.Roles), e.Subject.ID, e.Subject.Name, e.Subject.Email, e.Data, spaced(e.Allowed),
		}
		audited = append(audited, indexed(e)...)
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
