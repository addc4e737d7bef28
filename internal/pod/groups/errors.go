package groups

import (
	"strconv"

	"podium/internal/op"
)

// GroupError is the body of the errors of this API. Its codes are words. Only the error for a
// caller without the role is published; we chose the others in the same style.
type GroupError struct {
	Code    string `json:"code" doc:"The kind of error, in one word."`
	Message string `json:"message" doc:"The error, as a sentence."`
}

// words maps a status to its code, except 404.
var words = map[int]string{
	400: "BAD_REQUEST",
	401: "UNAUTHORIZED",
	403: "ENTITLEMENT_NOT_FOUND",
	408: "REQUEST_TIMEOUT",
	412: "ETAG_MISMATCH",
	413: "REQUEST_TOO_LARGE",
	429: "TOO_MANY_REQUESTS",
	452: "INFO_BARRIER_VIOLATION",
	500: "INTERNAL_ERROR",
	503: "UNAVAILABLE",
}

// groupErrors makes the errors of operations on groups, typeErrors those of operations on types of
// groups.
var (
	groupErrors = errorsOf("GROUP_NOT_FOUND")
	typeErrors  = errorsOf("TYPE_NOT_FOUND")
)

func errorsOf(notFound string) func(op.Error) any {
	return func(e op.Error) any {
		word, ok := words[e.Code]
		switch {
		case e.Code == 404:
			word = notFound
		case !ok:
			word = "STATUS_" + strconv.Itoa(e.Code)
		}
		return GroupError{Code: "SYMPHONY_PROFILE_MANAGER__" + word, Message: e.Message}
	}
}
