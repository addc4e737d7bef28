package op

import (
	"crypto/rand"
	"net/http"
)

// traceID is the request's trace id: the client's own, if it sent a decent one (the SDKs
// send six letters and digits), else a new one.
func traceID(r *http.Request) string {
	id := header(r, traceHeader)
	if id == "" || len(id) > 64 {
		return rand.Text()[:12]
	}
	for i := range len(id) {
		c := id[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return rand.Text()[:12]
		}
	}
	return id
}
