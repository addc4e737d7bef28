package communityconnect

import (
	"errors"
	"strconv"
	"strings"

	"podium/internal/apierr"
	"podium/internal/op"
)

// ConnectError is the body of the errors of this API, and ApiInfo that of some answers. The codes
// of errors are words of our choice.
type ConnectError struct {
	Code    string  `json:"code" doc:"The kind of error, in one word."`
	Message string  `json:"message" doc:"The error, as a sentence."`
	Details Details `json:"details" doc:"Always empty."`
}

// Details is an empty object.
type Details struct{}

var words = map[int]string{
	400: "BAD_REQUEST",
	401: "UNAUTHORIZED",
	403: "FORBIDDEN",
	404: "USER_NOT_FOUND",
	408: "REQUEST_TIMEOUT",
	413: "REQUEST_TOO_LARGE",
	429: "TOO_MANY_REQUESTS",
	500: "INTERNAL_ERROR",
	503: "UNAVAILABLE",
}

func connectErrors(e op.Error) any {
	word, ok := words[e.Code]
	if !ok {
		word = "STATUS_" + strconv.Itoa(e.Code)
	}
	return ConnectError{Code: word, Message: e.Message}
}

// errUnknown is the answer for an account that is not a sponsored user of the caller's company, or
// not of the channel company that the request names.
var errUnknown = apierr.NotFound("User not found")

// renamed maps attributes of accounts to the members of this API that they come from.
var renamed = map[string]string{"emailAddress": "email", "userName": "email", "mobilePhoneNumber": "phoneNumber"}

// inOurWords returns a refusal of package accounts with the names of this API.
func inOurWords(err error) error {
	var refused *apierr.Error
	if !errors.As(err, &refused) {
		return err
	}
	field, reason, found := strings.Cut(refused.Message, ": ")
	if ours, ok := renamed[field]; found && ok {
		return apierr.Invalid("%s: %s", ours, reason)
	}
	return err
}
