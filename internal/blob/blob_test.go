package blob_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"podium/internal/blob"
)

var quiet = slog.New(slog.DiscardHandler)

// bucket starts an S3 server and returns the address of a bucket in it.
func bucket(t *testing.T) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return "s3://files/of/acme?region=eu&endpoint=" + server.URL
}

func openS3(t *testing.T, address string) *blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(blob.S3Config{Address: address, Key: "key", Secret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openFolder(t *testing.T, path string) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(path, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// each runs a test with an empty store of each kind.
func each(t *testing.T, test func(t *testing.T, s blob.Store)) {
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		test(t, openFolder(t, filepath.Join(t.TempDir(), "in", "files")))
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		test(t, openS3(t, bucket(t)))
	})
}

func content(size int) ([]byte, blob.Sum) {
	data := make([]byte, size)
	rand.Read(data)
	return data, sha256.Sum256(data)
}

func read(t *testing.T, s blob.Store, sum blob.Sum) []byte {
	t.Helper()
	r, size, err := s.Get(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	if int64(len(data)) != size {
		t.Errorf("%d bytes were read of %d", len(data), size)
	}
	return data
}

func list(t *testing.T, s blob.Store) (found []blob.Entry) {
	t.Helper()
	if err := s.List(t.Context(), func(e blob.Entry) error { found = append(found, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestContentsAreStoredAndRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		if found := list(t, s); len(found) > 0 {
			t.Errorf("a new store has %d contents", len(found))
		}
		before := time.Now().Add(-2 * time.Second) // servers tell seconds
		var sums []string
		for _, size := range []int{0, 1, 64 << 10, 200_001, 17 << 20} {
			data, sum := content(size)
			sums = append(sums, sum.String())
			for range 2 { // the second time changes nothing
				if err := s.Put(t.Context(), sum, int64(size), bytes.NewReader(data)); err != nil {
					t.Fatal(err)
				}
			}
			if got := read(t, s, sum); !bytes.Equal(got, data) {
				t.Errorf("%d bytes come back as %d others", size, len(got))
			}
			r, _, err := s.Get(t.Context(), sum)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Seek(int64(size/2), io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if rest, err := io.ReadAll(r); err != nil || !bytes.Equal(rest, data[size/2:]) {
				t.Errorf("the second half of %d bytes is read wrongly: %v", size, err)
			}
			r.Close()
		}
		slices.Sort(sums)
		var found []string
		for _, e := range list(t, s) {
			found = append(found, e.Sum.String())
			if e.Modified.Before(before) || e.Modified.After(time.Now().Add(time.Second)) {
				t.Errorf("the content was stored at %v", e.Modified)
			}
		}
		if !slices.Equal(found, sums) {
			t.Errorf("got %v, want %v", found, sums)
		}
	})
}

func TestMissingContents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		data, sum := content(100)
		if _, _, err := s.Get(t.Context(), sum); !errors.Is(err, blob.ErrNone) {
			t.Errorf("got %v, want %v", err, blob.ErrNone)
		}
		if err := s.Delete(t.Context(), sum); err != nil {
			t.Errorf("deleting what is not there: %v", err)
		}
		if err := s.Put(t.Context(), sum, 100, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), sum); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Get(t.Context(), sum); !errors.Is(err, blob.ErrNone) {
			t.Errorf("after Delete: got %v, want %v", err, blob.ErrNone)
		}
		if err := s.Put(t.Context(), sum, 100, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		read(t, s, sum)
	})
}

// TestWrongContentsAreRefused checks that nothing is stored under the name of another content.
func TestWrongContentsAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		data, sum := content(1000)
		other, _ := content(1000)
		for name, wrong := range map[string][]byte{"another": other, "shorter": data[:999], "longer": append(slices.Clone(data), 0), "empty": nil} {
			if err := s.Put(t.Context(), sum, 1000, bytes.NewReader(wrong)); !errors.Is(err, blob.ErrWrongSum) {
				t.Errorf("%s: got %v, want %v", name, err, blob.ErrWrongSum)
			}
		}
		if found := list(t, s); len(found) > 0 {
			t.Errorf("%d contents were stored", len(found))
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if err := s.Put(ended, sum, 1000, bytes.NewReader(data)); !errors.Is(err, context.Canceled) {
			t.Errorf("a client that has gone: %v", err)
		}
		if found := list(t, s); len(found) > 0 {
			t.Errorf("%d contents were stored", len(found))
		}
	})
}

// TestPutsOfOneContentAtOnce checks that concurrent Puts, Deletes and Gets of one content never
// show a part of it.
func TestPutsOfOneContentAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		data, sum := content(300_000)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for range 20 {
					if err := s.Put(t.Context(), sum, int64(len(data)), bytes.NewReader(data)); err != nil {
						t.Error(err)
					}
					if i == 0 {
						if err := s.Delete(t.Context(), sum); err != nil {
							t.Error(err)
						}
					}
					r, size, err := s.Get(t.Context(), sum)
					if errors.Is(err, blob.ErrNone) {
						continue
					}
					if err != nil {
						t.Error(err)
						continue
					}
					if err := blob.Verify(r, sum, size); err != nil && !errors.Is(err, blob.ErrNone) && i != 0 && !gone(err) {
						t.Error(err)
					}
					r.Close()
				}
			})
		}
		all.Wait()
	})
}

