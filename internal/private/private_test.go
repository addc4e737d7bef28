//go:build unix

package private_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"podium/internal/private"
)

// logged returns a logger and the buffer that it writes to.
func logged() (*slog.Logger, *bytes.Buffer) {
	var said bytes.Buffer
	return slog.New(slog.NewTextHandler(&said, nil)), &said
}

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// TestModesWhateverTheUmask is not parallel, because a umask belongs to the whole process.
func TestModesWhateverTheUmask(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	for _, umask := range []int{0, 0o22, 0o77, 0o277, 0o777} {
		folder := t.TempDir()
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		syscall.Umask(umask)
		log, said := logged()
		deep := filepath.Join(folder, "a", "b")
		if err := private.Folder(deep, log); err != nil {
			t.Fatal(err)
		}
		file, err := private.Open(filepath.Join(deep, "opened"), log)
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
		if err := private.Write(filepath.Join(deep, "written"), log, func(w io.Writer) error { _, err := w.Write([]byte("x")); return err }); err != nil {
			t.Fatal(err)
		}
		if err := private.Replace(filepath.Join(deep, "replaced"), []byte("x"), log); err != nil {
			t.Fatal(err)
		}
		syscall.Umask(0)
		for path, want := range map[string]fs.FileMode{"a": 0o700, "a/b": 0o700, "a/b/opened": 0o600, "a/b/written": 0o600, "a/b/replaced": 0o600} {
			if got := modeOf(t, filepath.Join(folder, path)); got != want {
				t.Errorf("umask %04o: %s has mode %04o", umask, path, got)
			}
		}
		if modeOf(t, folder) != 0o755 || said.Len() > 0 {
			t.Errorf("umask %04o: what was there was changed: %s", umask, said)
		}
	}
}

func TestWiderModeIsNarrowedAndLogged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o644, 0o666, 0o604, 0o620, 0o601} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		log, said := logged()
		file, err := private.Open(path, log)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(file)
		file.Close()
		if modeOf(t, path) != 0o600 || !strings.Contains(said.String(), path) || string(text) != "kept" {
			t.Errorf("%04o: mode %04o, %q, said %q", mode, modeOf(t, path), text, said)
		}
	}
}

func TestLinksAndOtherThingsAreRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	target, link, pipe := filepath.Join(folder, "target"), filepath.Join(folder, "link"), filepath.Join(folder, "pipe")
	if err := os.WriteFile(target, []byte("not ours to write"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(target, 0o644), os.Symlink(target, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	log, _ := logged()
	for path, words := range map[string]string{link: "symbolic link", pipe: "neither a file nor a folder", folder: "is a folder"} {
		_, opened := private.Open(path, log)
		_, begun := private.Begin(path, log)
		for what, err := range map[string]error{
			"Open": opened, "Begin": begun, "Ensure": private.Ensure(path, log), "Replace": private.Replace(path, []byte("x"), log),
		} {
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("%s of %s: %v", what, path, err)
			}
		}
	}
	if err := os.Symlink(target, filepath.Join(folder, "new"+private.Suffix)); err != nil {
		t.Fatal(err)
	}
	if err := private.Replace(filepath.Join(folder, "new"), []byte("x"), log); err == nil {
		t.Error("a link in the place of the file that is being written is followed")
	}
	if text, _ := os.ReadFile(target); string(text) != "not ours to write" || modeOf(t, target) != 0o644 {
		t.Errorf("what the link leads to was changed: %q", text)
	}
}

func TestFilesOfOtherUsersAreRefused(t *testing.T) {
	t.Parallel()
	path := "/etc/passwd" // another user's, unless the tests run as root
	if os.Geteuid() == 0 {
		path = filepath.Join(t.TempDir(), "theirs")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	log, _ := logged()
	if err := private.Check(path, log); err == nil || !strings.Contains(err.Error(), "another user") {
		t.Error(err)
	}
}

// TestWholeOrNotAtAll checks that a file that is being written has no name until it is complete,
// and that only one process writes it.
func TestWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	log, _ := logged()
	part, err := private.Begin(path, log)
	if err != nil {
		t.Fatal(err)
	}
	part.WriteString("half")
	if _, err := private.Begin(path, log); err == nil || !strings.Contains(err.Error(), "another process is writing") {
		t.Errorf("two write at once: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the file has its name before it is complete")
	}
	part.File.Close() // as when a process is killed
	again, err := private.Begin(path, log)
	if err != nil {
		t.Fatal(err)
	}
	again.WriteString("new")
	if err := again.KeepNew(); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "new" {
		t.Errorf("it holds %q", text)
	}
	third, err := private.Begin(path, log)
	if err != nil {
		t.Fatal(err)
	}
	if err := third.KeepNew(); !errors.Is(err, fs.ErrExist) {
		t.Errorf("KeepNew took the name of a file: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) != 1 {
		t.Errorf("left: %q", left)
	}
}
