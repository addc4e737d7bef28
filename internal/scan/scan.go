// Package scan asks a virus scanner about contents: clamd, or any HTTP server.
//
// Not inside: what happens to an infected content.
package scan

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Scanner asks about contents. Its methods may be called concurrently.
type Scanner interface {
	// Scan returns what the scanner has found in a content of size bytes, or an empty text. Any
	// error means that the content was not scanned.
	Scan(ctx context.Context, content io.Reader, size int64) (found string, err error)
}

const (
	// patience is how long a scan may take, beside the client's own patience.
	patience = 30 * time.Second

	// piece is how many bytes are sent to clamd at once.
	piece = 64 << 10

	// maxAnswer is how much of a scanner's answer is read.
	maxAnswer = 1 << 10
)

// Open returns the scanner at an address: clamd:tcp://HOST:PORT, clamd:unix:/PATH, or an http or
// https address. It does not call the scanner.
func Open(address string) (Scanner, error) {
	wrong := errors.New("a scanner is clamd:tcp://host:port, clamd:unix:/path, or an http or https address")
	if clamd, ok := strings.CutPrefix(address, "clamd:"); ok {
		if path, ok := strings.CutPrefix(clamd, "unix:"); ok {
			path = strings.TrimPrefix(path, "//")
			if !strings.HasPrefix(path, "/") {
				return nil, wrong
			}
			return Clamd{Network: "unix", Address: path}, nil
		}
		host, ok := strings.CutPrefix(clamd, "tcp://")
		if _, _, err := net.SplitHostPort(host); !ok || err != nil {
			return nil, wrong
		}
		return Clamd{Network: "tcp", Address: host}, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, wrong
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.WriteBufferSize = piece
	return Web{Address: address, Client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a content goes nowhere else
	}}}, nil
}

// Clamd is a clamd, of which the command INSTREAM is used. Its StreamMaxLength must be as large as
// the largest file.
type Clamd struct{ Network, Address string }

// Scan implements Scanner.
func (c Clamd) Scan(ctx context.Context, content io.Reader, size int64) (string, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, c.Network, c.Address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	ended := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer ended()
	sent := sendStream(conn, io.LimitReader(content, size))
	// clamd answers before it has read everything if the content is too large for it.
	answer, err := bufio.NewReader(io.LimitReader(conn, maxAnswer)).ReadString(0)
	if answer == "" || err != nil && !errors.Is(err, io.EOF) {
		return "", errors.Join(sent, err, ctx.Err(), errors.New("clamd has not answered"))
	}
	answer = strings.Trim(answer, "\x00\n ")
	verdict := strings.TrimPrefix(answer, "stream: ")
	if found, ok := strings.CutSuffix(verdict, " FOUND"); ok {
		return found, nil
	}
	if verdict == "OK" && sent == nil {
		return "", nil
	}
	return "", errors.Join(sent, fmt.Errorf("clamd has answered %.200q", answer))
}

// sendStream sends a content by INSTREAM: pieces with their lengths, and a length of 0.
func sendStream(w io.Writer, content io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	buffer := make([]byte, 4+piece)
	for {
		n, err := io.ReadFull(content, buffer[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buffer, uint32(n))
			if _, err := w.Write(buffer[:4+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			_, err := w.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}

// Web is an HTTP server to which contents are posted. A status of 2xx means that nothing was found.
// 4xx means that the content is infected, and the beginning of the body says by what, except that
// 401, 403, 404, 405, 407, 408, 413 and 429 mean that the content was not scanned.
type Web struct {
	Address string
	Client  *http.Client
}

// Scan implements Scanner.
func (w Web) Scan(ctx context.Context, content io.Reader, size int64) (string, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	var body io.Reader = http.NoBody
	if size > 0 {
		body = io.LimitReader(content, size)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Address, body)
	if err != nil {
		return "", err
	}
	request.ContentLength = size
	request.Header.Set("Content-Type", "application/octet-stream")
	answer, err := w.Client.Do(request)
	if err != nil {
		return "", hideAddress(err)
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusProxyAuthRequired,
		http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests:
		return "", fmt.Errorf("the scanner has answered %s", answer.Status)
	}
	switch answer.StatusCode / 100 {
	case 2:
		return "", nil
	case 4:
		text, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // the status says enough
		line, _, _ := strings.Cut(strings.ToValidUTF8(strings.TrimSpace(string(text)), "?"), "\n")
		if line = strings.TrimSpace(line); line == "" {
			line = "infected"
		}
		return line[:min(len(line), 200)], nil
	}
	return "", fmt.Errorf("the scanner has answered %s", answer.Status)
}

// hideAddress removes the address, which may hold a password, from an error of http.Client.
func hideAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("the scanner cannot be reached: %w", u.Err)
	}
	return err
}
