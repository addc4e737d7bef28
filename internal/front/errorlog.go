package front

import (
	"bytes"
	"context"
	"log"
	"log/slog"
)

// errorLog returns a logger for net/http. Messages that any client can cause are logged for
// debugging, all others as warnings.
func errorLog(to *slog.Logger) *log.Logger {
	return log.New(errorWriter{to}, "", 0)
}

type errorWriter struct {
	to *slog.Logger
}

var noise = [][]byte{
	[]byte("http: TLS handshake error"),
	[]byte("http2: "),
	[]byte("http: URL query contains semicolon"),
}

func (w errorWriter) Write(line []byte) (int, error) {
	level := slog.LevelWarn
	for _, prefix := range noise {
		if bytes.HasPrefix(line, prefix) && !bytes.HasPrefix(line, []byte("http2: panic")) {
			level = slog.LevelDebug
		}
	}
	w.to.Log(context.Background(), level, string(bytes.TrimSpace(line)))
	return len(line), nil
}
