package search

import (
	"strings"
	"unicode"

	"podium/internal/apierr"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Query is a search in the form of a body: the published MessageSearchQuery.
type Query struct {
	Text       string         `json:"text" maxLength:"4096" doc:"Words, or a phrase in double quotes. It needs streamId."`
	StreamID   *wire.StreamID `json:"streamId"`
	StreamType string         `json:"streamType" maxLength:"64" doc:"CHAT (IM and MIM), IM, MIM, ROOM or POST."`
	Author     *wire.UserID   `json:"author"`
	Hashtag    string         `json:"hashtag" maxLength:"256"`
	Cashtag    string         `json:"cashtag" maxLength:"256"`
	Mention    *wire.UserID   `json:"mention"`
	Signal     string         `json:"signal" maxLength:"64" doc:"Combines with the dates only."`
	FromDate   *wire.Time     `json:"fromDate" doc:"Included."`
	ToDate     *wire.Time     `json:"toDate" doc:"Not included."`
}

// forever is later than every message.
const forever = wire.Time(1<<63 - 1)

// arguments is what a search looks for. Zero values are no condition.
type arguments struct {
	words        []string // folded tokens, all of which must occur
	phrase       bool     // they must follow each other
	asksForText  bool
	stream       wire.StreamID
	types        []streams.Type
	author       wire.UserID
	tags         []string // as message_tags has them
	signal       string   // its id; alternatives has what it looks for
	alternatives []alternative
	from, to     wire.Time // to is included
}

// arguments returns what a body looks for.
func (b Query) arguments() (arguments, error) {
	q := arguments{to: forever}
	given := false
	for _, a := range []struct{ name, value string }{
		{"text", b.Text}, {"streamType", b.StreamType}, {"hashtag", b.Hashtag}, {"cashtag", b.Cashtag}, {"signal", b.Signal},
	} {
		if a.value == "" {
			continue
		}
		given = true
		if err := q.set(a.name, a.value); err != nil {
			return q, err
		}
	}
	if b.StreamID != nil {
		q.stream, given = *b.StreamID, true
	}
	if b.Author != nil {
		q.author, given = *b.Author, true
	}
	if b.Mention != nil {
		q.tags, given = append(q.tags, message.Mention(*b.Mention)), true
	}
	if b.FromDate != nil {
		q.from, given = *b.FromDate, true
	}
	if b.ToDate != nil {
		q.to, given = *b.ToDate-1, true
	}
	return q, q.check(given)
}

// parseQuery parses the published grammar: field:value terms joined by AND.
func parseQuery(text string) (arguments, error) {
	q := arguments{to: forever}
	given := map[string]bool{}
	for term := range strings.SplitSeq(text, " AND ") {
		if term = strings.TrimSpace(term); term == "" {
			continue
		}
		name, value, ok := strings.Cut(term, ":")
		field, known := fields[strings.ToLower(strings.TrimSpace(name))]
		switch {
		case !ok || !known:
			return q, apierr.Invalid("Unknown argument: %.64s", name)
		case given[field]:
			return q, apierr.Invalid("Duplicate argument: %s", field)
		}
		given[field] = true
		if err := q.set(field, strings.TrimSpace(value)); err != nil {
			return q, err
		}
	}
	return q, q.check(len(given) > 0)
}

// fields maps the folded names of arguments to the published ones.
var fields = map[string]string{
	"text": "text", "streamid": "streamId", "streamtype": "streamType", "author": "author", "hashtag": "hashtag", "cashtag": "cashtag",
	"mention": "mention", "signal": "signal", "fromdate": "fromDate", "todate": "toDate",
}

// types maps the folded values of streamType to types of streams.
var types = map[string][]streams.Type{
	"chat": {streams.IM, streams.MIM}, "im": {streams.IM}, "mim": {streams.MIM}, "room": {streams.Room}, "chatroom": {streams.Room}, "post": {streams.Post},
}

// set sets one argument from its text.
func (q *arguments) set(name, value string) error {
	invalid := apierr.Invalid("Invalid value for argument %s", name)
	if value == "" || name != "text" && strings.ContainsAny(value, ":() \t") {
		return invalid
	}
	number, numeric := wire.ParseWhole(value)
	switch name {
	case "text":
		q.words, q.asksForText = tokens(value), true
		q.phrase = len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"'
		return nil
	case "streamId":
		return q.stream.UnmarshalText([]byte(value))
	case "streamType":
		if q.types = types[strings.ToLower(value)]; q.types == nil {
			return invalid
		}
		return nil
	case "hashtag":
		q.tags = append(q.tags, message.Hashtag(value))
		return nil
	case "cashtag":
		q.tags = append(q.tags, message.Cashtag(value))
		return nil
	case "signal":
		q.signal = value
		return nil
	}
	if numeric != nil || number < 0 {
		return invalid
	}
	switch name {
	case "author":
		q.author = wire.UserID(number)
	case "mention":
		q.tags = append(q.tags, message.Mention(wire.UserID(number)))
	case "fromDate":
		q.from = wire.Time(number)
	case "toDate":
		q.to = wire.Time(number) - 1
	}
	return nil
}

// check checks how the arguments are combined.
func (q *arguments) check(given bool) error {
	switch {
	case !given:
		return apierr.Invalid("At least one search argument is required")
	case q.asksForText && q.stream == "":
		return apierr.Invalid("Argument text requires streamId")
	case q.signal != "" && (q.asksForText || q.stream != "" || q.types != nil || q.author != 0 || len(q.tags) > 0):
		return apierr.Invalid("Argument signal combines with fromDate and toDate only")
	}
	return nil
}

// tokens returns the words of a text, folded: runs of letters, digits and marks.
func tokens(text string) []string {
	return strings.FieldsFunc(wording.Fold(text), func(r rune) bool { return !inWord(r) })
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_'
}

// matchText reports whether the folded text of a message has the words that are looked for.
func (q *arguments) matchText(folded string) bool {
	for _, w := range q.words { // most messages end here
		if !strings.Contains(folded, w) {
			return false
		}
	}
	if len(q.words) == 0 {
		return true
	}
	in := strings.FieldsFunc(folded, func(r rune) bool { return !inWord(r) })
	if q.phrase {
		return follow(in, q.words)
	}
	for _, w := range q.words {
		if !contains(in, w) {
			return false
		}
	}
	return true
}

// follow reports whether the words occur in a text one behind the other.
func follow(in, words []string) bool {
	for i := 0; i+len(words) <= len(in); i++ {
		match := true
		for j, w := range words {
			if in[i+j] != w {
				match = false
				break
			}
		}
		if match {
			return true
		}
	}
	return false
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
