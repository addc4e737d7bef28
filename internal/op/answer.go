package op

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/db"
)

// errNoCompany is the error for a request to a host name that no company has.
var errNoCompany = errors.New("no company answers at this address")

// statusGone is logged if the client disconnected before the answer.
const statusGone = 499

// statusBarrier is the published status of information barriers; no RFC defines it.
const statusBarrier = 452

func panicked(v any) error { return &db.PanicError{Value: v, Stack: debug.Stack()} }

// write sends the answer or the error. It returns the status that was sent and, for the log, the
// reason of a refusal.
func (f *Frame) write(b *Bound, x *exchange, out any, err error) (status int, reason string) {
	if x.streaming {
		return f.endStream(b, x, err)
	}
	if err == nil {
		if b.Deprecated {
			x.w.Header().Set("X-Warning", "This method is deprecated")
			if b.Replaced != "" {
				x.w.Header().Set("Warning", "299 symphony-agent 'The requested endpoint is deprecated. The endpoint that replaces it is: "+b.Replaced+"'")
			}
		}
		return f.writeOutput(b, x, out)
	}
	body, reason := f.explain(b, x, err)
	switch status = body.Code; status {
	case statusGone:
		return status, reason // the client has disconnected
	case http.StatusUnauthorized:
		x.w.Header()["Www-Authenticate"] = challenge
	case http.StatusForbidden:
		x.w.Header().Set("Podium-Reason", printable(reason))
	case http.StatusUnsupportedMediaType:
		if x.r.Header[contentEncoding] != nil {
			x.w.Header().Set("Accept-Encoding", "gzip")
		}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		x.w.Header().Set("Retry-After", "1")
	}
	b.writeError(x.w, body)
	return status, reason
}

// explain returns the body for the client of an error, and the reason for the log.
func (f *Frame) explain(b *Bound, x *exchange, err error) (body Error, reason string) {
	var refused *apierr.Error
	var panicked *db.PanicError
	switch {
	case errors.As(err, &refused):
		status := statusOf(refused.Kind)
		if (status == http.StatusNotFound || status == http.StatusUnavailableForLegalReasons) && !b.Lists(status) {
			status = http.StatusBadRequest // most published operations do not have these
		}
		return Error{Code: status, Message: refused.Message, Details: refused.Details, findings: refused.Findings}, refused.Error()
	case errors.Is(err, errNoCompany):
		return Error{Code: http.StatusNotFound, Message: "No pod answers at this address"}, err.Error()
	case x.r.Context().Err() != nil && errors.Is(err, x.r.Context().Err()):
		return Error{Code: statusGone}, "the client has gone"
	case errors.Is(err, db.ErrUnavailable):
		return Error{Code: http.StatusServiceUnavailable, Message: "The pod cannot answer at the moment, try again"}, err.Error()
	case errors.As(err, &panicked):
		f.Log.Error("panic", "operation", b.ID, "trace", x.trace, "value", panicked.Value, "stack", string(panicked.Stack))
		return internalError, err.Error()
	}
	f.Log.Error("an operation failed", "operation", b.ID, "trace", x.trace, "error", err)
	return internalError, err.Error()
}

var internalError = Error{Code: http.StatusInternalServerError, Message: "Internal error"}

