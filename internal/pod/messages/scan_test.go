package messages_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"podium/internal/blob"
	"podium/podtest"
)

// scanner finds the word virus, and does not answer for the word broken.
type scanner struct{}

func (scanner) Scan(_ context.Context, content io.Reader, size int64) (string, error) {
	data, err := io.ReadAll(content)
	switch {
	case err != nil || int64(len(data)) != size:
		return "", errors.Join(err, errors.New("the size is wrong"))
	case bytes.Contains(data, []byte("virus")):
		return "Test.Virus", nil
	case bytes.Contains(data, []byte("broken")):
		return "", errors.New("no answer")
	}
	return "", nil
}

// TestInfectedFilesAreRefused checks the published body, previews, and that a scanner which does
// not answer is not a clean verdict. Nothing is stored.
func TestInfectedFilesAreRefused(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithScanner(scanner{}))
	alice := p.User("alice")
	stream := makeRoom(alice, nil)
	clean, infected, broken := file{"a.txt", []byte("clean")}, file{"b.txt", []byte("a virus")}, file{"c.txt", []byte("broken")}
	const body = `{"code":451,"message":"Compliance issues found in message","details":[{"detectionIn":"FILE","policyResults":[` +
		`{"name":"Virus scan","status":"BLOCK","scopes":["INTERNAL","EXTERNAL"],"reasons":["Test.Virus"]}]}]}`
	for name, a := range map[string]podtest.Answer{
		"file":    send(t, alice, stream, []file{clean, infected}),
		"preview": send(t, alice, stream, []file{clean}, infected),
	} {
		if a.Status != http.StatusUnavailableForLegalReasons || string(a.Body) != body {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	send(t, alice, stream, []file{broken}).Want(http.StatusServiceUnavailable)
	if n := p.Number(t, `SELECT (SELECT COUNT(*) FROM blobs) + (SELECT COUNT(*) FROM stream_messages)`); n > 0 {
		t.Errorf("%d rows were written", n)
	}
	send(t, alice, stream, []file{clean}).Want(http.StatusOK)
}

// failing is a blob store that does not answer.
type failing struct{ blob.Store }

func (failing) Put(context.Context, blob.Sum, int64, io.ReadSeeker) error {
	return errors.New("no disk")
}
func (failing) Get(context.Context, blob.Sum) (io.ReadSeekCloser, int64, error) {
	return nil, 0, errors.New("no disk")
}

// TestNoBlobStore checks that a message is not sent if its file cannot be stored.
func TestNoBlobStore(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithBlobs(failing{}))
	alice := p.User("alice")
	stream := makeRoom(alice, nil)
	send(t, alice, stream, []file{{"a.txt", []byte("a")}}).Want(http.StatusServiceUnavailable)
	if n := p.Number(t, `SELECT COUNT(*) FROM stream_messages`); n > 0 {
		t.Errorf("%d messages were sent", n)
	}
}
