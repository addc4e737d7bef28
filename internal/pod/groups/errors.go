package groups

import (
	"strconv"

	"podium/internal/op"
)

// GroupError is the body of the errors of this API: its codes are words. Only that of a caller who lacks the role
// is published; the others are in its manner.
type GroupError struct {
	Code    string `json:"code" doc:"A word for what went wrong."`
	Message string `json:"message" doc:"What went wrong."`
}

// words is the codes by status, but for 404.
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

// groupErrors is the errors of operations on groups, typeErrors of those on types of groups.
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
