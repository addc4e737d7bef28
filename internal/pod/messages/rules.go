package messages

import (
	"context"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/wire"
)

// seeTarget returns a stream as a sender sees it. It fails with Invalid if the sender's company may
// not know of the stream.
func seeTarget(tx *db.Tx, sender auth.Caller, id wire.StreamID, targets map[wire.StreamID]streams.Target) (streams.Seen, error) {
	to, known := targets[id]
	seen := to.Seen(sender.User)
	if known {
		var err error
		if known, err = seen.KnownTo(tx, sender.Company); err != nil {
			return seen, err
		}
	}
	if !known {
		return seen, apierr.Invalid("Stream not found")
	}
	return seen, nil
}

// maySend fails if the author may not send to a stream, apart from barriers.
func maySend(tx *db.Tx, d *draft, to streams.Seen) error {
	content := d.article != "" && d.parent == "" && d.author.May(auth.ViewManageMessages)
	switch {
	case !to.In && !(to.Company == d.author.Company && (to.Public || content)):
		return apierr.Forbidden("the user is not a member of stream %s", to.ID)
	case to.ReadOnly && !to.Owns() && d.origin == nil:
		return apierr.Forbidden("only owners may send to room %s", to.ID)
	case !to.Active && to.Type == streams.Room:
		return apierr.Invalid("The room is deactivated")
	case !to.Active:
		return apierr.Invalid("Stream is not active")
	case d.text != nil && len(d.text.Forms) > 0 && d.author.AccountType != auth.System:
		return apierr.Forbidden("only service accounts may send forms")
	}
	return mayUse(tx, d, to)
}

// mayUse fails if a feature that the message needs is disabled for its author.
func mayUse(tx *db.Tx, d *draft, to streams.Seen) error {
	var needed []features.Name
	if to.Type == streams.Post {
		needed = append(needed, features.PostWriteEnabled)
	}
	if len(d.files) > 0 {
		needed = append(needed, features.SendFilesEnabled)
		if to.CrossPod {
			needed = append(needed, features.CanShareFilesExternally)
		}
	}
	for _, feature := range needed {
		if err := admission.Needs(tx, d.author, d.author.User, feature); err != nil {
			return err
		}
	}
	return mayName(tx, d, to)
}

// mayName fails if the companies in a stream do not allow the types of a draft's files.
func mayName(tx *db.Tx, d *draft, to streams.Seen) error {
	if len(d.files) == 0 {
		return nil
	}
	companies, err := streams.CompaniesOf(tx, to.Stream)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(companies, func(c wire.CompanyID) bool { return c == d.author.Company })
	return files.CheckNames(tx, d.author.Company, others, d.files)
}

// mayUpdate fails if a message is not one that the author may change.
func mayUpdate(tx *db.Tx, d *draft, to streams.Seen, m message.Row) error {
	switch {
	case m.Stream != to.Number:
		return apierr.Invalid("Message does not belong to the stream")
	case m.Suppressed != 0:
		return apierr.Invalid("Message has been suppressed")
	case to.Type == streams.Post:
		return apierr.Invalid("Wall posts cannot be updated")
	case m.IsArticle():
		return apierr.Invalid("A shared article cannot be updated")
	case m.Author != d.author.User:
		return apierr.Forbidden("only its author may update message %s", m.ID)
	}
	return admission.Needs(tx, d.author, d.author.User, features.CanUpdateMessages)
}

// mayAttach fails if the author may not send to the stream of a draft. It is asked before files are
// stored; the transaction that sends the message asks again.
func (s *Service) mayAttach(ctx context.Context, d *draft) error {
	_, err := db.Read(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		if d.stream == "" { // a blast: each of its streams is asked when it is sent to
			if err := admission.Needs(tx, d.author, d.author.User, features.SendFilesEnabled); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, files.CheckNames(tx, d.author.Company, nil, d.files)
		}
		targets, err := streams.Targets(tx, []wire.StreamID{d.stream}, []wire.UserID{d.author.User})
		if err != nil {
			return struct{}{}, err
		}
		to, err := seeTarget(tx, d.author, d.stream, targets)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, maySend(tx, d, to)
	})
	return err
}
