package op

import (
	"math/rand/v2"
	"net/http"
	"strconv"
)

// traceID returns the request's trace id: the client's own if it is valid (the SDKs send six
// letters and digits), otherwise a new one.
func traceID(r *http.Request) string {
	id := header(r, traceHeader)
	if id == "" || len(id) > 64 {
		return newTraceID()
	}
	for i := range len(id) {
		c := id[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return newTraceID()
		}
	}
	return id
}

// newTraceID returns a random id, unlikely to be that of another recent request. It need not be
// hard to guess.
func newTraceID() string { return strconv.FormatUint(rand.Uint64(), 36) }
