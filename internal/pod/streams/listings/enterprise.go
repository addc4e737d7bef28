package listings

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var listEnterprise = op.Operation[Service]{
	ID:      "listEnterpriseStreams",
	Route:   "POST /pod/v2/admin/streams/list",
	Tag:     "Streams",
	Summary: "List the IMs, MIMs and rooms that users of the company are in, oldest first.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).listEnterprise),
}

var listEnterpriseV1 = op.Operation[Service]{
	ID:         "listEnterpriseStreamsV1",
	Route:      "POST /pod/v1/admin/streams/list",
	Tag:        "Streams",
	Summary:    "List the IMs, MIMs and rooms that users of the company are in, oldest first; first form.",
	Deprecated: true,
	Needs:      auth.All(auth.AccessUserProvisioningAPI),
	Handle:     op.Read((*Service).listEnterpriseV1),
}

type enterpriseInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"50" min:"1" max:"100"`
	Body  *EnterpriseFilter
}

func (in enterpriseInput) Validate() error {
	if in.Body == nil {
		return nil
	}
	return in.Body.validate()
}

// EnterpriseStreams is a page of a company's streams: the published V2AdminStreamList.
type EnterpriseStreams struct {
	Count   int64              `json:"count" doc:"The total."`
	Skip    int                `json:"skip"`
	Limit   int                `json:"limit"`
	Filter  EnterpriseFilter   `json:"filter"`
	Streams []EnterpriseStream `json:"streams"`
}

// EnterpriseStream is a stream as administrators see it.
type EnterpriseStream struct {
	ID         wire.StreamID        `json:"id"`
	External   bool                 `json:"isExternal"`
	Active     bool                 `json:"isActive"`
	Public     *bool                `json:"isPublic,omitempty" doc:"Rooms only."`
	Type       streams.Type         `json:"type"`
	CrossPod   bool                 `json:"crossPod"`
	Origin     string               `json:"origin" doc:"INTERNAL if the creator is of the caller's company, else EXTERNAL."`
	Attributes EnterpriseAttributes `json:"attributes"`
}

// EnterpriseAttributes holds what administrators see of a stream.
type EnterpriseAttributes struct {
	RoomName         *string        `json:"roomName,omitempty"`
	RoomDescription  *string        `json:"roomDescription,omitempty"`
	Members          []wire.UserID  `json:"members,omitempty" doc:"IMs and MIMs only."`
	CreatedByUserID  wire.UserID    `json:"createdByUserId"`
	CreatedDate      wire.Time      `json:"createdDate"`
	LastModifiedDate wire.Time      `json:"lastModifiedDate"`
	OriginCompany    string         `json:"originCompany,omitempty"`
	OriginCompanyID  wire.CompanyID `json:"originCompanyId"`
	MembersCount     int64          `json:"membersCount"`
	LastMessageDate  wire.Time      `json:"lastMessageDate,omitempty"`
	GroupChat        *bool          `json:"groupChat,omitempty"`
}

func (s *Service) listEnterprise(tx *db.Tx, caller auth.Caller, in enterpriseInput) (EnterpriseStreams, error) {
	return enterprise(tx, caller, in)
}

// enterprise returns a page of the streams in which the caller's company has members.
func enterprise(tx *db.Tx, caller auth.Caller, in enterpriseInput) (EnterpriseStreams, error) {
	out := EnterpriseStreams{Skip: in.Skip, Limit: in.Limit}
	if in.Body != nil {
		out.Filter = *in.Body
	}
	if out.Filter.Types == nil {
		out.Filter.Types = []TypeObject{}
	}
	where, args := out.Filter.where(caller.Company)
	query := `
		SELECT s.number
		FROM streams s
		WHERE s.company = $1 AND s.members > 0` + where + `
		UNION ALL
		SELECT s.number
		FROM stream_companies c JOIN streams s ON s.number = c.stream
		WHERE c.company = $1 AND c.members > 0 AND s.company <> $1` + where
	var err error
	if out.Count, err = db.Value[int64](tx, `SELECT COUNT(*) FROM (`+query+`) AS found`, args...); err != nil {
		return out, err
	}
	page, err := db.All(tx, streams.ScanStreams(), streams.Select+`
		JOIN (`+query+`
			ORDER BY 1
			LIMIT `+parameter(len(args)+1)+` OFFSET `+parameter(len(args)+2)+`
		) AS page ON page.number = s.number
		ORDER BY s.number`, append(args, in.Limit, in.Skip)...)
	if err != nil {
		return out, err
	}
	out.Streams, err = enterpriseStreams(tx, caller, page)
	return out, err
}

// enterpriseStreams returns streams as administrators see them.
func enterpriseStreams(tx *db.Tx, caller auth.Caller, page []streams.Stream) ([]EnterpriseStream, error) {
	members, err := fixedMembers(tx, page)
	if err != nil {
		return nil, err
	}
	last, err := streams.LastMessages(tx, page...)
	if err != nil {
		return nil, err
	}
	list := make([]EnterpriseStream, len(page))
	names := map[wire.CompanyID]string{}
	for i, s := range page {
		if names[s.Company], err = companyName(tx, names, s.Company); err != nil {
			return nil, err
		}
		list[i] = EnterpriseStream{
			ID: s.ID, External: s.CrossPod, Active: s.Active, Type: s.Type, CrossPod: s.CrossPod, Origin: s.Origin(caller.Company),
			Attributes: EnterpriseAttributes{
				CreatedByUserID: s.Creator, CreatedDate: s.Created, LastModifiedDate: s.Modified, OriginCompany: names[s.Company],
				OriginCompanyID: s.Company, MembersCount: s.Members, LastMessageDate: last[s.Number],
			},
		}
		if s.Type == streams.Room {
			list[i].Public = &s.Public
			a := &list[i].Attributes
			a.RoomName, a.RoomDescription, a.GroupChat = &s.Name, &s.Description, &s.GroupChat
		} else {
			list[i].Attributes.Members = members[s.Number]
		}
	}
	return list, nil
}
