package violations

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/dlp"
	"podium/internal/pod/messages/files"
)

var attachment = op.Operation[Service]{
	ID:      "getDLPViolationAttachment",
	Route:   "GET /agent/v3/dlp/violation/attachment",
	Tag:     "Violations",
	Summary: "Read a file of a message in which policies have found something, in Base64.",
	About: "violationId is the enforcementEventID. fileId is the id in the message, as it is there or " +
		"decoded.",
	Needs:           auth.All(auth.ViewDLPViolation),
	KeyManagerToken: true,
	Also:            []int{404, 503},
	Produces:        "application/octet-stream",
	Handle:          op.Call((*Service).attachment),
}

type attachmentInput struct {
	File      string `query:"fileId" required:"true" maxLength:"256"`
	Violation string `query:"violationId" required:"true" maxLength:"256"`
}

func (s *Service) attachment(ctx context.Context, caller auth.Caller, in attachmentInput) (op.Download, error) {
	sum, err := db.Read(ctx, s.DB, func(tx *db.Tx) (string, error) { return findFile(tx, caller, in) })
	if err != nil {
		return op.Download{}, err
	}
	return s.Files.Base64(ctx, sum)
}

// findFile returns the digest of the content of a file.
func findFile(tx *db.Tx, caller auth.Caller, in attachmentInput) (string, error) {
	text, err := db.Value[string](tx, `
		SELECT files
		FROM dlp_violations
		WHERE company = $1 AND id = $2
		ORDER BY at
		LIMIT 1`, caller.Company, files.PlainID(in.Violation))
	if errors.Is(err, db.ErrNoRow) {
		return "", apierr.NotFound("Violation not found")
	}
	if err != nil {
		return "", err
	}
	var list []dlp.FileRef
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return "", err
	}
	id := files.PlainID(in.File)
	i := slices.IndexFunc(list, func(f dlp.FileRef) bool { return f.ID == id })
	if i < 0 {
		return "", apierr.NotFound("Attachment not found")
	}
	return list[i].SHA256, nil
}
