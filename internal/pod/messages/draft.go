package messages

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/messageml"
	"podium/internal/pod/dlp"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/settings"
	"podium/internal/wire"
	"podium/internal/wording"
)

// draft is a message that is ready to be sent: its text is converted and its files are stored, so
// that the transaction only has to decide and to write.
type draft struct {
	ctx    context.Context // of the request
	author auth.Caller
	stream wire.StreamID
	text   *messageml.Message
	files  []files.File

	pending []string // the ids of pending files, which files holds

	// of an update: the version that the request names, and whether readers need not notice
	update wire.MessageID
	silent bool

	// of a reply and of a forwarded message: the other message, and how they are related
	parent   wire.MessageID
	relation string
	found    dlp.Found // what policies have found in it

	article string // of a shared article, instead of a text: JSON

	// of an imported message: where it comes from, when it was sent, and the caller
	origin   *origin
	at       wire.Time
	importer auth.Caller
}

// origin is where an imported message comes from.
type origin struct {
	system, original string
}

// convert converts the text of a request. What is wrong with it is refused with 400 in the
// published words.
func (s *Service) convert(ctx context.Context, caller auth.Caller, text, data, version string) (*messageml.Message, error) {
	var failed error
	var schemes map[string]bool
	m, err := messageml.Convert(text, data, messageml.Options{
		Version: version,
		Users: func(ids []int64, emails []string) (messageml.Users, error) {
			return s.mentioned(ctx, caller, ids, emails)
		},
		SchemeAllowed: func(scheme string) bool {
			if schemes == nil && failed == nil {
				schemes, failed = s.schemes(ctx, caller.Company)
			}
			return schemes[scheme]
		},
	})
	var wrong *messageml.Error
	switch {
	case failed != nil:
		return nil, failed
	case errors.As(err, &wrong):
		return nil, apierr.Invalid("%s", wrong.Message)
	}
	return m, err
}

// mentioned looks up the accounts that a message mentions: those that its author can look up.
func (s *Service) mentioned(ctx context.Context, caller auth.Caller, ids []int64, emails []string) (messageml.Users, error) {
	found := messageml.Users{ByID: map[int64]messageml.User{}, ByEmail: map[string]messageml.User{}}
	accounts := make([]wire.UserID, len(ids))
	for i, id := range ids {
		accounts[i] = wire.UserID(id)
	}
	byID, byEmail, err := s.Directory.Mentionable(ctx, caller, accounts, emails)
	for id, u := range byID {
		found.ByID[int64(id)] = messageml.User{ID: int64(id), Name: u.DisplayName, Email: u.Email}
	}
	for email, u := range byEmail {
		found.ByEmail[email] = messageml.User{ID: int64(u.ID), Name: u.DisplayName, Email: u.Email}
	}
	return found, err
}

// schemes returns the URI schemes that a company allows in links.
func (s *Service) schemes(ctx context.Context, company wire.CompanyID) (map[string]bool, error) {
	list, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]settings.Scheme, error) { return settings.AllowedSchemes(tx, company) })
	allowed := make(map[string]bool, len(list))
	for _, scheme := range list {
		allowed[string(scheme)] = true
	}
	return allowed, err
}

// row returns the message as it is stored in a stream at a time.
func (d *draft) row(stream, number int64, at wire.Time) message.Row {
	m := message.Row{
		ID: wire.NewMessageID(at), Number: number, Stream: stream, Author: d.author.User, App: d.author.App, At: at,
		Content: d.article, Agent: agentName, Session: sessionName(d.author.Session),
		Files: int64(len(d.files)), Silent: d.silent, Imported: d.origin != nil,
	}
	if d.text != nil {
		m.Body, m.Data, m.Words = d.text.PresentationML, d.text.Data, wording.Fold(d.text.Words)
		m.Forms = len(d.text.Forms) > 0
	}
	return m
}

// agentName is the program that all messages of the API are sent with, as readers see it.
const agentName = wire.AgentVersion

// sessionName returns the name of a session that the readers of its messages see, in the form of a
// UUID. The session cannot be found by it.
func sessionName(session string) string {
	sum := sha256.Sum256([]byte("messages of " + session))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// tags returns the rows of message_tags of a message.
func (d *draft) tags(m message.Row) [][]any {
	if d.text == nil {
		return nil
	}
	var rows [][]any
	known := map[string]bool{}
	add := func(tag string) {
		if !known[tag] {
			known[tag] = true
			rows = append(rows, []any{tag, m.Number, m.Stream})
		}
	}
	for _, tag := range d.text.Hashtags {
		add(message.Hashtag(tag))
	}
	for _, tag := range d.text.Cashtags {
		add(message.Cashtag(tag))
	}
	for _, id := range d.text.Mentions {
		add(message.Mention(wire.UserID(id)))
	}
	return rows
}
