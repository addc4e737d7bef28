package signals

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/wire"
	"podium/internal/wording"
)

// The fields of terms, as answers show them.
const (
	Hashtag = "HASHTAG"
	Cashtag = "CASHTAG"
	Author  = "POSTEDBY"
)

// Term is one condition on a message: a tag without its sign, or the id of its author.
type Term struct{ Field, Value string }

// Query is what a signal looks for: messages that match all terms of one alternative. AND binds
// closer than OR.
type Query [][]Term

// fields maps what clients write to the fields.
var fields = map[string]string{"HASHTAG": Hashtag, "CASHTAG": Cashtag, "AUTHOR": Author, "POSTEDBY": Author}

// The operators are upper-case, because a tag may have the words.
var (
	or  = regexp.MustCompile(`\s+OR\s+`)
	and = regexp.MustCompile(`\s+AND\s+`)

	openEnded = regexp.MustCompile(`\s(AND|OR)$`)
)

// Limits of queries.
const (
	maxTerms = 50  // in one query
	maxTag   = 256 // characters
)

// ParseQuery parses field:value terms that are joined by AND and OR.
func ParseQuery(text string) (Query, error) {
	if err := wording.Line("query", text); err != nil {
		return nil, err
	}
	var q Query
	all, tagged := 0, false
	for _, alternative := range or.Split(text, -1) {
		var terms []Term
		for _, term := range and.Split(alternative, -1) {
			t, err := parseTerm(term)
			if err != nil {
				return nil, err
			}
			if t.Field == Author && slices.ContainsFunc(terms, func(o Term) bool { return o.Field == Author && o.Value != t.Value }) {
				return nil, apierr.Invalid("query: no message has two authors; join them by OR")
			}
			terms = append(terms, t)
			tagged = tagged || t.Field != Author
		}
		q, all = append(q, terms), all+len(terms)
	}
	switch {
	case !tagged:
		return nil, apierr.Invalid("Query must contain at least one hashtag or cashtag")
	case all > maxTerms:
		return nil, apierr.Invalid("query: it has %d terms, at most %d are taken", all, maxTerms)
	}
	return q, nil
}

// parseTerm parses a term such as hashtag:deal, #deal with its sign, or author:7078106482890.
func parseTerm(text string) (Term, error) {
	name, value, ok := strings.Cut(strings.TrimSpace(text), ":")
	field := fields[strings.ToUpper(strings.TrimSpace(name))]
	if !ok || field == "" {
		return Term{}, apierr.Invalid("query: author, hashtag or cashtag is expected, not %.64q", name)
	}
	value = strings.TrimSpace(value)
	switch field {
	case Hashtag:
		value = strings.TrimPrefix(value, "#")
	case Cashtag:
		value = strings.TrimPrefix(value, "$")
	}
	if value == "" || utf8.RuneCountInString(value) > maxTag || strings.ContainsAny(value, `:()"`) || openEnded.MatchString(value) {
		return Term{}, apierr.Invalid("query: invalid value for %s", strings.ToLower(name))
	}
	if field == Author {
		id, err := wire.ParseWhole(value)
		if err != nil || id < 0 || id > wire.MaxNumber {
			return Term{}, apierr.Invalid("query: invalid value for %s", strings.ToLower(name))
		}
		value = wire.UserID(id).String()
	}
	return Term{field, value}, nil
}

// String returns the query as it is stored and answered.
func (q Query) String() string {
	alternatives := make([]string, len(q))
	for i, terms := range q {
		texts := make([]string, len(terms))
		for j, t := range terms {
			texts[j] = t.Field + ":" + t.Value
		}
		alternatives[i] = strings.Join(texts, " AND ")
	}
	return strings.Join(alternatives, " OR ")
}
