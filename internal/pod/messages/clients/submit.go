package clients

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/messageml/forms"
	"podium/internal/op"
	"podium/internal/pod/happenings"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var submitForm = op.Operation[Service]{
	ID:      "submitForm",
	Route:   "POST /podium/v1/stream/{sid}/message/{mid}/form/submit",
	Tag:     "Messages",
	Summary: "Submit a form of a message.",
	About: "For members who can read the message. The values are those of the published event " +
		"SYMPHONYELEMENTSACTION, with the name of the pressed button as action; they must " +
		"suit the form. The author of the message receives the event. A form may be " +
		"submitted any number of times.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.SendMessages},
	MaxBody: maxSubmission,
	Also:    []int{404, 413},
	Handle:  op.Call((*Service).submit),
}

// maxSubmission is how many bytes a submission may have.
const maxSubmission = 256 << 10

type submitInput struct {
	SID  wire.StreamID  `path:"sid"`
	MID  wire.MessageID `path:"mid"`
	Body FormValues
}

// FormValues is a submission.
type FormValues struct {
	FormID string           `json:"formId" maxLength:"4096"`
	Values map[string]Value `json:"formValues" maxItems:"2000" doc:"By the names of the form's fields."`
}

// Value is any JSON. The form says what it may be.
type Value json.RawMessage

// UnmarshalJSON keeps the JSON as it is.
func (v *Value) UnmarshalJSON(data []byte) error {
	*v = slices.Clone(data)
	return nil
}

// JSONAs says that it looks like any JSON.
func (Value) JSONAs() any { return nil }

func (b FormValues) values() map[string]json.RawMessage {
	values := make(map[string]json.RawMessage, len(b.Values))
	for name, v := range b.Values {
		values[name] = json.RawMessage(v)
	}
	return values
}

func (in submitInput) Validate() error {
	if in.Body.FormID == "" {
		return apierr.Invalid("formId: it is required")
	}
	return nil
}

// Submitted is a submission that was stored.
type Submitted struct {
	ID        wire.MessageID `json:"messageId" doc:"Of the submission."`
	Message   wire.MessageID `json:"formMessageId"`
	FormID    string         `json:"formId"`
	Timestamp wire.Time      `json:"timestamp"`
	Values    map[string]any `json:"formValues"`
}

// submit checks the values before the transaction, which the pattern of a form could delay. A
// stored message does not change.
func (s *Service) submit(ctx context.Context, caller auth.Caller, in submitInput) (Submitted, error) {
	m, err := db.Read(ctx, s.DB, func(tx *db.Tx) (message.Row, error) { return withForms(tx, caller, in) })
	if err != nil {
		return Submitted{}, err
	}
	form, ok, err := forms.Find(m.Body, in.Body.FormID)
	if err != nil {
		return Submitted{}, err
	}
	if !ok {
		return Submitted{}, errNoForm
	}
	values, err := form.Check(in.Body.values())
	var wrong *forms.Error
	if errors.As(err, &wrong) {
		return Submitted{}, apierr.Invalid("%s", wrong)
	}
	if err != nil {
		return Submitted{}, err
	}
	return db.Write(ctx, s.DB, func(tx *db.Tx) (Submitted, error) {
		if err := lockMessage(tx, in.SID, in.MID); err != nil {
			return Submitted{}, err
		}
		m, err := withForms(tx, caller, in)
		if err != nil {
			return Submitted{}, err
		}
		out := Submitted{ID: wire.NewMessageID(tx.Now()), Message: m.ID, FormID: form.ID, Timestamp: tx.Now(), Values: values}
		return out, s.store(tx, caller, m, out)
	})
}

var errNoForm = apierr.Invalid("formId: the message has no such form")

// lockMessage locks a stream and a message until commit.
func lockMessage(tx *db.Tx, stream wire.StreamID, id wire.MessageID) error {
	if err := tx.Lock(lock.Stream(stream)); err != nil {
		return err
	}
	return tx.Lock(lock.Message(id))
}

// withForms returns a message whose forms the caller may submit.
func withForms(tx *db.Tx, caller auth.Caller, in submitInput) (message.Row, error) {
	m, to, err := readBy(tx, caller, in.SID, in.MID)
	switch {
	case err != nil:
		return m, err
	case !to.Active:
		return m, apierr.Invalid("Stream is not active")
	case m.ReplacedBy != "":
		return m, apierr.Invalid("Message has been replaced by %s", m.ReplacedBy)
	case !m.Forms:
		return m, errNoForm
	}
	return m, nil
}

// store writes a submission, and tells the author of the form.
func (s *Service) store(tx *db.Tx, caller auth.Caller, m message.Row, out Submitted) error {
	content, err := json.Marshal(out.Values)
	if err != nil {
		return err
	}
	number, err := tx.Next("streams")
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO form_submissions (number, id, stream, message, form, content, user_id, app, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		number, out.ID, m.Stream, m.Number, out.FormID, string(content), caller.User, caller.App, out.Timestamp)
	if err != nil {
		return err
	}
	return s.Happened.Record(tx, happenings.Happening{
		Stream: m.Stream, Kind: happenings.FormSubmitted, Message: number, At: out.Timestamp, Size: int64(len(content)), About: m.Author,
	})
}

// readBy returns a message of a stream that the caller, a member, can read. It fails with NotFound
// for one that the caller may not know of, and with Forbidden for others who can read it.
func readBy(tx *db.Tx, caller auth.Caller, stream wire.StreamID, id wire.MessageID) (message.Row, streams.Seen, error) {
	m, to, ok, err := message.Read(tx, caller, id)
	switch {
	case err != nil:
		return m, to, err
	case !ok || to.ID != stream:
		return m, to, message.ErrNone()
	case !to.In:
		return m, to, apierr.Forbidden("the user is not a member of stream %s", to.ID)
	}
	return m, to, nil
}
