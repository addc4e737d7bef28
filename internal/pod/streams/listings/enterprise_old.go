package listings

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// EnterpriseStreamsV1 is a page of a company's streams: the published AdminStreamList.
type EnterpriseStreamsV1 struct {
	Count   int64                `json:"count"`
	Skip    int                  `json:"skip"`
	Limit   int                  `json:"limit"`
	Filter  EnterpriseFilter     `json:"filter"`
	Streams []EnterpriseStreamV1 `json:"streams"`
}

// EnterpriseStreamV1 is a stream as administrators see it, in the first form.
type EnterpriseStreamV1 struct {
	ID         wire.StreamID          `json:"id"`
	External   bool                   `json:"isExternal"`
	Active     bool                   `json:"isActive"`
	Public     *bool                  `json:"isPublic,omitempty"`
	Type       streams.Type           `json:"type"`
	Attributes EnterpriseAttributesV1 `json:"attributes"`
}

// EnterpriseAttributesV1 is what administrators see of a stream, in the first form.
type EnterpriseAttributesV1 struct {
	RoomName         *string        `json:"roomName,omitempty"`
	RoomDescription  *string        `json:"roomDescription,omitempty"`
	Members          []wire.UserID  `json:"members,omitempty"`
	CreatedByUserID  wire.UserID    `json:"createdByUserId"`
	CreatedDate      wire.Time      `json:"createdDate"`
	LastModifiedDate wire.Time      `json:"lastModifiedDate"`
	OriginCompany    string         `json:"originCompany,omitempty"`
	OriginCompanyID  wire.CompanyID `json:"originCompanyId"`
	MembersCount     int64          `json:"membersCount"`
}

func (s *Service) listEnterpriseV1(tx *db.Tx, caller auth.Caller, in enterpriseInput) (EnterpriseStreamsV1, error) {
	list, err := enterprise(tx, caller, in)
	out := EnterpriseStreamsV1{
		Count: list.Count, Skip: list.Skip, Limit: list.Limit, Filter: list.Filter, Streams: make([]EnterpriseStreamV1, len(list.Streams)),
	}
	for i, e := range list.Streams {
		a := e.Attributes
		out.Streams[i] = EnterpriseStreamV1{
			ID: e.ID, External: e.External, Active: e.Active, Public: e.Public, Type: e.Type,
			Attributes: EnterpriseAttributesV1{
				RoomName: a.RoomName, RoomDescription: a.RoomDescription, Members: a.Members, CreatedByUserID: a.CreatedByUserID,
				CreatedDate: a.CreatedDate, LastModifiedDate: a.LastModifiedDate, OriginCompany: a.OriginCompany,
				OriginCompanyID: a.OriginCompanyID, MembersCount: a.MembersCount,
			},
		}
	}
	return out, err
}
