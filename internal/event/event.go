// Package event is the log of facts: what happened, a row each, written in the very
// transaction that did it. The audit trail and the feeds are read from it. What is a
// fact, and what it means, is said by the chapter that records it.
package event

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

// Log writes facts. The zero Log works; it wakes nobody.
type Log struct {
	// Wake, if set, is called after the commit of a transaction that recorded.
	Wake func()
}

// Record writes a fact, of the caller's company. subject is the id of what it happened to.
// It is the last thing that a handler does.
func (l *Log) Record(tx *db.Tx, caller auth.Caller, subject string, fact Fact) error {
	data, err := json.Marshal(fact)
	if err != nil {
		return fmt.Errorf("fact %s: %w", fact.Kind(), err)
	}
	position, err := tx.Position()
	if err != nil {
		return err
	}
	seq, err := tx.Next("events")
	if err != nil {
		return err
	}
	if l.Wake != nil {
		tx.OnCommit(l.Wake)
	}
	return tx.Exec(`
		INSERT INTO events (position, seq, company, kind, at, actor, app, roles, subject, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		position, seq, caller.Company, fact.Kind(), tx.Now(), caller.User, caller.App, spaced(caller.Roles), subject, string(data))
}

func spaced(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}
