package members

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

var addMember = op.Operation[Service]{
	ID:      "addRoomMember",
	Route:   "POST /pod/v1/room/{id}/membership/add",
	Tag:     "Room Membership",
	Summary: "Add a user to a room.",
	About: "For owners, for every member if members can invite, and for administrators. " +
		"Users may add themselves to a public room of their own company. A distribution " +
		"list of the own company, named by its numeric id, brings all its members, now " +
		"and later.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Write((*Service).addMember),
}

var addMemberAsAdmin = op.Operation[Service]{
	ID:      "addRoomMemberAsAdmin",
	Route:   "POST /pod/v1/admin/room/{id}/membership/add",
	Tag:     "Room Membership",
	Summary: "Add a user to any room of the company.",
	Needs:   auth.All(auth.AddAndRemoveUsersInAnyRoom),
	Handle:  op.Write((*Service).addMemberAsAdmin),
}

// memberInput names a user in the body.
type memberInput struct {
	ID   wire.StreamID `path:"id"`
	Body struct {
		ID wire.UserID `json:"id" doc:"The user."`
	}
}

func (in memberInput) Validate() error {
	if in.Body.ID == 0 {
		return apierr.Invalid("id: a user's id is required")
	}
	return nil
}

func (s *Service) addMember(tx *db.Tx, caller auth.Caller, in memberInput) (wire.Success, error) {
	room, grant, u, err := lockForAdding(tx, caller, in, adding(in.Body.ID))
	if err != nil {
		return wire.Success{}, err
	}
	return s.add(tx, grant, room.Stream, in.Body.ID, u)
}

// adding is to add a user to a room: for owners, for members if members can invite, and for users
// who join a public room of their own company.
func adding(user wire.UserID) streams.Action {
	return streams.Action{
		Right: auth.AddAndRemoveUsersInAnyRoom,
		Own: func(_ *db.Tx, caller auth.Caller, room streams.Seen) (bool, error) {
			joins := user == caller.User && room.Public && room.Company == caller.Company
			return joins || room.In && (room.Self.Owner || room.MembersCanInvite), nil
		},
		Refusal: "only owners, and members who can invite, may add users to room %s",
	}
}

// addingAsAdmin is to add a user by the right that the operation asks for.
var addingAsAdmin = streams.Action{
	Own: func(_ *db.Tx, caller auth.Caller, room streams.Seen) (bool, error) {
		return room.Company == caller.Company, nil
	},
	Refusal: "room %s is another company's",
}

func (s *Service) addMemberAsAdmin(tx *db.Tx, caller auth.Caller, in memberInput) (wire.Success, error) {
	room, grant, u, err := lockForAdding(tx, caller, in, addingAsAdmin)
	if err != nil {
		return wire.Success{}, err
	}
	return s.add(tx, grant, room.Stream, in.Body.ID, u)
}

// add adds a user to a room. lockForAdding must have locked both and returned the account.
func (s *Service) add(tx *db.Tx, grant auth.Grant, room streams.Stream, id wire.UserID, u accounts.User) (wire.Success, error) {
	if !room.Active {
		return wire.Success{}, apierr.Invalid("Cannot add member to a deactivated room")
	}
	if u.Status != accounts.Enabled {
		return wire.Success{}, accounts.Unknown(db.ErrNoRow, id)
	}
	if u.AccountType == auth.SDL {
		return s.addGroup(tx, grant, room, u)
	}
	if err := admission.MayEnter(tx, grant.Caller, room, u); err != nil {
		return wire.Success{}, err
	}
	if err := admission.MayMeetAll(tx, room, u.ID, u.Walled); err != nil {
		return wire.Success{}, err
	}
	if err := s.enter(tx, &room, u); err != nil {
		return wire.Success{}, err
	}
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return wire.Success{}, err
	}
	added := facts.MemberAdded{Stream: place, User: facts.PersonOf(u), ByAdministrator: grant.UsesRight()}
	return wire.Done("Member added"), s.Journal.Record(tx, grant, room.Subject(), added)
}

// enter inserts a new membership.
func (s *Service) enter(tx *db.Tx, room *streams.Stream, u accounts.User) error {
	newCompany := false
	if room.CrossPod && u.Company != room.Company {
		present, err := streams.HasCompany(tx, *room, u.Company)
		if err != nil {
			return err
		}
		newCompany = !present
	}
	if err := streams.InsertMembers(tx, *room, streams.Member{User: u.ID, Joined: tx.Now()}); err != nil {
		return err
	}
	room.Members, room.Modified = room.Members+1, tx.Now()
	if err := streams.SaveCounts(tx, *room); err != nil {
		return err
	}
	if err := streams.CountCompany(tx, *room, u.Company, 1); err != nil {
		return err
	}
	if newCompany {
		return s.Index.Add(tx, *room, u.Company)
	}
	return nil
}
