package scan_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/scan"
)

// eicar is the text that all scanners find, in two parts, so that they do not find this file.
var eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// clamd starts a server that speaks INSTREAM and finds eicar, and returns its address.
func clamd(t *testing.T, network string, most int) string {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "clamd")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				io.WriteString(conn, answerOf(conn, most))
			}()
		}
	}()
	if network == "unix" {
		return "clamd:unix:" + address
	}
	return "clamd:tcp://" + listener.Addr().String()
}

// answerOf reads an INSTREAM and returns what clamd answers.
func answerOf(r io.Reader, most int) string {
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(r, command); err != nil || string(command) != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND\x00"
	}
	var content bytes.Buffer
	for {
		var length uint32
		if err := binary.Read(r, binary.BigEndian, &length); err != nil {
			return ""
		}
		if length == 0 {
			break
		}
		if _, err := io.CopyN(&content, r, int64(length)); err != nil {
			return ""
		}
		if content.Len() > most {
			return "INSTREAM size limit exceeded. ERROR\x00"
		}
	}
	if strings.Contains(content.String(), eicar) {
		return "stream: Win.Test.EICAR_HDB-1 FOUND\x00"
	}
	return "stream: OK\x00"
}

func open(t *testing.T, address string) scan.Scanner {
	t.Helper()
	s, err := scan.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s scan.Scanner, content string) (string, error) {
	return s.Scan(context.Background(), strings.NewReader(content), int64(len(content)))
}

func TestClamd(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"tcp", "unix"} {
		s := open(t, clamd(t, network, 1<<20))
		for name, c := range map[string]struct{ content, found string }{
			"empty":  {"", ""},
			"clean":  {strings.Repeat("clean ", 50_000), ""},
			"virus":  {eicar, "Win.Test.EICAR_HDB-1"},
			"hidden": {strings.Repeat(" ", 64<<10-30) + eicar, "Win.Test.EICAR_HDB-1"},
		} {
			if found, err := ask(s, c.content); err != nil || found != c.found {
				t.Errorf("%s: found %q, want %q; %v", name, found, c.found, err)
			}
		}
		if _, err := ask(s, strings.Repeat("x", 2<<20)); err == nil {
			t.Error("a content that is too large for clamd counts as scanned")
		}
	}
}

// TestNoScanIsAnError checks that a scanner which does not answer never counts as a clean verdict.
func TestNoScanIsAnError(t *testing.T) {
	t.Parallel()
	closing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closing.Close() })
	go func() {
		for {
			conn, err := closing.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	addresses := []string{"clamd:unix:/none/there", "clamd:tcp://" + closing.Addr().String(), "http://user:hush@" + closing.Addr().String()}
	for _, status := range []int{301, 401, 403, 404, 413, 429, 500, 502, 503} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(server.Close)
		addresses = append(addresses, server.URL)
	}
	for _, address := range addresses {
		found, err := ask(open(t, address), "content")
		if err == nil {
			t.Errorf("%s: found %q", address, found)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestWeb(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || int64(len(content)) != r.ContentLength {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if bytes.Contains(content, []byte(eicar)) {
			w.WriteHeader(http.StatusUnprocessableEntity)
			io.WriteString(w, "EICAR\nand more")
		}
	}))
	t.Cleanup(server.Close)
	s := open(t, server.URL+"/scan")
	for content, want := range map[string]string{"": "", "clean": "", eicar: "EICAR", strings.Repeat("x", 1<<20) + eicar: "EICAR"} {
		if found, err := ask(s, content); err != nil || found != want {
			t.Errorf("%d bytes: found %q, want %q; %v", len(content), found, want, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"clamd:tcp://127.0.0.1:3310": true, "clamd:unix:/run/clamd": true, "clamd:unix:///run/clamd": true, "https://scan.example/check": true,
		"clamd:tcp://127.0.0.1": false, "clamd:127.0.0.1:3310": false, "clamd:unix:run": false, "tcp://127.0.0.1:3310": false, "": false, "/run/clamd": false,
	} {
		if _, err := scan.Open(address); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}