// gone reports whether a server says that a content was deleted while it was read.
func gone(err error) bool { return strings.Contains(err.Error(), "does not exist") }

func TestCopyVerifies(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	from, to := openFolder(t, path), openS3(t, bucket(t))
	data, sum := content(5000)
	if err := from.Put(t.Context(), sum, 5000, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if err := blob.Copy(t.Context(), from, to, sum); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, to, sum), data) {
		t.Error("the copy is another content")
	}
	name := sum.String()
	if err := os.WriteFile(filepath.Join(path, name[:2], name[2:]), data[1:], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := blob.Copy(t.Context(), from, openFolder(t, t.TempDir()), sum); !errors.Is(err, blob.ErrWrongSum) {
		t.Errorf("an altered content: %v", err)
	}
	if err := blob.Copy(t.Context(), openFolder(t, t.TempDir()), from, sum); !errors.Is(err, blob.ErrNone) {
		t.Errorf("a missing content: %v", err)
	}
}

// TestFolderIsPrivate checks the modes, and that only complete contents have names.
func TestFolderIsPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "files")
	f := openFolder(t, path)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is made before there is a content: %v", err)
	}
	data, sum := content(100)
	if err := f.Put(t.Context(), sum, 100, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	name := sum.String()
	for place, mode := range map[string]os.FileMode{"": 0o700, name[:2]: 0o700, filepath.Join(name[:2], name[2:]): 0o600} {
		info, err := os.Stat(filepath.Join(path, place))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%q: mode %v, want %v; %v", place, info.Mode().Perm(), mode, err)
		}
	}
	part := filepath.Join(path, name[:2], ".part-1")
	for _, other := range []string{part, filepath.Join(path, name[:2], "note.txt"), filepath.Join(path, "note.txt")} {
		if err := os.WriteFile(other, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if found := list(t, f); len(found) != 1 || found[0].Sum != sum {
		t.Errorf("listed: %v", found)
	}
	if err := f.Tidy(t.Context(), time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(part); err != nil {
		t.Errorf("a part that is being written is removed: %v", err)
	}
	if err := f.Tidy(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(part); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a part is left: %v", err)
	}
	if _, err := os.Stat(filepath.Join(path, name[:2], "note.txt")); err != nil {
		t.Errorf("another file is removed: %v", err)
	}
}

// TestPutTouches checks that a repeated Put renews the time of a content.
func TestPutTouches(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	f := openFolder(t, path)
	data, sum := content(100)
	long := time.Now().Add(-48 * time.Hour)
	for range 2 {
		if err := f.Put(t.Context(), sum, 100, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		if found := list(t, f); found[0].Modified.Before(long.Add(time.Hour)) {
			t.Errorf("the time is %v", found[0].Modified)
		}
		name := sum.String()
		if err := os.Chtimes(filepath.Join(path, name[:2], name[2:]), long, long); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAddressesOfS3(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"s3://files":                                true,
		"s3://files/some/where?region=eu":           true,
		"s3://files?endpoint=http://127.0.0.1:9000": true,
		"s3://key:secret@files":                     false,
		"s3://":                                     false,
		"files":                                     false,
		"s3://files?endpoint=127.0.0.1:9000":        false,
		"s3://files?endpoint=ftp://a.example":       false,
		"s3://files?endpoint=https://k:s@a.example": false,
		"s3://files?endpoints=https://a.example":    false,
	} {
		_, err := blob.OpenS3(blob.S3Config{Address: address, Key: "key", Secret: "hush"})
		if (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the credentials: %v", address, err)
		}
	}
	if _, err := blob.OpenS3(blob.S3Config{Address: "s3://files"}); err == nil {
		t.Error("no credentials are accepted")
	}
}

// TestOutageIsNotAMissingContent checks that a server that does not answer or refuses does not
// count as a missing content, and that Check finds a missing bucket.
func TestOutageIsNotAMissingContent(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	t.Cleanup(refusing.Close)
	_, sum := content(1)
	s := openS3(t, "s3://files?region=eu&endpoint="+refusing.URL)
	if _, _, err := s.Get(t.Context(), sum); err == nil || errors.Is(err, blob.ErrNone) {
		t.Errorf("refused: got %v", err)
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("a bucket that does not open passes Check")
	}
	address := bucket(t)
	if err := openS3(t, address).Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := openS3(t, strings.Replace(address, "s3://files", "s3://other", 1)).Check(t.Context()); err == nil {
		t.Error("a missing bucket passes Check")
	}
}

func TestSums(t *testing.T) {
	t.Parallel()
	_, sum := content(3)
	if got, err := blob.ParseSum(sum.String()); err != nil || got != sum {
		t.Errorf("got %v, %v", got, err)
	}
	for _, wrong := range []string{"", "ab", strings.ToUpper(strings.Repeat("ab", 32)), strings.Repeat("ab", 33), strings.Repeat("xy", 32), "../" + strings.Repeat("a", 61)} {
		if _, err := blob.ParseSum(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
