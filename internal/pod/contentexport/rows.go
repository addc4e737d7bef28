package contentexport

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"

	"podium/internal/db"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// Exported is a line of messages.jsonl: the published V4Message, and what an archive needs beside.
type Exported struct {
	message.Message
	Suppressed *wire.Time `json:"suppressed,omitempty"` // when readers lost the content
	Imported   bool       `json:"imported,omitempty"`
	OnBehalfBy string     `json:"onBehalfBy,omitempty"` // the application that sent it for its author
	Files      []Attached `json:"files,omitempty"`

	stream int64 // the number of its stream
}

// Attached is a file of a message. Its content is the entry files/SHA256.
type Attached struct {
	Name        string `json:"name"`
	Size        int64  `json:"size"`
	ContentType string `json:"contentType"`
	SHA256      string `json:"sha256"`
}

// page is messages of a job that follow each other.
type page struct {
	messages []Exported
	done     int64 // the highest number that was looked at
	last     bool
}

// The sizes of a page: how many messages of all companies are looked at, and how many are returned.
const (
	window   = 1000
	pageMost = 200
)

// page returns the messages after a number. These are the messages of the company's authors, and
// those of other companies' authors that a user of the company could read when they were sent. An
// imported message bears a time at which the stream may not have existed: the company that owns the
// stream gets it, and that of the author.
func (j job) page(tx *db.Tx, after int64) (page, error) {
	p := page{}
	end, err := db.Value[int64](tx, `
		SELECT number
		FROM stream_messages
		WHERE number > $1 AND number < $2
		ORDER BY number
		LIMIT 1 OFFSET $3`, after, j.upto, window-1)
	if errors.Is(err, db.ErrNoRow) {
		end, p.last = j.upto-1, true
	} else if err != nil {
		return p, err
	}
	first, beyond := wire.UserIDs(j.company)
	from, until := wire.Time(0), wire.Time(wire.MaxNumber)
	if j.byTime {
		from = j.starts
		if j.jobType == AdHoc {
			until = j.ends
		}
	}
	list, err := db.All(tx, message.Scan, message.Select+`
		WHERE m.number > $1 AND m.number <= $2 AND m.at >= $3 AND m.at < $4 AND m.removed = 0 AND (
			m.author >= $5 AND m.author < $6
			OR m.imported AND EXISTS (SELECT 1 FROM streams s WHERE s.number = m.stream AND s.company = $7)
			OR NOT m.imported AND EXISTS (
				SELECT 1 FROM stream_members x
				WHERE x.stream = m.stream AND x.user_id >= $5 AND x.user_id < $6 AND x.joined <= m.at)
			OR NOT m.imported AND EXISTS (
				SELECT 1 FROM stream_leavers x
				WHERE x.stream = m.stream AND x.user_id >= $5 AND x.user_id < $6 AND x.joined <= m.at AND x.left_at >= m.at))
		ORDER BY m.number
		LIMIT $8`, after, end, from, until, first, beyond, j.company, pageMost)
	if err != nil {
		return p, err
	}
	p.done = end
	if len(list) == pageMost {
		p.done, p.last = list[pageMost-1].Number, false
	}
	p.messages, err = j.view(tx, list)
	return p, err
}

// view returns messages as lines of the file.
func (j job) view(tx *db.Tx, list []message.Row) ([]Exported, error) {
	if len(list) == 0 {
		return nil, nil
	}
	authors, err := message.AuthorsOf(tx, list)
	if err != nil {
		return nil, err
	}
	var numbers, withFiles []int64
	for _, m := range list {
		numbers = append(numbers, m.Stream)
		if m.Files > 0 {
			withFiles = append(withFiles, m.Number)
		}
	}
	of, err := streamsOf(tx, numbers)
	if err != nil {
		return nil, err
	}
	attached, err := files.Of(tx, withFiles)
	if err != nil {
		return nil, err
	}
	out := make([]Exported, len(list))
	for i, m := range list {
		e := Exported{
			Message:  m.View(authors[m.Author].SeenBy(j.company), of[m.Stream], attached[m.Number]),
			Imported: m.Imported, OnBehalfBy: m.App, stream: m.Stream,
		}
		if m.Suppressed != 0 {
			e.Suppressed = &m.Suppressed
		}
		for _, f := range attached[m.Number] {
			e.Files = append(e.Files, Attached{Name: f.Name, Size: f.Size, ContentType: f.ContentType, SHA256: f.SHA256})
		}
		out[i] = e
	}
	return out, nil
}

