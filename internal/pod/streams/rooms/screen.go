package rooms

import (
	"context"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/dlp"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// look returns what the policies of the caller's company find in the texts of a room.
func (s *Service) look(ctx context.Context, caller auth.Caller, a RoomAttributes) (dlp.Found, error) {
	content := dlp.Content{Kind: dlp.RoomMeta}
	for _, text := range []*string{a.Name, a.Description} {
		if text != nil {
			content.Texts = append(content.Texts, *text)
		}
	}
	for _, k := range a.Keywords {
		content.Texts = append(content.Texts, k.Key, k.Value)
	}
	if len(content.Texts) == 0 {
		return dlp.Found{}, nil
	}
	return s.DLP.Check(ctx, caller.Company, content)
}

// screen records what policies have found in a room that is about to be created or changed, or
// fails with *dlp.Blocked. doing is "room creation" or "room update".
func screen(tx *db.Tx, caller auth.Caller, found dlp.Found, room streams.Stream, doing string) error {
	if !found.Any() {
		return nil
	}
	companies, err := streams.CompaniesOf(tx, room)
	if err != nil {
		return err
	}
	external := room.CrossPod
	for _, c := range companies {
		external = external || c != caller.Company
	}
	v := found.In(external)
	if v == nil {
		return nil
	}
	creator, err := accounts.Briefs(tx, []wire.UserID{room.Creator})
	if err != nil {
		return err
	}
	v.Company, v.Requester, v.Kind, v.Doing = caller.Company, caller.User, dlp.StreamKind, doing
	v.Entity, v.WireID = room.ID.Standard(), string(room.ID)
	v.Said = dlp.Stream{
		Name: room.Name, CreatorName: creator[0].DisplayName, Public: room.Public, CrossPod: room.CrossPod, External: room.CrossPod,
		Creator: room.Creator.String(), Description: room.Description, ID: room.ID, State: "CREATED", Type: string(room.Type),
		CanInvite: room.MembersCanInvite, Active: room.Active, Listed: room.Discoverable, ReadOnly: room.ReadOnly,
		CopyDenied: room.CopyProtected, Foreign: room.Company != caller.Company, History: room.ViewHistory,
	}
	return v.Enforce(tx)
}
