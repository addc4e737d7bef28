package messages

import (
	"context"
	"encoding/base64"
	"errors"
	"html"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/directory"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

const aboutImport = "The caller and the author must be members of the stream. Each message has an " +
	"answer of its own, in the same order: its id, or a diagnostic. A message with the " +
	"same originatingSystemId and originalMessageId as an earlier one in the stream is " +
	"not imported again: the answer has the id of the earlier one. Readers are not told " +
	"of imported messages."

var importMessages = op.Operation[Service]{
	ID:              "importMessages",
	Route:           "POST /agent/v4/message/import",
	Tag:             "Messages",
	Summary:         "Import messages of another system.",
	About:           aboutImport,
	Needs:           auth.All(auth.ImportMessages),
	KeyManagerToken: true,
	MaxBody:         maxImport,
	Handle:          op.Call((*Service).importMessages),
}

var importMessagesV2 = op.Operation[Service]{
	ID:              "importMessagesV2",
	Route:           "POST /agent/v2/message/import",
	Tag:             "Messages",
	Summary:         "Import messages of another system, second form.",
	About:           aboutImport,
	Needs:           auth.All(auth.ImportMessages),
	KeyManagerToken: true,
	Deprecated:      true,
	MaxBody:         maxImport,
	Handle:          op.Call((*Service).importMessagesV2),
}

var importMessagesV1 = op.Operation[Service]{
	ID:              "importMessagesV1",
	Route:           "POST /agent/v1/message/import",
	Tag:             "Messages",
	Summary:         "Import messages of another system, first form.",
	About:           aboutImport,
	Needs:           auth.All(auth.ImportMessages),
	KeyManagerToken: true,
	Deprecated:      true,
	MaxBody:         maxImport,
	Handle:          op.Call((*Service).importMessagesV1),
}

// maxImport is how many bytes an import may have: the files of one message, in Base64, and texts.
const maxImport = files.MaxTotal/3*4 + 8<<20

// Imported is a message of another system: the published V4ImportedMessage.
type Imported struct {
	Message   string         `json:"message" maxLength:"1500000" doc:"MessageML."`
	Data      string         `json:"data" maxLength:"1500000" doc:"EntityJSON."`
	Timestamp wire.Time      `json:"intendedMessageTimestamp" doc:"When it was sent."`
	Author    wire.UserID    `json:"intendedMessageFromUserId"`
	System    string         `json:"originatingSystemId" maxLength:"256"`
	Original  *string        `json:"originalMessageId" maxLength:"256"`
	StreamID  string         `json:"streamId" maxLength:"128"`
	Files     []ImportedFile `json:"attachments" maxItems:"25"`
	Previews  []ImportedFile `json:"previews" maxItems:"25"`
	Format    Format         `json:"format" doc:"TEXT or MESSAGEML, of older forms."`
}

// ImportedFile is a file of an imported message.
type ImportedFile struct {
	Name    string `json:"filename" maxLength:"255"`
	Content string `json:"content" maxLength:"41943040" doc:"In Base64."`
}

// Format is the format of a text in older operations.
type Format string

// The published formats.
const (
	PlainText Format = "TEXT"
	MessageML Format = "MESSAGEML"
)

// Enum returns the published values.
func (Format) Enum() []string { return []string{string(PlainText), string(MessageML)} }

// text returns a message of the format as MessageML.
func (f Format) text(message string) (string, error) {
	switch f {
	case "", MessageML:
		return message, nil
	case PlainText:
		return "<messageML>" + html.EscapeString(message) + "</messageML>", nil
	}
	return "", apierr.Invalid("Invalid value for format: TEXT or MESSAGEML is expected")
}

type importInput struct {
	Body []Imported `maxItems:"1000"`
}

// ImportResult is what became of a message: the published V4ImportResponse.
type ImportResult struct {
	MessageID  *wire.MessageID `json:"messageId"`
	System     string          `json:"originatingSystemId"`
	Original   *string         `json:"originalMessageId"`
	Diagnostic *string         `json:"diagnostic" doc:"Why it was not imported."`
}

// ImportResultV1 is the published ImportResponse.
type ImportResultV1 struct {
	MessageID  *wire.MessageID `json:"messageId"`
	Diagnostic *string         `json:"diagnostic" doc:"Why it was not imported."`
}

func (s *Service) importMessages(ctx context.Context, caller auth.Caller, in importInput) ([]ImportResult, error) {
	list := in.Body
	for i := range list {
		list[i].Format = "" // not of this form: samples have it
	}
	return s.importAll(ctx, caller, list)
}

func (s *Service) importMessagesV2(ctx context.Context, caller auth.Caller, in importInput) ([]ImportResult, error) {
	return s.importAll(ctx, caller, in.Body)
}

func (s *Service) importMessagesV1(ctx context.Context, caller auth.Caller, in importInput) ([]ImportResultV1, error) {
	results, err := s.importAll(ctx, caller, in.Body)
	out := make([]ImportResultV1, len(results))
	for i, r := range results {
		out[i] = ImportResultV1{MessageID: r.MessageID, Diagnostic: r.Diagnostic}
	}
	return out, err
}

// importAll imports messages, each independently of the others.
func (s *Service) importAll(ctx context.Context, caller auth.Caller, list []Imported) ([]ImportResult, error) {
	results := make([]ImportResult, len(list))
	var drafts []*draft
	var of []int // the index of each draft
	for i, m := range list {
		results[i] = ImportResult{System: m.System, Original: m.Original}
		d, err := s.imported(ctx, caller, m)
		if diagnostic, err := diagnosticOf(err); err != nil || diagnostic != nil {
			if results[i].Diagnostic = diagnostic; err != nil {
				return nil, err
			}
			continue
		}
		drafts, of = append(drafts, d), append(of, i)
	}
	for i, sent := range s.sender.send(drafts) {
		diagnostic, err := diagnosticOf(sent.err)
		if err != nil {
			return nil, err
		}
		if results[of[i]].Diagnostic = diagnostic; diagnostic == nil {
			id := sent.message.ID
			results[of[i]].MessageID = &id
		}
	}
	return results, nil
}

// diagnosticOf returns the text of a refusal. Any other error ends the import.
func diagnosticOf(err error) (*string, error) {
	var refused *apierr.Error
	if !errors.As(err, &refused) {
		return nil, err
	}
	text := refused.Message
	return &text, nil
}

// imported returns the draft of a message of another system.
func (s *Service) imported(ctx context.Context, caller auth.Caller, m Imported) (*draft, error) {
	d := &draft{ctx: ctx, importer: caller, at: m.Timestamp, origin: &origin{system: m.System}}
	if m.Original != nil {
		d.origin.original = *m.Original
	}
	switch {
	case m.System == "":
		return nil, apierr.Invalid("originatingSystemId: it is required")
	case m.Timestamp <= 0 || m.Timestamp > s.DB.Now():
		return nil, apierr.Invalid("intendedMessageTimestamp: a time in the past is expected")
	}
	if err := d.stream.UnmarshalText([]byte(m.StreamID)); err != nil {
		return nil, err
	}
	author, err := db.Read(ctx, s.DB, func(tx *db.Tx) (accounts.User, error) { return directory.Visible(tx, caller, m.Author) })
	if errors.Is(err, db.ErrNoRow) {
		err = apierr.Invalid("intendedMessageFromUserId: there is no such user")
	}
	if err != nil {
		return nil, err
	}
	d.author = auth.Caller{Company: author.Company, User: author.ID, AccountType: author.AccountType}
	text, err := m.Format.text(m.Message)
	if err != nil {
		return nil, err
	}
	form := Form{Message: text, Data: m.Data}
	if form.Attachments, err = uploads("attachments", m.Files); err == nil {
		form.Previews, err = uploads("previews", m.Previews)
	}
	if err != nil {
		return nil, err
	}
	return d, s.prepare(ctx, d.author, form, d)
}

// uploads returns files in Base64 as uploads.
func uploads(field string, list []ImportedFile) ([]op.Upload, error) {
	var found []op.Upload
	for _, f := range list {
		content, err := base64.StdEncoding.DecodeString(f.Content)
		if err != nil {
			return nil, apierr.Invalid("%s: the content of a file is not valid Base64", field)
		}
		if f.Name == "" {
			return nil, apierr.Invalid("%s: a file has no name", field)
		}
		found = append(found, op.NewUpload(op.FileName(f.Name), content))
	}
	return found, nil
}

// MessagesImported is recorded when messages of another system are imported into a stream.
type MessagesImported struct {
	Stream   facts.Place `json:"stream"`
	System   string      `json:"system"`
	Messages []string    `json:"messages"` // their ids
}

// Kind is the name of this fact in the log.
func (MessagesImported) Kind() string { return "stream.messagesImported" }

// Audience returns the companies in the stream.
func (f MessagesImported) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorByID, func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine names the conversation.
func (f MessagesImported) AuditLine(of journal.Entry) journal.Line {
	return f.Stream.Line(of, "importedMessages", "Imported Messages")
}