func statusOf(kind apierr.Kind) int {
	switch kind {
	case apierr.KindInvalid:
		return http.StatusBadRequest
	case apierr.KindSession, apierr.KindLogin:
		return http.StatusUnauthorized
	case apierr.KindForbidden:
		return http.StatusForbidden
	case apierr.KindNotFound:
		return http.StatusNotFound
	case apierr.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case apierr.KindUnprocessable:
		return http.StatusUnprocessableEntity
	case apierr.KindTooSlow:
		return http.StatusRequestTimeout
	case apierr.KindChanged:
		return http.StatusPreconditionFailed
	case apierr.KindBarrier:
		return statusBarrier
	case apierr.KindCompliance:
		return http.StatusUnavailableForLegalReasons
	case apierr.KindGone:
		return http.StatusGone
	case apierr.KindUnavailable:
		return http.StatusServiceUnavailable
	case apierr.KindUnsupported, apierr.KindMediaType:
		return http.StatusUnsupportedMediaType
	case apierr.KindBusy:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// endStream returns the status and the reason for the log when a stream of events ends. The status
// was sent already.
func (f *Frame) endStream(b *Bound, x *exchange, err error) (int, string) {
	if err == nil {
		return http.StatusOK, ""
	}
	var refused *apierr.Error
	if x.r.Context().Err() == nil && !errors.As(err, &refused) {
		f.Log.Warn("a stream of events broke off", "operation", b.ID, "trace", x.trace, "error", err)
	}
	return http.StatusOK, err.Error()
}

// writeOutput writes the output of an operation that succeeded, and tells it what became of it.
func (f *Frame) writeOutput(b *Bound, x *exchange, out any) (int, string) {
	a := answerOf(out)
	x.setCookies(a.cookies)
	status, reason, err := f.writeAnswer(b, x, a)
	if a.then != nil {
		if err == nil {
			err = http.NewResponseController(x.w).Flush()
		}
		a.then(err)
	}
	return status, reason
}

// writeAnswer returns an error where the client did not get the answer.
func (f *Frame) writeAnswer(b *Bound, x *exchange, a answer) (status int, reason string, err error) {
	switch {
	case a.file != nil:
		return f.writeFile(b, x, *a.file), "", nil
	case a.download != nil:
		return f.writeDownload(b, x, *a.download)
	case a.empty || b.Success == http.StatusNoContent:
		x.w.WriteHeader(http.StatusNoContent)
		return http.StatusNoContent, "", nil
	}
	for name, value := range a.headers {
		x.w.Header().Set(name, value)
	}
	if a.tag != "" {
		x.w.Header()["Etag"] = []string{a.tag} // without quotes, as in the published samples
	}
	if status = b.Success; a.code != 0 {
		status = a.code
	}
	if a.text != nil {
		return status, "", writeJSON(x.w, status, a.text)
	}
	buf := buffer()
	defer release(buf)
	body, err := written(buf, a.value)
	if err != nil {
		f.Log.Error("an answer cannot be written as JSON", "operation", b.ID, "trace", x.trace, "error", err)
		b.writeError(x.w, internalError)
		return http.StatusInternalServerError, err.Error(), err
	}
	return status, "", writeJSON(x.w, status, body)
}

// The values of headers that every answer has. They must not be modified.
var (
	jsonType = []string{"application/json; charset=utf-8"}
	noStore  = []string{"no-store"}
	noSniff  = []string{"nosniff"}

	// challenge is sent with each 401, as RFC 9110 requires: the JDK's client fails without it.
	// Browsers ask for no password for this scheme.
	challenge = []string{`Bearer realm="Podium"`}
)

// protect sets the headers that prevent caches from keeping an answer and browsers from guessing
// its type. Caches do not know the header that carries sessions. Answers that may be cached
// override it.
func protect(h http.Header) {
	h["Cache-Control"] = noStore
	h["X-Content-Type-Options"] = noSniff
}

func writeJSON(w http.ResponseWriter, status int, body []byte) error {
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}

// Error is the published body of an error.
type Error struct {
	Code    int    `json:"code" doc:"The HTTP status."`
	Message string `json:"message" doc:"The error, as a sentence."`
	Details string `json:"details,omitempty" doc:"The message again, in some operations of the Agent."`

	findings []apierr.Finding // of a Blocked
}

// Blocked is the published body of a message that compliance does not let through.
type Blocked struct {
	Code    int              `json:"code" doc:"The HTTP status."`
	Message string           `json:"message" doc:"The error, as a sentence."`
	Details []apierr.Finding `json:"details" doc:"What was found."`
}

// ErrorOf returns a refusal as one entry of an answer that succeeds for other entries.
func ErrorOf(refused *apierr.Error) Error {
	status := statusOf(refused.Kind)
	if status == http.StatusNotFound {
		status = http.StatusBadRequest
	}
	return Error{Code: status, Message: refused.Message}
}

// writeError writes an error in the form of the operation's API.
func (b *Bound) writeError(w http.ResponseWriter, e Error) {
	if e.findings != nil {
		body, _ := json.Marshal(Blocked{e.Code, e.Message, e.findings}) // plain fields: it cannot fail
		writeJSON(w, e.Code, body)
		return
	}
	if b.Errors == nil {
		writeError(w, e)
		return
	}
	body, _ := json.Marshal(b.Errors(e)) // plain fields: it cannot fail
	writeJSON(w, e.Code, body)
}

func writeError(w http.ResponseWriter, e Error) {
	body, _ := json.Marshal(e) // plain fields: it cannot fail
	writeJSON(w, e.Code, body)
}

// printable returns a text in a form that a header can carry.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
}

// log writes the log line of a request.
func (f *Frame) log(x *exchange, operation string, status int, took time.Duration, reason string) {
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	ctx := context.Background()
	handler := f.Log.Handler()
	if !handler.Enabled(ctx, level) {
		return
	}
	// Passed to the handler directly: finding the source position would cost as much as all the
	// rest, and would be the same for every request.
	line := slog.NewRecord(time.Now(), level, "request", 0)
	var space [10]slog.Attr
	attrs := space[:0]
	attrs = append(attrs, slog.String("trace", x.trace), slog.Int("status", status))
	if operation != "" {
		attrs = append(attrs, slog.String("operation", operation))
	} else {
		attrs = append(attrs, slog.String("method", x.r.Method), slog.String("path", x.r.URL.Path))
	}
	attrs = append(attrs, slog.Duration("took", took), slog.String("address", x.address))
	if x.caller.Company != 0 {
		attrs = append(attrs, slog.Int64("company", int64(x.caller.Company)))
	}
	if x.caller.User != 0 {
		attrs = append(attrs, slog.Int64("user", int64(x.caller.User)))
	}
	if x.caller.App != "" {
		attrs = append(attrs, slog.String("app", x.caller.App))
	}
	if reason != "" {
		attrs = append(attrs, slog.String("reason", reason))
	}
	line.AddAttrs(attrs...)
	_ = handler.Handle(ctx, line) // requests are answered even if the log cannot be written
}
