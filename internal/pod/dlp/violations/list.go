package violations

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/dlp"
	"podium/internal/pod/messages/message"
)

// listing returns an operation that lists violations.
func listing(id, route, summary string, handle op.Handler[Service]) op.Operation[Service] {
	return op.Operation[Service]{
		ID:      id,
		Route:   "GET /agent/" + route,
		Tag:     "Violations",
		Summary: summary,
		About: "Those of the own company, oldest first. startTime and endTime are included. There is no " +
			"content if there are none. Violations are kept for 90 days.",
		Needs:           auth.All(auth.ViewDLPViolation),
		KeyManagerToken: true,
		Also:            []int{204},
		Handle:          handle,
	}
}

var (
	messagesV1 = listing("listDLPMessageViolationsV1", "v1/dlp/violations/message", "Page through what policies have found in messages, first form.",
		op.Read((*Service).messagesV1))
	streamsV1 = listing("listDLPStreamViolationsV1", "v1/dlp/violations/stream", "Page through what policies have found in rooms, first form.",
		op.Read((*Service).streamsV1))
	signalsV1 = listing("listDLPSignalViolationsV1", "v1/dlp/violations/signal", "Page through what policies have found in signals, first form.",
		op.Read((*Service).signalsV1))
	messages = listing("listDLPMessageViolations", "v3/dlp/violations/message", "Page through what policies have found in messages.",
		op.Read((*Service).messages))
	streams = listing("listDLPStreamViolations", "v3/dlp/violations/stream", "Page through what policies have found in rooms.",
		op.Read((*Service).streams))
	signals = listing("listDLPSignalViolations", "v3/dlp/violations/signal", "Page through what policies have found in signals.",
		op.Read((*Service).signals))
)

// Page is a page of violations.
type Page[T any] struct {
	Violations []T     `json:"violations"`
	Next       *Cursor `json:"nextOffset" doc:"Null on the last page."`
}

// MessageV1 is the published V1DLPViolationMessage.
type MessageV1 struct {
	Violation  ViolationV1     `json:"violation"`
	Message    message.Message `json:"message"`
	Diagnostic *string         `json:"diagnostic"`
}

// StreamV1 is the published V1DLPViolationStream.
type StreamV1 struct {
	Violation ViolationV1 `json:"violation"`
	Stream    dlp.Stream  `json:"stream"`
}

// SignalV1 is the published V1DLPViolationSignal.
type SignalV1 struct {
	Violation ViolationV1 `json:"violation"`
	Signal    dlp.Signal  `json:"signal"`
}

// Message is the published V3DLPViolationMessage.
type Message struct {
	Violation  Violation        `json:"violation"`
	Message    message.Message  `json:"message"`
	Shared     *message.Message `json:"sharedMessage" doc:"Always null: the article is in message."`
	Diagnostic *string          `json:"diagnostic"`
}

// Stream is the published V3DLPViolationStream.
type Stream struct {
	Violation Violation  `json:"violation"`
	Stream    dlp.Stream `json:"stream"`
}

// Signal is the published V3DLPViolationSignal.
type Signal struct {
	Violation Violation  `json:"violation"`
	Signal    dlp.Signal `json:"signal"`
}

// list returns a page of violations of a kind. make makes one of a row and of what the user said.
func list[T, Said any](tx *db.Tx, caller auth.Caller, kind dlp.Kind, in listInput, make func(row, Said) T) (op.Optional[Page[T]], error) {
	rows, next, err := page(tx, caller, kind, in)
	if err != nil || len(rows) == 0 {
		return op.Optional[Page[T]]{}, err
	}
	out := Page[T]{Next: next}
	for _, r := range rows {
		of, err := said[Said](r)
		if err != nil {
			return op.Optional[Page[T]]{}, err
		}
		out.Violations = append(out.Violations, make(r, of))
	}
	return op.Optional[Page[T]]{Value: &out}, nil
}

func (s *Service) messagesV1(tx *db.Tx, caller auth.Caller, in listInput) (op.Optional[Page[MessageV1]], error) {
	return list(tx, caller, dlp.MessageKind, in, func(r row, m message.Message) MessageV1 {
		return MessageV1{Violation: r.v1(dlp.MessageKind), Message: m}
	})
}

func (s *Service) streamsV1(tx *db.Tx, caller auth.Caller, in listInput) (op.Optional[Page[StreamV1]], error) {
	return list(tx, caller, dlp.StreamKind, in, func(r row, of dlp.Stream) StreamV1 { return StreamV1{r.v1(dlp.StreamKind), of} })
}

func (s *Service) signalsV1(tx *db.Tx, caller auth.Caller, in listInput) (op.Optional[Page[SignalV1]], error) {
	return list(tx, caller, dlp.SignalKind, in, func(r row, of dlp.Signal) SignalV1 { return SignalV1{r.v1(dlp.SignalKind), of} })
}

func (s *Service) messages(tx *db.Tx, caller auth.Caller, in listInput) (op.Optional[Page[Message]], error) {
	return list(tx, caller, dlp.MessageKind, in, func(r row, m message.Message) Message {
		var files []attached
		for _, a := range m.Attachments {
			files = append(files, attached{a.ID, a.Name, a.Size})
		}
		return Message{Violation: r.v3(files), Message: m}
	})
}

func (s *Service) streams(tx *db.Tx, caller auth.Caller, in listInput) (op.Optional[Page[Stream]], error) {
	return list(tx, caller, dlp.StreamKind, in, func(r row, of dlp.Stream) Stream { return Stream{r.v3(nil), of} })
}

func (s *Service) signals(tx *db.Tx, caller auth.Caller, in listInput) (op.Optional[Page[Signal]], error) {
	return list(tx, caller, dlp.SignalKind, in, func(r row, of dlp.Signal) Signal { return Signal{r.v3(nil), of} })
}
