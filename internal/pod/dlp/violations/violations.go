// Package violations answers what the policies of data loss prevention have found: in messages,
// rooms and signals, in the first and the third form of the API. Package dlp records it.
package violations

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/dlp"
	"podium/internal/pod/messages/files"
	"podium/internal/wire"
)

// Service answers the operations on violations. Package pod sets its fields.
type Service struct {
	DB    *db.DB
	Files *files.Service
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, messagesV1, streamsV1, signalsV1, messages, streams, signals, attachment)
}

const (
	// maxBytes is about how many bytes of violations a page has. The last one may be larger.
	maxBytes = 8 << 20

	sweepEvery = time.Hour
	sweepMost  = 1000 // rows in one transaction
)

// listInput selects a page of violations.
type listInput struct {
	Start wire.Time  `query:"startTime"`
	End   *wire.Time `query:"endTime" doc:"Now if it is absent."`
	Next  Cursor     `query:"next" required:"false" maxLength:"64" doc:"The nextOffset of the page before."`
	Limit int        `query:"limit" default:"50" min:"1" max:"500"`
}

func (in listInput) Validate() error {
	if in.End != nil && in.Start > *in.End {
		return apierr.Invalid("Invalid value for startTime: it is after endTime")
	}
	if in.Next != "" {
		if _, _, err := in.Next.read(); err != nil {
			return apierr.Invalid("Invalid value for next: the nextOffset of an earlier page is expected")
		}
	}
	return nil
}

// Cursor is the place of the last violation of a page: its time and number.
type Cursor string

func cursorOf(r row) Cursor { return Cursor(fmt.Sprintf("%d.%d", r.at, r.number)) }

func (c Cursor) read() (at, number int64, err error) {
	first, second, _ := strings.Cut(string(c), ".")
	if at, err = strconv.ParseInt(first, 10, 64); err == nil {
		number, err = strconv.ParseInt(second, 10, 64)
	}
	return at, number, err
}

// row is a row of dlp_violations.
type row struct {
	at        wire.Time
	number    int64
	id        string
	entity    string
	requester wire.UserID
	action    string
	matches   []dlp.Match
	content   string
}

// page returns violations of a kind, oldest first, and where the next page begins, if there is one.
func page(tx *db.Tx, caller auth.Caller, kind dlp.Kind, in listInput) ([]row, *Cursor, error) {
	until := tx.Now()
	if in.End != nil {
		until = *in.End
	}
	at, number := int64(in.Start), int64(-1)
	if in.Next != "" {
		after, place, err := in.Next.read()
		if err != nil {
			return nil, nil, err
		}
		if after >= at {
			at, number = after, place
		}
	}
	type place struct{ at, number, size int64 }
	places, err := db.All(tx, func(r db.Row) (p place, err error) { return p, r.Scan(&p.at, &p.number, &p.size) }, `
		SELECT at, number, size
		FROM dlp_violations
		WHERE company = $1 AND kind = $2 AND (at, number) > ($3, $4) AND at <= $5
		ORDER BY at, number
		LIMIT $6`, caller.Company, kind, at, number, until, in.Limit+1)
	if err != nil || len(places) == 0 {
		return nil, nil, err
	}
	n, size := 0, int64(0)
	for n < min(len(places), in.Limit) && size < maxBytes {
		size += places[n].size
		n++
	}
	last := places[n-1]
	rows, err := db.All(tx, scan, `
		SELECT at, number, id, entity, requester, action, matches, content
		FROM dlp_violations
		WHERE company = $1 AND kind = $2 AND (at, number) > ($3, $4) AND (at, number) <= ($5, $6)
		ORDER BY at, number`, caller.Company, kind, at, number, last.at, last.number)
	if err != nil || n == len(places) {
		return rows, nil, err
	}
	next := cursorOf(rows[len(rows)-1])
	return rows, &next, nil
}

func scan(r db.Row) (v row, err error) {
	var matches string
	if err = r.Scan(&v.at, &v.number, &v.id, &v.entity, &v.requester, &v.action, &matches, &v.content); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(matches), &v.matches)
}

// said returns what the user said.
func said[T any](r row) (v T, err error) { return v, json.Unmarshal([]byte(r.content), &v) }

// Sweep removes old violations until ctx ends.
func (s *Service) Sweep(ctx context.Context, log *slog.Logger) {
	db.Every(ctx, sweepEvery, log, "old violations cannot be removed", s.SweepAll)
}

// SweepAll removes the violations that are older than 90 days.
func (s *Service) SweepAll(ctx context.Context) error {
	return db.InParts(ctx, s.DB, sweepMost, func(tx *db.Tx) (int64, error) {
		return tx.Count(`
			DELETE FROM dlp_violations
			WHERE (company, kind, at, number) IN (
				SELECT company, kind, at, number FROM dlp_violations WHERE at < $1 ORDER BY at LIMIT $2)`,
			tx.Now().Add(-dlp.Retention), sweepMost)
	})
}
