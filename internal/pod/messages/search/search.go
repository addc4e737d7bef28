// Package search finds messages by their tags, mentions, authors, streams and words. Who may read a
// message is decided by package message.
package search

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var searchByQuery = op.Operation[Service]{
	ID:      "searchMessagesByQuery",
	Route:   "GET /agent/v1/message/search",
	Tag:     "Messages",
	Summary: "Search messages by a query such as hashtag:deal AND fromDate:1590000000000.",
	About: "All arguments must match. A text asks for a stream, and matches whole words; in " +
		"double quotes, words that follow each other. The messages of the caller's " +
		"streams and of the company's public rooms are searched, of a stream, a tag or a " +
		"signal at most the newest 20,000.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Handle:          op.Read((*Service).searchByQuery),
}

var searchMessages = op.Operation[Service]{
	ID:              "searchMessages",
	Route:           "POST /agent/v1/message/search",
	Tag:             "Messages",
	Summary:         "Search messages.",
	About:           "As searchMessagesByQuery, with the arguments in the body.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Handle:          op.Read((*Service).searchMessages),
}

var searchSemantically = op.Operation[Service]{
	ID:      "searchMessagesSemantically",
	Route:   "POST /agent/v4/message/search/semantic",
	Tag:     "Messages",
	Summary: "Search the caller's streams, or one stream, for the words of a text.",
	About: "All words must occur in a message. The newest 20,000 messages are searched. The " +
		"published operation is provisional.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Handle:          op.Read((*Service).searchSemantically),
}

// Service answers the operations of this package.
type Service struct{}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, searchByQuery, searchMessages, searchSemantically)
}

// paging is what all searches share. The arguments scope and tier ask for parts of an index that
// the pod does not divide.
type paging struct {
	skip, limit int
	oldestFirst bool
}

type searchByQueryInput struct {
	Query string            `query:"query" minLength:"1" maxLength:"4096"`
	Skip  int               `query:"skip" default:"0" min:"0" max:"1000000"`
	Limit int               `query:"limit" default:"50" min:"1" max:"1000"`
	Sort  message.Direction `query:"sortDir" default:"DESC"`
	Scope string            `query:"scope" required:"false" maxLength:"256"`
	Tier  string            `query:"tier" required:"false" maxLength:"64"`
}

type searchInput struct {
	Skip  int               `query:"skip" default:"0" min:"0" max:"1000000"`
	Limit int               `query:"limit" default:"50" min:"1" max:"1000"`
	Sort  message.Direction `query:"sortDir" default:"DESC"`
	Scope string            `query:"scope" required:"false" maxLength:"256"`
	Tier  string            `query:"tier" required:"false" maxLength:"64"`
	Body  Query
}

type semanticInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000"`
	Limit int `query:"limit" default:"25" min:"1" max:"1000"`
	Body  struct {
		Text     string         `json:"text" minLength:"1" maxLength:"4096"`
		ThreadID *wire.StreamID `json:"threadId" doc:"The stream to search."`
		StreamID *wire.StreamID `json:"streamId" doc:"As threadId."`
	}
}

func (in semanticInput) Validate() error {
	if in.Body.Text == "" {
		return apierr.Invalid("text: it is required")
	}
	return nil
}

func (s *Service) searchByQuery(tx *db.Tx, caller auth.Caller, in searchByQueryInput) ([]message.Message, error) {
	q, err := parseQuery(in.Query)
	if err != nil {
		return nil, err
	}
	return search(tx, caller, q, paging{in.Skip, in.Limit, in.Sort.OldestFirst()})
}

func (s *Service) searchMessages(tx *db.Tx, caller auth.Caller, in searchInput) ([]message.Message, error) {
	q, err := in.Body.arguments()
	if err != nil {
		return nil, err
	}
	return search(tx, caller, q, paging{in.Skip, in.Limit, in.Sort.OldestFirst()})
}

func (s *Service) searchSemantically(tx *db.Tx, caller auth.Caller, in semanticInput) ([]message.Message, error) {
	q := arguments{words: tokens(in.Body.Text), to: forever}
	if in.Body.ThreadID != nil {
		q.stream = *in.Body.ThreadID
	} else if in.Body.StreamID != nil {
		q.stream = *in.Body.StreamID
	}
	return search(tx, caller, q, paging{in.Skip, in.Limit, false})
}

// search returns a page of the messages that match.
func search(tx *db.Tx, caller auth.Caller, q arguments, p paging) ([]message.Message, error) {
	if len(q.words) == 0 && q.asksForText {
		return []message.Message{}, nil // a text without a letter or digit
	}
	if q.signal != "" {
		if err := q.ofSignal(tx, caller); err != nil {
			return nil, err
		}
	}
	f := finder{tx: tx, caller: caller, q: q, p: p, seen: map[int64]streams.Seen{}, most: maxExamined}
	numbers, err := f.find()
	if err != nil || len(numbers) == 0 {
		return []message.Message{}, err
	}
	found, err := db.All(tx, message.Scan, message.Select+` WHERE m.number IN ($1)`, numbers)
	if err != nil {
		return nil, err
	}
	byNumber := make(map[int64]message.Row, len(found))
	of := make(map[int64]streams.Stream)
	for _, m := range found {
		byNumber[m.Number], of[m.Stream] = m, f.seen[m.Stream].Stream
	}
	list := make([]message.Row, len(numbers))
	for i, n := range numbers {
		list[i] = byNumber[n]
	}
	return message.View(tx, caller, list, of)
}
