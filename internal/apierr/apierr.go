// Package apierr is the kinds of things that go wrong, as a client is told.
// Chapters return these; package op alone knows the HTTP statuses and the
// published bodies behind them. Any other error is an outage of ours.
package apierr

import (
	"fmt"
)

// Kind says what sort of refusal an Error is.
type Kind int

// The kinds, with the status that an operation answers unless its description
// has no such status.
const (
	KindInvalid       Kind = iota + 1 // 400: the request is wrong, and repeating it will not help
	KindSession                       // 401 "Invalid session": no live session came with the request
	KindLogin                         // 401 "Unauthorized": a login was refused
	KindForbidden                     // 403: the caller may not
	KindNotFound                      // 404: what the request names is not there
	KindTooLarge                      // 413: the body is larger than is taken
	KindUnavailable                   // 503: the pod cannot answer just now; try again
	KindUnprocessable                 // 422: the request is well formed, and cannot be done all the same
	KindTooSlow                       // 408: the body did not arrive in time
	KindChanged                       // 412: it has been changed since the caller read it
	KindUnsupported                   // 415: the body is coded in a way that is not taken
	KindBusy                          // 429: more is going on than may be; try again
	KindBarrier                       // 452: an information barrier stands between the users concerned
)

// Error is a refusal. Message is for the client, and so is Details, which most refusals leave
// empty; Reason is for the log (and, for a KindForbidden, for the header Podium-Reason).
type Error struct {
	Kind    Kind
	Message string
	Details string
	Reason  string
}

func (e *Error) Error() string {
	if e.Reason != "" {
		return e.Reason
	}
	return e.Message
}

// Invalid refuses a request that is wrong in itself, with a sentence that names the
// field.
func Invalid(format string, args ...any) error {
	return &Error{Kind: KindInvalid, Message: fmt.Sprintf(format, args...)}
}

// InvalidDetails refuses as Invalid does, with the member details that some published bodies of
// errors have beside the message.
func InvalidDetails(message, details string) error {
	return &Error{Kind: KindInvalid, Message: message, Details: details}
}

// InvalidSession refuses a request whose token is missing, forged, expired or ended.
// The client learns only that: the reason stands in the log.
func InvalidSession(format string, args ...any) error {
	return &Error{Kind: KindSession, Message: "Invalid session", Reason: fmt.Sprintf(format, args...)}
}

// LoginRefused refuses a login. Whatever the reason, the client reads one text, so
// that nobody can find out which accounts exist.
func LoginRefused(format string, args ...any) error {
	return &Error{Kind: KindLogin, Message: "Unauthorized", Reason: fmt.Sprintf(format, args...)}
}

// Forbidden refuses a caller that is known but may not. The published text goes to the
// client, the reason to the log and the header Podium-Reason.
func Forbidden(format string, args ...any) error {
	return &Error{
		Kind:    KindForbidden,
		Message: "The user lacks the required entitlement to perform this operation",
		Reason:  fmt.Sprintf(format, args...),
	}
}

// NotFound says that what the request names is not there, or not for this caller
// to know of. Operations whose description has no 404 answer 400 with the same words.
func NotFound(format string, args ...any) error {
	return &Error{Kind: KindNotFound, Message: fmt.Sprintf(format, args...)}
}

// Unprocessable refuses what the description of an operation has a status of its own for: a request
// that is well formed, and cannot be done all the same.
func Unprocessable(format string, args ...any) error {
	return &Error{Kind: KindUnprocessable, Message: fmt.Sprintf(format, args...)}
}

// Changed refuses a change of what somebody else has changed since the caller read it.
func Changed(format string, args ...any) error {
	return &Error{Kind: KindChanged, Message: fmt.Sprintf(format, args...)}
}

// Barrier refuses to bring users together whom an information barrier keeps apart.
func Barrier(format string, args ...any) error {
	return &Error{Kind: KindBarrier, Message: fmt.Sprintf(format, args...)}
}

// TooLarge refuses a body of more than limit bytes.
func TooLarge(limit int64) error {
	return &Error{Kind: KindTooLarge, Message: fmt.Sprintf("The request body is larger than %d bytes", limit)}
}

// UnsupportedCoding refuses a body whose Content-Encoding is not taken.
func UnsupportedCoding(coding string) error {
	return &Error{Kind: KindUnsupported, Message: fmt.Sprintf("The request body has the Content-Encoding %.60q: send it plain, or as gzip", coding)}
}

// Busy turns away what there is no room for just now. The SDKs try again.
func Busy(message string) error { return &Error{Kind: KindBusy, Message: message} }

// TooSlow refuses a body that did not arrive in time.
func TooSlow() error {
	return &Error{Kind: KindTooSlow, Message: "The request body did not arrive in time"}
}

// Unavailable says that the pod cannot answer just now. The reason is for the log.
func Unavailable(format string, args ...any) error {
	return &Error{
		Kind:    KindUnavailable,
		Message: "The pod cannot answer at the moment, try again",
		Reason:  fmt.Sprintf(format, args...),
	}
}
