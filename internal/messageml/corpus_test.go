package messageml_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"podium/internal/messageml"
)

// corpusEntry is one line of the corpus: a message and what comes of it.
type corpusEntry struct {
	Message        string `json:"message"`
	Data           string `json:"data,omitempty"`
	Version        string `json:"version,omitempty"`
	PresentationML string `json:"presentationML,omitempty"`
	EntityJSON     string `json:"entityJSON,omitempty"`
	Error          string `json:"error,omitempty"`
}

const corpus = "testdata/corpus.ndjson"

// TestCorpus holds conversions against what the corpus says. PODIUM_UPDATE=1 rewrites the answers.
func TestCorpus(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(corpus)
	if err != nil {
		t.Fatal(err)
	}
	var updated bytes.Buffer
	encoder := json.NewEncoder(&updated)
	encoder.SetEscapeHTML(false)
	lines := bufio.NewScanner(bytes.NewReader(file))
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		n++
		var want corpusEntry
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		got := corpusEntry{Message: want.Message, Data: want.Data, Version: want.Version}
		m, err := messageml.Convert(want.Message, want.Data, messageml.Options{
			Version: want.Version, Users: knownUsers, NewID: func() string { return "ID" },
		})
		if err != nil {
			got.Error = err.Error()
		} else {
			got.PresentationML, got.EntityJSON = m.PresentationML, m.Data
		}
		if got != want && os.Getenv("PODIUM_UPDATE") == "" {
			t.Errorf("line %d: %s\n%s\nbecame %+v\n   not %+v", n, want.Message, want.Data, got, want)
		}
		if err := encoder.Encode(got); err != nil {
			t.Fatal(err)
		}
	}
	if n < 500 {
		t.Errorf("the corpus has %d messages", n)
	}
	if os.Getenv("PODIUM_UPDATE") != "" {
		if err := os.WriteFile(corpus, updated.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// knownUsers finds users 1 to 99 and all addresses of known.example, as the judge of the end-to-end
// tests does.
func knownUsers(ids []int64, emails []string) (messageml.Users, error) {
	found := messageml.Users{ByID: make(map[int64]messageml.User), ByEmail: make(map[string]messageml.User)}
	for _, id := range ids {
		if id >= 1 && id <= 99 {
			found.ByID[id] = messageml.User{ID: id, Name: fmt.Sprintf("User %d <&>", id)}
		}
	}
	for _, email := range emails {
		if strings.HasSuffix(email, "@known.example") {
			found.ByEmail[email] = messageml.User{ID: 7078106482890, Name: "User 7078106482890 <&>", Email: email}
		}
	}
	return found, nil
}
