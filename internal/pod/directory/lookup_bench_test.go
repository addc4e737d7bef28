package directory_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"podium/podtest"
)

// BenchmarkLookUp measures a look-up by id in the pod, without a socket.
func BenchmarkLookUp(b *testing.B) {
	p := podtest.Start(b)
	alice := p.User("alice")
	handler := p.Inner.Handler(190)
	for name, path := range map[string]string{
		"id": fmt.Sprintf("/pod/v3/users?uid=%d", alice.ID), "email": "/pod/v3/users?email=alice@acme.example&local=true", "sessioninfo": "/pod/v2/sessioninfo",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest("GET", path, nil)
				r.Header.Set("sessionToken", alice.Client.Token)
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
