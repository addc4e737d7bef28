package files

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/picture"
	"podium/internal/scan"
	"podium/internal/wire"
)

// The limits of the files of a message.
const (
	// MaxTotal is how many bytes the files of a message may have together, as published. Previews
	// that the client sends count.
	MaxTotal = 30 << 20

	// MaxFiles is how many files a message may have.
	MaxFiles = 25

	// drawingTime is how long previews are drawn for one message. Pictures that are left then have
	// none.
	drawingTime = 10 * time.Second

	// storedAtOnce is how many contents of one message are stored at the same time.
	storedAtOnce = 4
)

// Service stores and reads the files of messages.
type Service struct {
	DB       *db.DB
	Log      *slog.Logger
	Blobs    blob.Store     // nil: files are refused with 503
	Pictures *picture.Maker // draws previews
	Scanner  scan.Scanner   // nil: files are not scanned
}

// Named returns the files of uploads with their names and sizes alone, as CheckNames needs them.
func Named(uploads ...[]op.Upload) []File {
	var list []File
	for _, u := range slices.Concat(uploads...) {
		list = append(list, File{Name: u.Name, Size: u.Size})
	}
	return list
}

// CheckSizes fails if the uploads of a message are too many or too large.
func CheckSizes(uploads, previews []op.Upload) error {
	if len(uploads) > MaxFiles {
		return apierr.Invalid("The number of attachments must not exceed %d", MaxFiles)
	}
	total := int64(0)
	for _, u := range slices.Concat(uploads, previews) {
		if total += u.Size; total > MaxTotal {
			return apierr.TooManyBytes(MaxTotal)
		}
	}
	return nil
}

// Keep checks, scans and stores the files of a message, before the transaction that names them.
// previews is empty, or has a preview for each upload. The caller has checked the names.
//
// It fails with Invalid for a program whose name says that it is something else, with Compliance
// for an infected file, and with Unavailable if the scanner or the blob store does not answer.
func (s *Service) Keep(ctx context.Context, caller auth.Caller, uploads, previews []op.Upload) ([]File, error) {
	if err := CheckSizes(uploads, previews); err != nil {
		return nil, err
	}
	if s.Blobs == nil {
		return nil, apierr.Unavailable("no blob store is configured")
	}
	list := make([]File, len(uploads))
	var contents []op.Upload
	for i, u := range uploads {
		kind, err := s.admit(ctx, u)
		if err != nil {
			return nil, err
		}
		list[i] = File{ID: newID(caller.User), Name: u.Name, Size: u.Size, ContentType: kind, SHA256: blob.Sum(u.Sum).String()}
		contents = append(contents, u)
	}
	for i, u := range previews {
		kind, err := s.admit(ctx, u)
		if err != nil {
			return nil, err
		}
		width := picture.PreviewWidth
		if begin, err := head(u.Open()); err != nil {
			return nil, err
		} else if known, err := picture.Width(begin); err == nil {
			width = known
		}
		list[i].Previews = []Preview{newPreview(caller.User, u, kind, width)}
		contents = append(contents, u)
	}
	if len(previews) == 0 {
		drawn, err := s.draw(ctx, caller.User, list, uploads)
		if err != nil {
			return nil, err
		}
		contents = append(contents, drawn...)
	}
	return list, s.store(ctx, contents)
}

// admit returns the media type of an upload that may be stored.
func (s *Service) admit(ctx context.Context, u op.Upload) (string, error) {
	kind, err := typeOf(u.Name, u.Open())
	if err != nil || s.Scanner == nil {
		return kind, err
	}
	found, err := s.Scanner.Scan(ctx, u.Open(), u.Size)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", apierr.Unavailable("the scanner: %v", err)
	case found != "":
		return "", apierr.Compliance(apierr.Finding{In: "FILE", Policies: []apierr.PolicyResult{{
			Name: "Virus scan", Status: "BLOCK", Scopes: []string{"INTERNAL", "EXTERNAL"}, Reasons: []string{found},
		}}})
	}
	return kind, nil
}

