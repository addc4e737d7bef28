package front

import (
	"bytes"
	"context"
	"log"
	"log/slog"
)

// errorLog takes what net/http has to say: noise that any stranger can cause is for
// debugging, the rest is a warning.
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
