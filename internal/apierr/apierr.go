// Package apierr defines the kinds of errors that clients are told of. Chapters return them; only
// package op knows their HTTP statuses and published bodies. Every other error is an internal
// failure of the pod.
package apierr

import (
	"fmt"
)

// Kind is the reason for which a request is refused.
type Kind int

// The kinds, each with its default status. An operation whose description lacks that status answers
// another one.
const (
	KindInvalid Kind = iota + 1 // 400: the request is wrong; repeating it will not help
	// 401 "Invalid session": no live session came with the request
	KindSession
	KindLogin         // 401 "Unauthorized": a login was refused
	KindForbidden     // 403: the caller lacks a right
	KindNotFound      // 404: what the request names does not exist
	KindTooLarge      // 413: the body is larger than the limit
	KindUnavailable   // 503: the pod cannot answer at the moment; try again
	KindUnprocessable // 422: the request is well formed but cannot be carried out
	KindTooSlow       // 408: the body did not arrive in time
	KindChanged       // 412: it has changed since the caller read it
	KindUnsupported   // 415: the body has an unsupported Content-Encoding
	KindMediaType     // 415: the body has an unsupported Content-Type
	KindBusy          // 429: too many requests at once; try again
	KindBarrier       // 452: an information barrier separates the users concerned
	KindCompliance    // 451: compliance does not let the content through
	KindGone          // 410: the operation is switched off
)

// Error is a refusal. Message and Details are for the client; most refusals leave Details empty.
// Reason is for the log and, for a KindForbidden, for the header Podium-Reason.
type Error struct {
	Kind    Kind
	Message string
	Details string
	Reason  string

	Findings []Finding // of a KindCompliance
}

// Finding is what was found in a part of a message: the published object.
type Finding struct {
	In       string         `json:"detectionIn" doc:"TEXT or FILE."`
	Policies []PolicyResult `json:"policyResults"`
}

// PolicyResult is a policy by which a message is blocked: the published object.
type PolicyResult struct {
	Name    string   `json:"name"`
	Status  string   `json:"status" doc:"BLOCK or WARN."`
	Scopes  []string `json:"scopes" doc:"INTERNAL, EXTERNAL."`
	Reasons []string `json:"reasons"`
}

func (e *Error) Error() string {
	if e.Reason != "" {
		return e.Reason
	}
	return e.Message
}

// Invalid returns a refusal of a request that is wrong in itself. The message names the field.
func Invalid(format string, args ...any) error {
	return &Error{Kind: KindInvalid, Message: fmt.Sprintf(format, args...)}
}

// InvalidDetails returns a refusal like Invalid, with the member details that some published error
// bodies have beside the message.
func InvalidDetails(message, details string) error {
	return &Error{Kind: KindInvalid, Message: message, Details: details}
}

// InvalidSession returns the refusal of a request whose token is missing, forged, expired or
// revoked. The client learns only that; the reason goes to the log.
func InvalidSession(format string, args ...any) error {
	return &Error{Kind: KindSession, Message: "Invalid session", Reason: fmt.Sprintf(format, args...)}
}

// LoginRefused returns the refusal of a login. The client reads the same text for every reason, so
// that no client can find out which accounts exist.
func LoginRefused(format string, args ...any) error {
	return &Error{Kind: KindLogin, Message: "Unauthorized", Reason: fmt.Sprintf(format, args...)}
}

// Forbidden returns the refusal of a known caller that lacks a right. The published text goes to
// the client, the reason to the log and the header Podium-Reason.
func Forbidden(format string, args ...any) error {
	return &Error{
		Kind:    KindForbidden,
		Message: "The user lacks the required entitlement to perform this operation",
		Reason:  fmt.Sprintf(format, args...),
	}
}

// Refused returns a refusal with 403 that tells the client why: a published limit, which gives
// nothing away.
func Refused(message string) error { return &Error{Kind: KindForbidden, Message: message} }

// NotFound returns the refusal of a request that names something that does not exist, or that the
// caller may not know of. Operations whose description has no 404 answer 400 with the same message.
func NotFound(format string, args ...any) error {
	return &Error{Kind: KindNotFound, Message: fmt.Sprintf(format, args...)}
}

// Unprocessable returns the refusal of a well formed request that cannot be carried out, for
// operations whose description has the status 422.
func Unprocessable(format string, args ...any) error {
	return &Error{Kind: KindUnprocessable, Message: fmt.Sprintf(format, args...)}
}

// Changed returns the refusal of a change to data that has changed since the caller read it.
func Changed(format string, args ...any) error {
	return &Error{Kind: KindChanged, Message: fmt.Sprintf(format, args...)}
}

// Barrier returns the refusal to bring users together whom an information barrier separates.
func Barrier(format string, args ...any) error {
	return &Error{Kind: KindBarrier, Message: fmt.Sprintf(format, args...)}
}

// Compliance returns the refusal of a message in which something was found that compliance does not
// let through.
func Compliance(findings ...Finding) error {
	return &Error{Kind: KindCompliance, Message: "Compliance issues found in message", Findings: findings}
}

// ComplianceIn returns the refusal of something that compliance does not let through, such as "room
// creation". As published, it does not say what was found.
func ComplianceIn(doing string) error {
	return &Error{Kind: KindCompliance, Message: "Compliance issues found in " + doing}
}

// TooLarge returns the refusal of a body of more than limit bytes.
func TooLarge(limit int64) error {
	return &Error{Kind: KindTooLarge, Message: fmt.Sprintf("The request body is larger than %d bytes", limit)}
}

// TooManyBytes returns the refusal of files with more than limit bytes together.
func TooManyBytes(limit int64) error {
	return &Error{Kind: KindTooLarge, Message: fmt.Sprintf("The attachments have more than %d bytes", limit)}
}

// UnsupportedCoding returns the refusal of a body with an unsupported Content-Encoding.
func UnsupportedCoding(coding string) error {
	return &Error{Kind: KindUnsupported, Message: fmt.Sprintf("The request body has the Content-Encoding %.60q: send it plain, or as gzip", coding)}
}

// UnsupportedType returns the refusal of a body that is not of the media type expected. The message
// is the published one.
func UnsupportedType(expected string) error {
	return &Error{Kind: KindMediaType, Message: "Unsupported media type", Reason: "the body must be " + expected}
}

// Busy returns the refusal of a request beyond the pod's capacity. The SDKs try again.
func Busy(message string) error { return &Error{Kind: KindBusy, Message: message} }

// TooSlow returns the refusal of a body that did not arrive in time.
func TooSlow() error {
	return &Error{Kind: KindTooSlow, Message: "The request body did not arrive in time"}
}

// Gone returns the refusal of an operation that is switched off.
func Gone(message string) error { return &Error{Kind: KindGone, Message: message} }

// Unavailable returns the refusal of a request that the pod cannot answer at the moment. The reason
// is for the log.
func Unavailable(format string, args ...any) error {
	return &Error{
		Kind:    KindUnavailable,
		Message: "The pod cannot answer at the moment, try again",
		Reason:  fmt.Sprintf(format, args...),
	}
}
