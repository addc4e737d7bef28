package journal

import (
	"fmt"
	"strings"
)

// Text returns the kinds as a page: whom each fact concerns, and how the audit trail shows it.
func (k *Kinds) Text() string {
	var b strings.Builder
	b.WriteString("# Facts\n\n" +
		"Generated from the types of the facts (`make update`). A fact of one company concerns the company\n" +
		"of the actor. What several companies learn of a fact is in\n" +
		"[0021](decisions/0021-journal.md).\n\n" +
		"| fact | concerns | audit trail |\n|---|---|---|\n")
	for _, f := range k.facts {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Kind(), f.Audience().text(), f.AuditLine(Entry{}).text())
	}
	return b.String()
}

func (a Audience) text() string {
	switch {
	case a.stream:
		return "companies in the stream"
	case a.told != nil:
		return "companies of both users"
	}
	return "one company"
}

func (l Line) text() string {
	if l.Why != "" {
		return "no: " + l.Why
	}
	text := fmt.Sprintf("`%s`: %s", l.Name, l.Title)
	if l.OwnLeftOut {
		text += ", except for what actors do to themselves"
	}
	if len(l.Rights) > 0 {
		text += fmt.Sprintf(", by `%s`", l.Rights[0])
	}
	return text
}
