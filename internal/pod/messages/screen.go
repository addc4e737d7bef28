package messages

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"io"
	"regexp"

	"podium/internal/apierr"
	"podium/internal/op"
	"podium/internal/pod/dlp"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// look notes in a draft what the policies of its author's company find in it. uploads are the files
// of the request, if they came with it. Imported messages were said before, and elsewhere.
func (s *Service) look(ctx context.Context, d *draft, uploads []op.Upload) error {
	if d.origin != nil {
		return nil
	}
	content := dlp.Content{Kind: dlp.Messages, Texts: d.texts()}
	for i, f := range d.files {
		content.Files = append(content.Files, dlp.File{Name: f.Name, Type: f.ContentType, Size: f.Size, Open: func() (io.ReadCloser, error) {
			if uploads != nil {
				return io.NopCloser(uploads[i].Open()), nil
			}
			stored, _, err := s.Files.Open(ctx, f.SHA256)
			return stored, err
		}})
	}
	var err error
	d.found, err = s.DLP.Check(ctx, d.author.Company, content)
	return err
}

// texts returns what readers of a draft read. The words of a forwarded message are folded, so its
// text is looked at, too.
func (d *draft) texts() []string {
	switch {
	case d.relation == message.Forward && d.text != nil:
		return []string{d.text.Words, html.UnescapeString(tags.ReplaceAllString(d.text.PresentationML, ""))}
	case d.text != nil:
		return []string{d.text.Words}
	}
	var c Content
	if json.Unmarshal([]byte(d.article), &c) != nil {
		return nil // the pod has written it: it does not happen
	}
	var list []string
	a := c.Content
	for _, text := range []*string{a.Title, a.SubTitle, a.Message, a.Publisher, a.Author, a.Summary, a.URL, a.AppName} {
		if text != nil {
			list = append(list, *text)
		}
	}
	return list
}

// tags finds the tags of PresentationML.
var tags = regexp.MustCompile(`<[^>]*>`)

// blocked reports whether an error is the refusal of a message that policies block. Its violation
// is recorded in the transaction that refuses it, which must commit.
func blocked(err error) bool {
	var refused *apierr.Error
	return errors.As(err, &refused) && refused.Kind == apierr.KindCompliance
}

// screen decides by the companies of the readers what the policies that have found something do. It
// records a violation, and fails with Compliance if the message is blocked. The content of a
// blocked message is kept as long as the violation.
func (b *batch) screen(d *draft, to streams.Seen, m message.Row) error {
	if !d.found.Any() {
		return nil
	}
	companies, err := streams.CompaniesOf(b.tx, to.Stream)
	if err != nil {
		return err
	}
	external := false
	for _, c := range companies {
		external = external || c != d.author.Company
	}
	v := d.found.In(external)
	if v == nil {
		return nil
	}
	authors, err := message.AuthorsOf(b.tx, []message.Row{m})
	if err != nil {
		return err
	}
	said := m.View(authors[m.Author], to.Stream, d.files)
	said.ExternalRecipients = &external
	v.Company, v.Requester, v.Kind, v.Doing = d.author.Company, d.author.User, dlp.MessageKind, "message"
	v.Entity, v.WireID, v.Said = m.ID.Standard(), string(m.ID), said
	for _, f := range d.files {
		v.Files = append(v.Files, dlp.FileRef{ID: f.ID, SHA256: f.SHA256})
	}
	if err := v.Record(b.tx); err != nil {
		return err
	}
	if !v.Blocks() {
		return nil
	}
	if err := files.KeepUntil(b.tx, d.files, b.tx.Now()+wire.Time(dlp.Retention.Milliseconds())); err != nil {
		return err
	}
	return v.Refusal()
}