// streamsOf returns what the files show of streams, by their numbers.
func streamsOf(tx *db.Tx, numbers []int64) (map[int64]streams.Stream, error) {
	list, err := db.All(tx, func(row db.Row) (s streams.Stream, err error) {
		return s, row.Scan(&s.Number, &s.ID, &s.Type, &s.Name, &s.Company, &s.CrossPod, &s.Active, &s.Created)
	}, `
		SELECT number, id, type, name, company, cross_pod, active, created
		FROM streams
		WHERE number IN ($1)`, numbers)
	of := make(map[int64]streams.Stream, len(list))
	for _, s := range list {
		of[s.Number] = s
	}
	return of, err
}

// Conversation is a line of streams.jsonl.
type Conversation struct {
	ID       wire.StreamID  `json:"streamId"`
	Type     streams.Type   `json:"streamType"`
	Name     string         `json:"name,omitempty"` // of a room
	Company  wire.CompanyID `json:"companyId"`      // the creator's
	CrossPod bool           `json:"crossPod"`
	Active   bool           `json:"active"`
	Created  wire.Time      `json:"created"`
}

// Member is a line of members.jsonl: a user who is in a stream, or was in it.
type Member struct {
	Stream wire.StreamID `json:"streamId"`
	message.Author
	Joined wire.Time `json:"joined"`
	Left   wire.Time `json:"left,omitempty"`
}

// writeStreams writes streams and their members: those of now, and those who have left since the
// export's time began.
func (s *Service) writeStreams(ctx context.Context, j job, z *zip.Writer, numbers []int64) error {
	entry, err := z.Create("streams.jsonl")
	if err != nil {
		return err
	}
	out := lines(entry)
	var ids []wire.StreamID
	for begin := 0; begin < len(numbers); begin += pageMost {
		some := numbers[begin:min(begin+pageMost, len(numbers))]
		of, err := db.Read(ctx, s.DB, func(tx *db.Tx) (map[int64]streams.Stream, error) { return streamsOf(tx, some) })
		if err != nil {
			return err
		}
		for _, n := range some {
			c := of[n]
			ids = append(ids, c.ID)
			if err := out.Encode(Conversation{c.ID, c.Type, c.Name, c.Company, c.CrossPod, c.Active, c.Created}); err != nil {
				return err
			}
		}
	}
	if entry, err = z.Create("members.jsonl"); err != nil {
		return err
	}
	out = lines(entry)
	for i, n := range numbers {
		if err := s.writeMembers(ctx, j, out, n, ids[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) writeMembers(ctx context.Context, j job, out *json.Encoder, number int64, id wire.StreamID) error {
	list, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]Member, error) {
		return db.All(tx, func(row db.Row) (m Member, err error) {
			var first, last string
			m.Stream = id
			err = row.Scan(&m.UserID, &first, &last, &m.DisplayName, &m.Email, &m.Username, &m.Joined, &m.Left)
			m.FirstName, m.LastName = &first, &last
			m.Author = m.SeenBy(j.company)
			return m, err
		}, `
			SELECT u.id, u.first_name, u.last_name, u.display_name, u.email, u.username, x.joined, 0
			FROM stream_members x
			JOIN users u ON u.id = x.user_id
			WHERE x.stream = $1
			UNION ALL
			SELECT u.id, u.first_name, u.last_name, u.display_name, u.email, u.username, x.joined, x.left_at
			FROM stream_leavers x
			JOIN users u ON u.id = x.user_id
			WHERE x.stream = $1 AND x.left_at >= $2
			ORDER BY 1, 7`, number, j.starts)
	})
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := out.Encode(m); err != nil {
			return err
		}
	}
	return nil
}
