package search

import (
	"cmp"
	"slices"
	"strconv"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/signals"
	"podium/internal/wire"
)

// alternative is one of the alternatives of a signal: tags, an author, or both.
type alternative struct {
	author wire.UserID
	tags   []string // as message_tags has them
}

// ofSignal sets the alternatives of the signal that is searched for, if the caller may see it.
func (q *arguments) ofSignal(tx *db.Tx, caller auth.Caller) error {
	_, query, err := signals.Find(tx, caller, q.signal)
	if err != nil {
		return err
	}
	for _, terms := range query {
		var a alternative
		for _, t := range terms {
			switch t.Field {
			case signals.Hashtag:
				a.tags = append(a.tags, message.Hashtag(t.Value))
			case signals.Cashtag:
				a.tags = append(a.tags, message.Cashtag(t.Value))
			case signals.Author:
				id, err := strconv.ParseInt(t.Value, 10, 64)
				if err != nil {
					return err
				}
				a.author = wire.UserID(id)
			}
		}
		q.alternatives = append(q.alternatives, a)
	}
	return nil
}

// bySignal searches for each alternative of a signal. They share the number of messages that a
// search looks at.
func (f *finder) bySignal() error {
	f.most = maxExamined / len(f.q.alternatives)
	for _, a := range f.q.alternatives {
		f.q.author, f.q.tags, f.examined = a.author, a.tags, 0
		var err error
		if len(a.tags) > 0 {
			err = f.examine(ofTag, a.tags[0])
		} else {
			err = f.examine(ofAuthor, a.author)
		}
		if err != nil {
			return err
		}
	}
	slices.SortFunc(f.found, func(a, b candidate) int { return cmp.Compare(a.number, b.number) })
	f.found = slices.CompactFunc(f.found, func(a, b candidate) bool { return a.number == b.number })
	return nil
}
