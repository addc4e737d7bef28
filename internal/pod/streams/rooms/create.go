package rooms

import (
	"context"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/dlp"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

var createRoom = op.Operation[Service]{
	ID:      "createRoom",
	Route:   "POST /pod/v3/room/create",
	Tag:     "Streams",
	Summary: "Create a room.",
	About: "The caller becomes its only member and owner. A public room, a room of several " +
		"companies, and a room of more than two companies each need a feature of the " +
		"caller.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms, auth.CreateUserStream},
	Also:   []int{451},
	Handle: op.Call((*Service).createRoom),
}

type createRoomInput struct {
	Body RoomAttributes
}

func (in createRoomInput) Validate() error { return validateNew(in.Body) }

func validateNew(a RoomAttributes) error {
	if err := a.Validate(); err != nil {
		return err
	}
	room, err := a.fresh()
	if err != nil {
		return err
	}
	return checkTexts(room, streams.Attributes{})
}

func (s *Service) createRoom(ctx context.Context, caller auth.Caller, in createRoomInput) (RoomDetail, error) {
	room, err := s.create(ctx, caller, in.Body)
	return DetailOf(room), err
}

// create creates a room with the caller as its only member and owner, unless a policy blocks it.
func (s *Service) create(ctx context.Context, caller auth.Caller, a RoomAttributes) (streams.Stream, error) {
	found, err := s.look(ctx, caller, a)
	if err != nil {
		return streams.Stream{}, err
	}
	return dlp.Write(ctx, s.DB, func(tx *db.Tx) (streams.Stream, error) { return s.insert(tx, caller, a, found) })
}

// insert inserts a room, in which policies have found something.
func (s *Service) insert(tx *db.Tx, caller auth.Caller, a RoomAttributes, found dlp.Found) (streams.Stream, error) {
	attributes, err := a.fresh()
	if err != nil {
		return streams.Stream{}, err
	}
	tx.Reserve("streams", 1)
	if err := mayCreate(tx, caller, attributes); err != nil {
		return streams.Stream{}, err
	}
	number, err := tx.Next("streams")
	if err != nil {
		return streams.Stream{}, err
	}
	room := streams.Stream{
		Number: number, ID: wire.NewStreamID(tx.Now()), Company: caller.Company, Type: streams.Room, Creator: caller.User,
		Created: tx.Now(), Modified: tx.Now(), Active: true, Members: 1, Owners: 1, Attributes: attributes,
	}
	if err := screen(tx, caller, found, room, "room creation"); err != nil {
		return streams.Stream{}, err
	}
	if err := streams.InsertStream(tx, room, "", streams.NameKey(room.Name)); err != nil {
		return streams.Stream{}, err
	}
	if err := streams.InsertMembers(tx, room, streams.Member{User: caller.User, Owner: true, Joined: tx.Now()}); err != nil {
		return streams.Stream{}, err
	}
	if err := streams.CountCompany(tx, room, caller.Company, 1); err != nil {
		return streams.Stream{}, err
	}
	if err := s.Index.Add(tx, room, caller.Company); err != nil {
		return streams.Stream{}, err
	}
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return streams.Stream{}, err
	}
	return room, s.Journal.Record(tx, caller, room.Subject(), facts.RoomCreated{Stream: place, Properties: facts.PropertiesOf(room)})
}

// mayCreate fails with Forbidden if the caller lacks an entitlement for such a room.
func mayCreate(tx *db.Tx, caller auth.Caller, a streams.Attributes) error {
	if a.Public {
		if err := admission.Needs(tx, caller, caller.User, features.CanCreatePublicRoom); err != nil {
			return err
		}
	}
	if a.CrossPod {
		if err := admission.Needs(tx, caller, caller.User, features.IsExternalRoomEnabled); err != nil {
			return err
		}
	}
	if a.MultiLateral {
		if err := admission.Needs(tx, caller, caller.User, features.CanCreateMultiLateralRoom); err != nil {
			return err
		}
	}
	return mayShareHistory(a)
}

// mayShareHistory refuses a room of several companies that shows newcomers earlier messages: no
// company has the entitlement for it.
func mayShareHistory(a streams.Attributes) error {
	if a.CrossPod && a.ViewHistory {
		return apierr.Forbidden("viewHistory of a room of several companies needs canCreateExternalRoomSharedHistory, which no company has")
	}
	return nil
}
