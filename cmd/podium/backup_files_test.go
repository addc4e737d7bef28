package main_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/client"
	"podium/internal/db/dbtest"
	"podium/internal/pod"
)

// sendFile sends a message with a file, and returns the path at which the file is read.
func sendFile(t *testing.T, c *client.Client, content []byte) string {
	t.Helper()
	var room struct {
		System struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	var sent struct {
		ID          string `json:"messageId"`
		Attachments []struct {
			ID string `json:"id"`
		} `json:"attachments"`
	}
	call := func(id string, parameters map[string]string, body any, into any) {
		t.Helper()
		text, _ := json.Marshal(body)
		for _, o := range pod.Catalogue() {
			if o.ID != id {
				continue
			}
			a, err := c.Call(context.Background(), o, parameters, text)
			if err != nil || a.Status != http.StatusOK {
				t.Fatalf("%s: %d %s, %v", id, a.Status, a.Body, err)
			}
			if err := json.Unmarshal(a.Body, into); err != nil {
				t.Fatal(err)
			}
		}
	}
	call("createRoom", nil, map[string]any{"name": "files " + base64.StdEncoding.EncodeToString(content[:6])}, &room)
	call("createMessage", map[string]string{"sid": room.System.ID}, map[string]any{
		"message": "<messageML>x</messageML>", "attachment": map[string]any{"name": "a.zip", "base64": content},
	}, &sent)
	return "/agent/v1/stream/" + room.System.ID + "/attachment?messageId=" + sent.ID + "&fileId=" + sent.Attachments[0].ID
}

// contentsIn returns the paths of the contents in a folder.
func contentsIn(t *testing.T, folder string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A backup holds the files of messages, and a restore brings them back; one that is missing or
// altered is found, and nothing is restored.
func TestABackupHoldsFiles(t *testing.T) {
	t.Parallel()
	for _, from := range dbtest.Kinds(t) {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			database, blobs, file := dbtest.URL(t, from), filepath.Join(folder, "blobs"), filepath.Join(folder, "pod.backup")
			found(t, database)
			s := serve(t, database, "--blobs", blobs)
			c := login(t, s.url, "admin")
			content := bytes.Repeat([]byte("content of a file "), 10_000)
			path := sendFile(t, c, content)
			run(t, "backup", file, "--database", database, "--blobs", blobs).want(0)
			more := sendFile(t, c, []byte("another file"))
			run(t, "backup", file, "--database", database, "--blobs", blobs, "--replace").want(0)
			kept := contentsIn(t, file+".files")
			if len(kept) != 2 {
				t.Fatalf("the backup has %v", kept)
			}
			run(t, "restore", file, "--check").want(0)
			other, restored := filepath.Join(folder, "other.db"), filepath.Join(folder, "other")
			run(t, "restore", file, "--database", other, "--blobs", restored).want(0)
			again := login(t, serve(t, other, "--blobs", restored).url, "admin")
			got, err := base64.StdEncoding.DecodeString(string(wants(t, again, http.MethodGet, path, 200).Body))
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes are restored, %v", len(got), err)
			}
			wants(t, again, http.MethodGet, more, 200)

			for _, damage := range []func(path string) error{
				func(path string) error { return os.WriteFile(path, []byte("altered"), 0o600) },
				os.Remove,
			} {
				if err := damage(kept[0]); err != nil {
					t.Fatal(err)
				}
				name := filepath.Base(filepath.Dir(kept[0])) + filepath.Base(kept[0])
				for _, args := range [][]string{{"--check"}, {"--database", filepath.Join(folder, "third.db"), "--blobs", filepath.Join(folder, "third")}} {
					r := run(t, append([]string{"restore", file}, args...)...).want(1)
					if !strings.Contains(r.stderr, name) {
						t.Errorf("the file is not named: %s", r.stderr)
					}
				}
			}
			if _, err := os.Stat(filepath.Join(folder, "third.db")); err == nil {
				t.Error("there is a database without its files")
			}
			// The next backup repairs the folder.
			run(t, "backup", file, "--database", database, "--blobs", blobs, "--replace").want(0)
			run(t, "restore", file, "--check").want(0)
		})
	}
}
