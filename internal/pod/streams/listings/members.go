package listings

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/companies"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var listStreamMembers = op.Operation[Service]{
	ID:      "listStreamMembers",
	Route:   "GET /pod/v1/admin/stream/{id}/membership/list",
	Tag:     "Streams",
	Summary: "List the members of a stream, in the order in which they joined.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).listStreamMembers),
}

type listStreamMembersInput struct {
	ID    wire.StreamID `path:"id"`
	Skip  int           `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int           `query:"limit" default:"100" min:"1" max:"1000"`
}

// StreamMembers is a page of the members of a stream: the published V2MembershipList.
type StreamMembers struct {
	Count   int64          `json:"count" doc:"The total."`
	Skip    int            `json:"skip"`
	Limit   int            `json:"limit"`
	Members []StreamMember `json:"members"`
}

// StreamMember is a member of a stream.
type StreamMember struct {
	User     StreamMemberUser `json:"user"`
	Owner    bool             `json:"isOwner"`
	Creator  bool             `json:"isCreator"`
	JoinDate wire.Time        `json:"joinDate"`
	Through  []wire.UserID    `json:"addedThroughGroups,omitempty" doc:"The distribution lists through which the user is in the room, if through lists alone."`
}

// StreamMemberUser is the account of a member. E-mail addresses of another company's users are left
// out.
type StreamMemberUser struct {
	UserID      wire.UserID    `json:"userId"`
	Email       string         `json:"email,omitempty"`
	FirstName   string         `json:"firstName,omitempty"`
	LastName    string         `json:"lastName,omitempty"`
	DisplayName string         `json:"displayName"`
	Company     string         `json:"company"`
	CompanyID   wire.CompanyID `json:"companyId"`
	External    bool           `json:"isExternal"`
}

func (s *Service) listStreamMembers(tx *db.Tx, caller auth.Caller, in listStreamMembersInput) (StreamMembers, error) {
	found, err := streams.See(tx, caller, in.ID)
	if err != nil {
		return StreamMembers{}, err
	}
	page, err := db.All(tx, streams.ScanMember, `
		SELECT user_id, owner, joined
		FROM stream_members
		WHERE stream = $1
		ORDER BY joined, user_id
		LIMIT $2 OFFSET $3`, found.Number, in.Limit, in.Skip)
	if err != nil {
		return StreamMembers{}, err
	}
	people, err := streams.PeopleOf(tx, page)
	if err != nil {
		return StreamMembers{}, err
	}
	origin, err := streams.Through(tx, found.Stream, page)
	if err != nil {
		return StreamMembers{}, err
	}
	out := StreamMembers{Count: found.Members, Skip: in.Skip, Limit: in.Limit, Members: make([]StreamMember, len(page))}
	names := map[wire.CompanyID]string{}
	for i, m := range page {
		u, company := people[m.User], m.User.Company()
		if names[company], err = companyName(tx, names, company); err != nil {
			return StreamMembers{}, err
		}
		out.Members[i] = StreamMember{
			User: StreamMemberUser{
				UserID: m.User, Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, DisplayName: u.DisplayName,
				Company: names[company], CompanyID: company, External: company != caller.Company,
			},
			Owner: m.Owner, Creator: m.User == found.Creator, JoinDate: m.Joined, Through: origin[m.User],
		}
		if company != caller.Company {
			out.Members[i].User.Email = ""
		}
	}
	return out, nil
}

// companyName returns a company's name, from known if it is there.
func companyName(tx *db.Tx, known map[wire.CompanyID]string, id wire.CompanyID) (string, error) {
	if name, ok := known[id]; ok {
		return name, nil
	}
	c, err := companies.Find(tx, id)
	return c.Name, err
}
