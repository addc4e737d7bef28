// Package files is what is attached to messages: the rows that name a file, and the content in the
// blob store. Who may read a message is decided by package messages.
package files

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"podium/internal/db"
)

// File is a file attached to a message.
type File struct {
	ID          string // as clients name it, without percent-encoding
	Name        string
	Size        int64  // bytes
	ContentType string // by the content
	SHA256      string // of the content, in hexadecimal digits
	Previews    []Preview
}

// Preview is a small picture of a file.
type Preview struct {
	ID          string `json:"id"`
	Width       int    `json:"width"`
	Size        int64  `json:"size"`
	ContentType string `json:"type"`
	SHA256      string `json:"sha256"`
}

// WireID returns a file's id as answers have it: percent-encoded, as the published ones are.
func WireID(id string) string {
	kind, rest, ok := strings.Cut(id, "/")
	if !ok {
		return url.PathEscape(id)
	}
	return kind + "%2F" + strings.ReplaceAll(url.QueryEscape(rest), "+", "%20")
}

// Of returns the files of messages by the messages' numbers, in their order.
func Of(tx *db.Tx, messages []int64) (map[int64][]File, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	type row struct {
		message int64
		File
	}
	rows, err := db.All(tx, func(r db.Row) (f row, err error) {
		var previews string
		if err = r.Scan(&f.message, &f.ID, &f.Name, &f.Size, &f.ContentType, &f.SHA256, &previews); err != nil {
			return f, err
		}
		return f, json.Unmarshal([]byte(previews), &f.Previews)
	}, `
		SELECT message, id, name, size, content_type, sha256, previews
		FROM message_files
		WHERE message IN ($1)
		ORDER BY message, place`, messages)
	if err != nil {
		return nil, err
	}
	files := make(map[int64][]File)
	for _, r := range rows {
		files[r.message] = append(files[r.message], r.File)
	}
	return files, nil
}

// Rows returns the rows of a message's files.
func Rows(message, stream int64, files []File) ([][]any, error) {
	rows := make([][]any, len(files))
	for i, f := range files {
		previews, err := json.Marshal(f.Previews)
		if err != nil {
			return nil, err
		}
		if f.Previews == nil {
			previews = []byte("[]")
		}
		rows[i] = []any{message, i, stream, f.ID, f.Name, f.Size, f.ContentType, f.SHA256, string(previews)}
	}
	return rows, nil
}

// Insert queues the rows that Rows returned.
func Insert(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`
		INSERT INTO message_files (message, place, stream, id, name, size, content_type, sha256, previews)
		VALUES`, rows, "", nil)
}

// Dimension returns the width in pixels, as answers have it.
func (p Preview) Dimension() string { return strconv.Itoa(p.Width) }
