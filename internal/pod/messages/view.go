package messages

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

// view returns messages of some streams, by the streams' numbers, as the caller sees them.
func view(tx *db.Tx, caller auth.Caller, list []message, of map[int64]streams.Stream) ([]Message, error) {
	authors, err := authorsOf(tx, list)
	if err != nil {
		return nil, err
	}
	var withFiles []int64
	for _, m := range list {
		if m.files > 0 {
			withFiles = append(withFiles, m.number)
		}
	}
	attached, err := files.Of(tx, withFiles)
	if err != nil {
		return nil, err
	}
	out := make([]Message, len(list))
	for i, m := range list {
		out[i] = m.view(authors[m.author].seenBy(caller.Company), of[m.stream], attached[m.number])
	}
	return out, nil
}

// authorsOf returns the authors of messages.
func authorsOf(tx *db.Tx, list []message) (map[wire.UserID]Author, error) {
	var ids []wire.UserID
	authors := make(map[wire.UserID]Author)
	for _, m := range list {
		if _, ok := authors[m.author]; !ok && m.author != 0 {
			authors[m.author] = Author{}
			ids = append(ids, m.author)
		}
	}
	if len(ids) == 0 {
		return authors, nil
	}
	people, err := accounts.Briefs(tx, ids)
	for _, u := range people {
		authors[u.ID] = Author{
			UserID: u.ID, FirstName: orNil(u.FirstName), LastName: orNil(u.LastName), DisplayName: u.DisplayName, Email: u.Email, Username: u.Username,
		}
	}
	return authors, err
}

// seenBy returns the author as users of a company see it.
func (a Author) seenBy(company wire.CompanyID) Author {
	if a.UserID.Company() != company {
		a.Email, a.Username = "", ""
	}
	return a
}

// view returns the message. Its author is as the reader sees it.
func (m message) view(author Author, of streams.Stream, attached []files.File) Message {
	v := Message{
		ID: m.id, Timestamp: m.at, Text: m.body, Data: m.data, User: author, Stream: InStream{ID: of.ID, Type: of.Type},
		UserAgent: orNil(m.agent), OriginalFormat: originalFormat, SID: m.session,
		Parent: orNil(m.parent), ReplacedBy: orNil(m.replacedBy),
	}
	if m.article() {
		v.Text, v.Data = articleText(m.content)
	}
	if m.replacing != "" {
		v.Replacing, v.InitialID, v.Silent = &m.replacing, &m.initial, &m.silent
		at := m.initial.Time()
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

// orNil returns a pointer to a value, or nil for the zero value.
func orNil[T comparable](value T) *T {
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
	entity := struct {
		Type    string          `json:"type"`
		Version string          `json:"version"`
		Content json.RawMessage `json:"content"`
	}{Version: "1.0"}
	var article Content
	if json.Unmarshal([]byte(content), &article) != nil {
		return "", "{}" // the pod writes the rows: it does not happen
	}
	entity.Type = article.Type
	entity.Content, _ = json.Marshal(article.Content)
	made, _ := json.Marshal(map[string]any{sharedEntity: entity})
	return `<div data-format="PresentationML" data-version="2.0"><div class="entity" data-entity-id="` + sharedEntity + `"></div></div>`, string(made)
}
