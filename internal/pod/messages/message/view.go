package message

import (
	"encoding/json"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// Message is a message as all operations of the Agent answer it: the published V4Message.
type Message struct {
	ID                 wire.MessageID  `json:"messageId"`
	Parent             *wire.MessageID `json:"parentMessageId,omitempty" doc:"The message that it replies to, or forwards."`
	Timestamp          wire.Time       `json:"timestamp"`
	Text               string          `json:"message" doc:"PresentationML."`
	Shared             *Message        `json:"sharedMessage"`
	Data               string          `json:"data" doc:"EntityJSON."`
	Attachments        []Attached      `json:"attachments,omitempty"`
	User               Author          `json:"user"`
	Stream             InStream        `json:"stream"`
	ExternalRecipients *bool           `json:"externalRecipients" doc:"Null but in events."`
	Diagnostic         *string         `json:"diagnostic"`
	UserAgent          *string         `json:"userAgent" doc:"The program that it was sent with."`
	OriginalFormat     string          `json:"originalFormat"`
	Disclaimer         *string         `json:"disclaimer"`
	SID                string          `json:"sid,omitempty" doc:"Names the author's session."`
	Replacing          *wire.MessageID `json:"replacing,omitempty" doc:"The version before, of an update."`
	ReplacedBy         *wire.MessageID `json:"replacedBy,omitempty" doc:"The version after, where there is one."`
	InitialID          *wire.MessageID `json:"initialMessageId,omitempty" doc:"The first version, of an update."`
	InitialTimestamp   *wire.Time      `json:"initialTimestamp,omitempty"`
	Silent             *bool           `json:"silent,omitempty" doc:"Of an update: readers need not notice it."`
}

// Attached is a file attached to a message: the published V4AttachmentInfo.
type Attached struct {
	ID     string      `json:"id" doc:"Percent-encoded."`
	Name   string      `json:"name"`
	Size   int64       `json:"size"`
	Images []Thumbnail `json:"images" doc:"Previews of a picture."`
}

// Thumbnail is a preview: the published V4ThumbnailInfo.
type Thumbnail struct {
	ID        string `json:"id" doc:"Percent-encoded."`
	Dimension string `json:"dimension" doc:"The width in pixels."`
}

// Author is the author of a message: the published V4User. The addresses of users of other
// companies are empty.
type Author struct {
	UserID      wire.UserID `json:"userId"`
	FirstName   *string     `json:"firstName"`
	LastName    *string     `json:"lastName"`
	DisplayName string      `json:"displayName"`
	Email       string      `json:"email"`
	Username    string      `json:"username"`
}

// InStream is the stream of a message: the published V4Stream. Answers leave all but the id and the
// type to events.
type InStream struct {
	ID         wire.StreamID    `json:"streamId"`
	Type       streams.Type     `json:"streamType"`
	RoomName   *string          `json:"roomName"`
	Members    []Author         `json:"members" null:"true"`
	External   *bool            `json:"external"`
	CrossPod   *bool            `json:"crossPod"`
	Recipients []wire.CompanyID `json:"recipientTenantIds,omitempty"`
}

// originalFormat is the published name of MessageML.
const originalFormat = "com.symphony.messageml.v2"

// View returns messages of some streams, by the streams' numbers, as the caller sees them.
func View(tx *db.Tx, caller auth.Caller, list []Row, of map[int64]streams.Stream) ([]Message, error) {
	return ViewFor(tx, caller.Company, list, of)
}

// ViewFor is View for any user of a company.
func ViewFor(tx *db.Tx, company wire.CompanyID, list []Row, of map[int64]streams.Stream) ([]Message, error) {
	authors, err := AuthorsOf(tx, list)
	if err != nil {
		return nil, err
	}
	var withFiles []int64
	for _, m := range list {
		if m.Files > 0 {
			withFiles = append(withFiles, m.Number)
		}
	}
	attached, err := files.Of(tx, withFiles)
	if err != nil {
		return nil, err
	}
	out := make([]Message, len(list))
	for i, m := range list {
		out[i] = m.View(authors[m.Author].SeenBy(company), of[m.Stream], attached[m.Number])
	}
	return out, nil
}

// AuthorsOf returns the authors of messages.
func AuthorsOf(tx *db.Tx, list []Row) (map[wire.UserID]Author, error) {
	var ids []wire.UserID
	authors := make(map[wire.UserID]Author)
	for _, m := range list {
		if _, ok := authors[m.Author]; !ok && m.Author != 0 {
			authors[m.Author] = Author{}
			ids = append(ids, m.Author)
		}
	}
	if len(ids) == 0 {
		return authors, nil
	}
	people, err := accounts.Briefs(tx, ids)
	for _, u := range people {
		authors[u.ID] = AuthorOf(u)
	}
	return authors, err
}

// AuthorOf returns an account as an author.
func AuthorOf(u accounts.User) Author {
	return Author{
		UserID: u.ID, FirstName: optional(u.FirstName), LastName: optional(u.LastName), DisplayName: u.DisplayName, Email: u.Email, Username: u.Username,
	}
}

// SeenBy returns the author as users of a company see it.
func (a Author) SeenBy(company wire.CompanyID) Author {
	if a.UserID.Company() != company {
		a.Email, a.Username = "", ""
	}
	return a
}

// View returns the message. Its author is as the reader sees it.
func (m Row) View(author Author, of streams.Stream, attached []files.File) Message {
	v := Message{
		ID: m.ID, Timestamp: m.At, Text: m.Body, Data: m.Data, User: author, Stream: InStream{ID: of.ID, Type: of.Type},
		UserAgent: optional(m.Agent), OriginalFormat: originalFormat, SID: m.Session,
		Parent: optional(m.Parent), ReplacedBy: optional(m.ReplacedBy),
	}
	if m.IsArticle() {
		v.Text, v.Data = articleText(m.Content)
	}
	if m.Replacing != "" {
		v.Replacing, v.InitialID, v.Silent = &m.Replacing, &m.Initial, &m.Silent
		at := m.Initial.Time()
		v.InitialTimestamp = &at
	}
	for _, f := range attached {
		a := Attached{ID: files.WireID(f.ID), Name: f.Name, Size: f.Size, Images: []Thumbnail{}}
		for _, p := range f.Previews {
			a.Images = append(a.Images, Thumbnail{ID: files.WireID(p.ID), Dimension: p.Dimension()})
		}
		v.Attachments = append(v.Attachments, a)
	}
	return v
}

// optional returns a pointer to a value, or nil for the zero value.
func optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// sharedEntity names the article in the EntityJSON of a shared message.
const sharedEntity = "shared1"

// articleText returns the PresentationML and the EntityJSON of a shared article.
func articleText(content string) (text, data string) {
	var article struct {
		Type    string          `json:"type"`
		Version string          `json:"version"`
		Content json.RawMessage `json:"content"`
	}
	if json.Unmarshal([]byte(content), &article) != nil {
		return "", "{}" // the pod writes the rows: it does not happen
	}
	article.Version = "1.0"
	made, _ := json.Marshal(map[string]any{sharedEntity: article})
	return `<div data-format="PresentationML" data-version="2.0"><div class="entity" data-entity-id="` + sharedEntity + `"></div></div>`, string(made)
}
