package messages

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
	"podium/internal/wording"
)

var share = op.Operation[Service]{
	ID:      "shareInStream",
	Route:   "POST /agent/v3/stream/{sid}/share",
	Tag:     "Share",
	Summary: "Share an article in a stream.",
	About: "In public rooms of the own company for all its users, in its other streams for " +
		"members and content managers, in those of other companies for members. In a " +
		"read-only room for owners.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	Handle:          op.Call((*Service).share),
}

var shareV1 = op.Operation[Service]{
	ID:              "shareInStreamV1",
	Route:           "POST /agent/v1/stream/{sid}/share",
	Tag:             "Share",
	Summary:         "Share an article in a stream, first form.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.SendMessages},
	KeyManagerToken: true,
	Deprecated:      true,
	Handle:          op.Call((*Service).share),
}

// articleType is the only type of shared content.
const articleType = "com.symphony.sharing.article"

// Article is a shared article.
type Article struct {
	ID           *string    `json:"articleId" maxLength:"256"`
	Title        *string    `json:"title" maxLength:"1024"`
	SubTitle     *string    `json:"subTitle" maxLength:"1024"`
	Message      *string    `json:"message" maxLength:"16384"`
	Publisher    *string    `json:"publisher" maxLength:"1024"`
	PublishDate  *wire.Time `json:"publishDate" doc:"In seconds."`
	ThumbnailURL *string    `json:"thumbnailUrl" maxLength:"8192"`
	Author       *string    `json:"author" maxLength:"1024"`
	URL          *string    `json:"articleUrl" maxLength:"8192"`
	Summary      *string    `json:"summary" maxLength:"16384"`
	AppID        *string    `json:"appId" maxLength:"256"`
	AppName      *string    `json:"appName" maxLength:"256"`
	AppIconURL   *string    `json:"appIconUrl" maxLength:"8192"`
}

// Content is shared content.
type Content struct {
	Type    string  `json:"type" maxLength:"128"`
	Content Article `json:"content"`
}

type shareInput struct {
	SID  wire.StreamID `path:"sid"`
	Body Content
}

func (in shareInput) Validate() error {
	if in.Body.Type != articleType {
		return apierr.Invalid("Invalid value for type: %s is expected", articleType)
	}
	a := in.Body.Content
	for _, c := range []struct {
		name  string
		value *string
	}{{"title", a.Title}, {"publisher", a.Publisher}, {"author", a.Author}, {"appId", a.AppID}} {
		if c.value == nil || *c.value == "" {
			return apierr.Invalid("content.%s: it is required", c.name)
		}
	}
	if (a.ID == nil || *a.ID == "") && (a.URL == nil || *a.URL == "") {
		return apierr.Invalid("content: articleId or articleUrl is required")
	}
	return a.checkTexts()
}

// checkTexts returns an error that names the first member that package wording refuses.
func (a Article) checkTexts() error {
	for _, c := range []struct {
		name  string
		value *string
		check func(field, value string) error
	}{
		{"articleId", a.ID, wording.Identifier}, {"title", a.Title, wording.Line}, {"subTitle", a.SubTitle, wording.Line},
		{"message", a.Message, wording.Prose}, {"publisher", a.Publisher, wording.Line}, {"thumbnailUrl", a.ThumbnailURL, wording.Link},
		{"author", a.Author, wording.Line}, {"articleUrl", a.URL, wording.Link}, {"summary", a.Summary, wording.Prose},
		{"appId", a.AppID, wording.Identifier}, {"appName", a.AppName, wording.Line}, {"appIconUrl", a.AppIconURL, wording.Link},
	} {
		if c.value == nil || *c.value == "" {
			continue
		}
		if err := c.check("content."+c.name, *c.value); err != nil {
			return err
		}
	}
	return nil
}

// V2Message is a message as older operations answer it. Its timestamp is a text.
type V2Message struct {
	ID          wire.MessageID `json:"id"`
	Timestamp   string         `json:"timestamp"`
	Type        string         `json:"v2messageType"`
	StreamID    wire.StreamID  `json:"streamId"`
	Message     string         `json:"message" doc:"PresentationML; of a shared article, JSON."`
	FromUserID  wire.UserID    `json:"fromUserId"`
	Attachments []File         `json:"attachments"`
}

// File is a file attached to a message.
type File struct {
	ID   string `json:"id" maxLength:"256"`
	Name string `json:"name" maxLength:"255"`
	Size int64  `json:"size" min:"0" max:"9007199254740991"`
}

// Shared is recorded when an article is shared in a stream. The message holds the content.
type Shared struct {
	Stream  facts.Place `json:"stream"`
	Message string      `json:"message"` // its id
}

// Kind is the name of this fact in the log.
func (Shared) Kind() string { return "stream.shared" }

// Audience returns the companies in the stream.
func (f Shared) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorNamed, func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine returns why the audit trail leaves this fact out.
func (Shared) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(journal.ByThemselves) }

func (s *Service) share(ctx context.Context, caller auth.Caller, in shareInput) (V2Message, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(in.Body); err != nil {
		return V2Message{}, err
	}
	article := string(bytes.TrimRight(text.Bytes(), "\n"))
	d := &draft{ctx: ctx, author: caller, stream: in.SID, article: article}
	if err := s.look(ctx, d, nil); err != nil {
		return V2Message{}, err
	}
	sent, err := db.Write(ctx, s.DB, func(tx *db.Tx) (outcome, error) { return s.writeShared(tx, d) })
	if err == nil {
		err = sent.err
	}
	m := sent.message
	return V2Message{
		ID: m.ID, Timestamp: strconv.FormatInt(int64(m.Timestamp), 10), Type: "V2Message", StreamID: in.SID, Message: article,
		FromUserID: caller.User, Attachments: []File{},
	}, err
}

// writeShared writes a shared article, and records that. One that is blocked is no error, because
// its violation must be written.
func (s *Service) writeShared(tx *db.Tx, d *draft) (outcome, error) {
	list, err := s.writeAll(tx, []*draft{d})
	if err != nil {
		return outcome{}, err
	}
	sent := list[0]
	if blocked(sent.err) {
		return sent, nil
	}
	if sent.err != nil {
		return sent, sent.err
	}
	to, err := streams.Find(tx, d.stream)
	if err != nil {
		return sent, err
	}
	place, err := facts.PlaceOf(tx, to)
	if err != nil {
		return sent, err
	}
	return sent, s.Journal.Record(tx, d.author, to.Subject(), Shared{Stream: place, Message: string(sent.message.ID)})
}
