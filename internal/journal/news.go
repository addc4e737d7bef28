package journal

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"

	"podium/internal/db"
)

// News is what a chapter tells others in the transaction that does something, so that they do their
// part in it. Its type names what has happened; its fields are what the others need. Unlike a fact
// it is not stored: one piece of news may belong to many facts, or to none.
type News interface {
	// News returns when it is told, as a sentence.
	News() string
}

// subscriber is a function that news of one type is told to.
type subscriber struct {
	name string
	do   func(tx *db.Tx, n News) error
}

// On has do called with all news of a type, after the subscribers before it. Package pod calls it
// when it assembles the pod, before the first transaction.
func On[N News](l *Log, do func(tx *db.Tx, n N) error) {
	if l.subscribers == nil {
		l.subscribers = make(map[reflect.Type][]subscriber)
	}
	kind := reflect.TypeFor[N]()
	if l.subscribers[kind] == nil {
		l.news = append(l.news, kind)
	}
	l.subscribers[kind] = append(l.subscribers[kind], subscriber{
		name: nameOf(do),
		do:   func(tx *db.Tx, n News) error { return do(tx, n.(N)) },
	})
}

// Tell calls the subscribers of news, in their order. On an error it calls no others; the
// transaction is then undone.
func (l *Log) Tell(tx *db.Tx, n News) error {
	for _, s := range l.subscribers[reflect.TypeOf(n)] {
		if err := s.do(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// nameOf returns the name of a function or method, as presence.ConnectionEnded.
func nameOf(do any) string {
	name := strings.TrimSuffix(runtime.FuncForPC(reflect.ValueOf(do).Pointer()).Name(), "-fm")
	name = name[strings.LastIndex(name, "/")+1:]
	return strings.ReplaceAll(name, "(*Service).", "")
}

// NewsText returns the news that have subscribers as a part of a page, in the order in which
// subscribers were added.
func (l *Log) NewsText() string {
	var b strings.Builder
	b.WriteString("\n## News\n\n" +
		"What chapters tell each other in a transaction, and who does something then, in this order.\n\n" +
		"| news | told when | subscribers |\n|---|---|---|\n")
	for _, kind := range l.news {
		names := make([]string, len(l.subscribers[kind]))
		for i, s := range l.subscribers[kind] {
			names[i] = "`" + s.name + "`"
		}
		n := reflect.Zero(kind).Interface().(News)
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", kind, n.News(), strings.Join(names, ", "))
	}
	return b.String()
}