// draw draws previews of the pictures among uploads, and returns their contents. Pictures that
// cannot be drawn have none.
func (s *Service) draw(ctx context.Context, owner wire.UserID, list []File, uploads []op.Upload) (drawn []op.Upload, err error) {
	drawing, stop := context.WithTimeout(ctx, drawingTime)
	defer stop()
	for i, u := range uploads {
		if !isPicture(list[i].ContentType) {
			continue
		}
		made, err := s.Pictures.Preview(drawing, u.Open(), u.Size)
		var unusable picture.Unusable
		switch {
		case err == nil:
		case errors.As(err, &unusable):
			continue
		case drawing.Err() != nil:
			return drawn, ctx.Err()
		default:
			return drawn, err
		}
		preview := op.NewUpload("", made.Data)
		list[i].Previews = []Preview{newPreview(owner, preview, made.Type, made.Width)}
		drawn = append(drawn, preview)
	}
	return drawn, nil
}

func newPreview(owner wire.UserID, u op.Upload, kind string, width int) Preview {
	return Preview{ID: newID(owner), Width: width, Size: u.Size, ContentType: kind, SHA256: blob.Sum(u.Sum).String()}
}

// store stores contents. Their rows come first: from then on the sweeper leaves them alone.
func (s *Service) store(ctx context.Context, contents []op.Upload) error {
	contents = slices.Clone(contents)
	slices.SortFunc(contents, func(a, b op.Upload) int { return cmp.Compare(blob.Sum(a.Sum).String(), blob.Sum(b.Sum).String()) })
	contents = slices.CompactFunc(contents, func(a, b op.Upload) bool { return a.Sum == b.Sum })
	_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		rows := make([][]any, len(contents))
		for i, u := range contents {
			rows[i] = []any{blob.Sum(u.Sum).String(), u.Size, tx.Now()}
		}
		return struct{}{}, tx.InsertAll(`INSERT INTO blobs (sha256, size, used) VALUES`, rows, renewUse)
	})
	if err != nil {
		return err
	}
	var all errgroup.Group
	all.SetLimit(storedAtOnce)
	for _, u := range contents {
		all.Go(func() error { return s.Blobs.Put(ctx, blob.Sum(u.Sum), u.Size, u.Open()) })
	}
	if err := all.Wait(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.Log.Error("a file cannot be stored", "error", err)
		return apierr.Unavailable("the blob store: %v", err)
	}
	return nil
}

// renewUse notes that a content which no row names has been stored again.
const renewUse = `
	ON CONFLICT (sha256) DO UPDATE
	SET used = CASE WHEN blobs.used = 0 THEN 0 WHEN blobs.used > excluded.used THEN blobs.used ELSE excluded.used END`

// newID returns the id of a file of a user, or of a preview.
func newID(owner wire.UserID) string { return withRandom("internal_" + owner.String()) }

// withRandom returns an id that begins with a text and cannot be guessed.
func withRandom(begin string) string {
	var random [16]byte
	rand.Read(random[:])
	return begin + "/" + base64.StdEncoding.EncodeToString(random[:])
}

// Copies returns the files for another message with the same content. Each has ids of its own.
func (s *Service) Copies(list []File) []File { return copied(list, copyOf) }

// CopiesOf is Copies for a message of an owner, who may be another one.
func (s *Service) CopiesOf(owner wire.UserID, list []File) []File {
	return copied(list, func(string) string { return newID(owner) })
}

func copied(list []File, newID func(old string) string) []File {
	copies := slices.Clone(list)
	for i, f := range copies {
		copies[i].ID = newID(f.ID)
		copies[i].Previews = slices.Clone(f.Previews)
		for j, p := range f.Previews {
			copies[i].Previews[j].ID = newID(p.ID)
		}
	}
	return copies
}

// copyOf returns a new id of the same owner.
func copyOf(id string) string {
	begin, _, _ := strings.Cut(id, "/")
	return withRandom(begin)
}

// Open returns the content of a file, from its beginning. The caller closes it.
func (s *Service) Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, int64, error) {
	sum, err := blob.ParseSum(sha256)
	if err != nil {
		return nil, 0, err
	}
	if s.Blobs == nil {
		return nil, 0, apierr.Unavailable("no blob store is configured")
	}
	content, size, err := s.Blobs.Get(ctx, sum)
	switch {
	case err == nil:
		return content, size, nil
	case ctx.Err() != nil:
		return nil, 0, ctx.Err()
	}
	s.Log.Error("the content of a file cannot be read", "sha256", sha256, "error", err)
	return nil, 0, apierr.Unavailable("the blob store: %v", err)
}
