package messages

import (
	"context"
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var getAttachment = op.Operation[Service]{
	ID:      "getAttachment",
	Route:   "GET /agent/v1/stream/{sid}/attachment",
	Tag:     "Attachments",
	Summary: "Read a file that is attached to a message, in Base64.",
	About: "For users who can read the message. fileId is the id in the message, or that of " +
		"a preview, as it is there or decoded.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Also:            []int{503},
	Produces:        "application/octet-stream",
	Handle:          op.Call((*Service).getAttachment),
}

type attachmentInput struct {
	SID       wire.StreamID  `path:"sid"`
	FileID    string         `query:"fileId" required:"true" maxLength:"256"`
	MessageID wire.MessageID `query:"messageId" required:"true"`
}

func (s *Service) getAttachment(ctx context.Context, caller auth.Caller, in attachmentInput) (op.Download, error) {
	sum, err := db.Read(ctx, s.DB, func(tx *db.Tx) (string, error) { return findContent(tx, caller, in) })
	if err != nil {
		return op.Download{}, err
	}
	return s.Files.Base64(ctx, sum)
}

// findContent returns the digest of the content that the caller may read.
func findContent(tx *db.Tx, caller auth.Caller, in attachmentInput) (string, error) {
	m, to, ok, err := message.Read(tx, caller, in.MessageID)
	if err != nil {
		return "", err
	}
	if !ok || to.ID != in.SID {
		return "", files.ErrNoFile()
	}
	list, err := files.Of(tx, []int64{m.Number})
	if err != nil {
		return "", err
	}
	id := files.PlainID(in.FileID)
	for _, f := range list[m.Number] {
		if f.ID == id {
			return f.SHA256, nil
		}
		for _, p := range f.Previews {
			if p.ID == id {
				return p.SHA256, nil
			}
		}
	}
	return "", files.ErrNoFile()
}

// attachmentCreation returns the operation that uploads a file, in one of its published versions.
func attachmentCreation(id, version string) op.Operation[Service] {
	return op.Operation[Service]{
		ID:      id,
		Route:   "POST /agent/" + version + "/stream/{sid}/attachment/create",
		Tag:     "Attachments",
		Summary: "Upload a file, which a message of older operations names later.",
		About: "For users who may send to the stream. The file is deleted after 24 hours if " +
			"no message names it. createMessage takes files itself.",
		Needs:           auth.AnyUser,
		Opens:           []auth.Permission{auth.SendMessages},
		KeyManagerToken: true,
		Deprecated:      true,
		MaxBody:         files.MaxTotal + 1<<20,
		Also:            []int{413, 415, 422, 451, 503},
		Handle:          op.Call((*Service).createAttachment),
	}
}

var (
	createAttachmentV1 = attachmentCreation("createAttachmentV1", "v1")
	createAttachmentV3 = attachmentCreation("createAttachmentV3", "v3")
)

type createAttachmentInput struct {
	SID  wire.StreamID `path:"sid"`
	Form struct {
		Files []op.Upload `part:"file" required:"true" maxItems:"1" doc:"The file."`
	}
}

func (s *Service) createAttachment(ctx context.Context, caller auth.Caller, in createAttachmentInput) (File, error) {
	uploads := in.Form.Files
	if err := files.CheckSizes(uploads, nil); err != nil {
		return File{}, err
	}
	d := draft{ctx: ctx, author: caller, stream: in.SID, files: files.Named(uploads)}
	if err := s.mayAttach(ctx, &d); err != nil {
		return File{}, err
	}
	to, err := db.Read(ctx, s.DB, func(tx *db.Tx) (streams.Stream, error) { return streams.Find(tx, in.SID) })
	if err != nil {
		return File{}, err
	}
	kept, err := s.Files.KeepPending(ctx, caller, to.Number, uploads[0])
	var refused *apierr.Error
	if errors.As(err, &refused) && refused.Kind == apierr.KindInvalid {
		err = apierr.Unprocessable("%s", refused.Message) // the published status of contents
	}
	return File{ID: files.WireID(kept.ID), Name: kept.Name, Size: kept.Size}, err
}

// pendingFiles returns the pending files that a draft names.
func (s *Service) pendingFiles(ctx context.Context, d *draft) ([]files.File, error) {
	return db.Read(ctx, s.DB, func(tx *db.Tx) ([]files.File, error) {
		to, err := streams.Find(tx, d.stream)
		if errors.Is(err, db.ErrNoRow) {
			return nil, files.ErrNoFile()
		}
		if err != nil {
			return nil, err
		}
		return files.Pending(tx, d.author.User, to.Number, d.pending)
	})
}
