// Package files is what is attached to messages: the rows that name a file, and the content in the
// blob store. Who may read a message is decided by package messages.
package files

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"podium/internal/db"
	"podium/internal/wire"
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

// PlainID returns the id of a file that a client names. Clients send ids as answers have them, or
// decoded.
func PlainID(id string) string {
	if strings.Contains(id, "%") {
		if plain, err := url.PathUnescape(id); err == nil {
			id = plain
		}
	}
	return strings.ReplaceAll(id, " ", "+") // base64 in a query that was not encoded
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

// Page selects files of a stream, which is named by its number.
type Page struct {
	Stream       int64
	Since, Until wire.Time // of the messages
	Newest       bool      // the newest first
	Limit        int
}

// Listed is a file with the message that it is attached to.
type Listed struct {
	File
	Message wire.MessageID
	Author  wire.UserID
	At      wire.Time
}

// List returns files of a stream in the order in which their messages were sent. Suppressed
// messages are left out.
func List(tx *db.Tx, p Page) ([]Listed, error) {
	order := `ORDER BY f.message, f.place`
	if p.Newest {
		order = `ORDER BY f.message DESC, f.place DESC`
	}
	return db.All(tx, func(r db.Row) (f Listed, err error) {
		var previews string
		if err = r.Scan(&f.Message, &f.Author, &f.At, &f.ID, &f.Name, &f.Size, &f.ContentType, &f.SHA256, &previews); err != nil {
			return f, err
		}
		return f, json.Unmarshal([]byte(previews), &f.Previews)
	}, `
		SELECT m.id, m.author, m.at, f.id, f.name, f.size, f.content_type, f.sha256, f.previews
		FROM message_files f
		JOIN stream_messages m ON m.number = f.message
		WHERE f.stream = $1 AND m.at BETWEEN $2 AND $3 AND m.suppressed = 0
		`+order+`
		LIMIT $4`, p.Stream, p.Since, p.Until, p.Limit)
}

// rowsOf returns the rows of a message's files.
func rowsOf(message, stream int64, files []File) ([][]any, error) {
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

// Attached is the files of one message.
type Attached struct {
	Message, Stream int64 // their numbers
	Files           []File
}

// Insert queues the rows of the files of messages. Lock must have locked their contents.
func Insert(tx *db.Tx, list []Attached) error {
	var rows [][]any
	var all []File
	for _, a := range list {
		more, err := rowsOf(a.Message, a.Stream, a.Files)
		if err != nil {
			return err
		}
		rows, all = append(rows, more...), append(all, a.Files...)
	}
	if len(rows) == 0 {
		return nil
	}
	if err := use(tx, all); err != nil {
		return err
	}
	return tx.QueueAll(`
		INSERT INTO message_files (message, place, stream, id, name, size, content_type, sha256, previews)
		VALUES`, rows, "", nil)
}

// Dimension returns the width in pixels, as answers have it.
func (p Preview) Dimension() string { return strconv.Itoa(p.Width) }
