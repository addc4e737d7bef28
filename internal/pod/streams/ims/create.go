package ims

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/directory"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

var createIM = op.Operation[Service]{
	ID:      "createIM",
	Route:   "POST /pod/v1/im/create",
	Tag:     "Streams",
	Summary: "Open the IM or MIM of the caller with other users.",
	About: "The body is an array of user ids; the caller is a member without being named. " +
		"One other user makes an IM, several make a MIM. If these users already have a " +
		"conversation, it is answered.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.SendMessages},
	Handle: op.Write((*Service).createIM),
}

var createIMAsAdmin = op.Operation[Service]{
	ID:      "createIMAsAdmin",
	Route:   "POST /pod/v1/admin/im/create",
	Tag:     "Streams",
	Summary: "Open the IM or MIM of other users.",
	About:   "Its members are the listed users; the caller is a member only if listed.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Write((*Service).createIMAsAdmin),
}

type createIMInput struct {
	Body []wire.UserID `maxItems:"1000"`
}

// Ref names a stream.
type Ref struct {
	ID wire.StreamID `json:"id"`
}

func (s *Service) createIM(tx *db.Tx, caller auth.Caller, in createIMInput) (Ref, error) {
	set := participants(append(in.Body, caller.User))
	if len(set) < 2 {
		return Ref{}, apierr.Invalid("At least one user id must be provided")
	}
	return s.openIM(tx, caller, set)
}

func (s *Service) createIMAsAdmin(tx *db.Tx, caller auth.Caller, in createIMInput) (Ref, error) {
	set := participants(in.Body)
	if len(set) < 2 {
		return Ref{}, apierr.Invalid("At least two user ids must be provided")
	}
	return s.openIM(tx, caller, set)
}

// maxParticipants is the most users of a MIM.
const maxParticipants = 50

// participants returns the ids in order, without duplicates.
func participants(ids []wire.UserID) []wire.UserID {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// openIM returns the conversation of exactly these users, or creates it. For users of other
// companies whom the caller's company may not know of, it answers as for unknown ids.
func (s *Service) openIM(tx *db.Tx, caller auth.Caller, set []wire.UserID) (Ref, error) {
	if len(set) > maxParticipants {
		return Ref{}, apierr.Invalid("Too many participants")
	}
	if err := accounts.HoldAll(tx, set); err != nil {
		return Ref{}, err
	}
	if err := admission.RequireOwnUser(caller, set); err != nil {
		return Ref{}, err
	}
	digest := streams.DigestOf(set)
	tx.Reserve("streams", 1)
	known, err := db.Value[wire.StreamID](tx, `SELECT id FROM streams WHERE member_set = $1`, digest)
	there := err == nil
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return Ref{}, err
	}
	if !there {
		if err := admission.MayReach(tx, caller, set); err != nil {
			return Ref{}, err
		}
	}
	people, err := enabled(tx, caller, set, there)
	if err != nil {
		return Ref{}, err
	}
	if err := admission.MayMeet(tx, people); err != nil || there {
		return Ref{known}, err
	}
	companies, err := admission.MayTalk(tx, caller, people)
	if err != nil {
		return Ref{}, err
	}
	im := streams.Stream{
		Type: streams.IM, Members: int64(len(set)), Company: caller.Company, Creator: caller.User,
		Attributes: streams.Attributes{CrossPod: len(companies) > 1},
	}
	if len(set) > 2 {
		im.Type = streams.MIM
	}
	if im, err = insertFixed(tx, im, set, digest); err != nil {
		return Ref{}, err
	}
	created := facts.IMCreated{}
	for _, u := range people {
		created.Members = append(created.Members, facts.PersonOf(u))
	}
	if created.Stream, err = facts.PlaceOf(tx, im); err != nil {
		return Ref{}, err
	}
	return Ref{im.ID}, s.Journal.Record(tx, caller, im.Subject(), created)
}

// insertFixed inserts a new stream whose members never change.
func insertFixed(tx *db.Tx, s streams.Stream, set []wire.UserID, digest string) (streams.Stream, error) {
	var err error
	if s.Number, err = tx.Next("streams"); err != nil {
		return s, err
	}
	s.ID, s.Created, s.Modified, s.Active = wire.NewStreamID(tx.Now()), tx.Now(), tx.Now(), true
	if err := streams.InsertStream(tx, s, digest, ""); err != nil {
		return s, err
	}
	members := make([]streams.Member, len(set))
	for i, id := range set {
		members[i] = streams.Member{User: id, Joined: tx.Now()}
		if err := streams.CountCompany(tx, s, id.Company(), 1); err != nil {
			return s, err
		}
	}
	return s, streams.InsertMembers(tx, s, members...)
}

// enabled returns the accounts with the ids. It refuses an unknown id, a disabled account and a
// distribution list. Unless the users have a conversation already, it also refuses an account that
// other companies may not know of.
func enabled(tx *db.Tx, caller auth.Caller, ids []wire.UserID, together bool) ([]accounts.User, error) {
	people, err := accounts.Briefs(tx, ids)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if !together && id.Company() != caller.Company {
			people[i], err = directory.Open(tx, id)
		}
		if err == nil && !people[i].Approachable() {
			err = db.ErrNoRow
		}
		if err != nil {
			return nil, accounts.Unknown(err, id)
		}
	}
	return people, nil
}
