package groups

import (
	"reflect"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

var updateGroup = op.Operation[Service]{
	ID:      "updateGroup",
	Route:   "PUT /profile-manager/v1/groups/{groupId}",
	Tag:     "Groups",
	Summary: "Change or delete a distribution list.",
	About: "The header If-Match has the eTag of the list as it was read, or *. The list " +
		"becomes what is sent: members who are not named leave. Members, profile, status " +
		"and restrictions that are omitted remain unchanged. The status DELETED deletes a " +
		"list: it is read as before, accepts no new members, and can be made active " +
		"again.",
	Needs:  manager,
	Also:   []int{404, 412, 429, 452},
	Errors: groupErrors,
	Handle: op.Write((*Service).update),
}

type updateInput struct {
	Host    string `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	GroupID string `path:"groupId" maxLength:"256"`
	IfMatch string `header:"If-Match" required:"true" maxLength:"256" doc:"The eTag of the version to change."`
	Body    UpdateGroup
}

// UpdateGroup is the new state of a group.
type UpdateGroup struct {
	CreateGroup
	ID     string  `json:"id,omitempty" maxLength:"256" doc:"If given, the same as in the path."`
	ETag   string  `json:"eTag,omitempty" maxLength:"256" doc:"Ignored: the header If-Match counts."`
	Status *Status `json:"status,omitempty"`
}

func (in updateInput) Validate() error {
	switch {
	case in.IfMatch == "":
		return apierr.Invalid("Invalid value for If-Match: it is required")
	case in.Body.ID != "" && in.Body.ID != in.GroupID:
		return apierr.Invalid("id: it is not the group in the path")
	case in.Body.Status != nil && !slices.Contains(Status("").Enum(), string(*in.Body.Status)):
		return apierr.Invalid("status: ACTIVE or DELETED is expected")
	}
	return in.Body.check()
}

// matches reports whether the header If-Match names a version, in quotes or without.
func (in updateInput) matches(tag string) bool {
	for part := range strings.SplitSeq(in.IfMatch, ",") {
		if part = strings.Trim(strings.TrimSpace(part), `"`); part == tag || part == "*" {
			return true
		}
	}
	return false
}

func (s *Service) update(tx *db.Tx, caller auth.Caller, in updateInput) (v op.Versioned[ReadGroup], err error) {
	g, err := locked(tx, caller, in.GroupID)
	if err != nil {
		return v, err
	}
	if !in.matches(g.tag) {
		return v, apierr.Changed("The group was changed meanwhile: read it again")
	}
	if err := in.Body.ownedBy(caller.Company); err != nil {
		return v, err
	}
	if err := wording.Changed(wording.Text{Field: "name", Was: g.name, Value: in.Body.Name}); err != nil {
		return v, err
	}
	members, err := g.members(tx)
	if err != nil {
		return v, err
	}
	c := change{old: g, next: g.changed(tx, caller), members: members, staying: members}
	c.next.name, c.next.limits = in.Body.Name, in.Body.limits(g.limits)
	if in.Body.Status != nil {
		c.next.status = *in.Body.Status
	}
	if in.Body.Members != nil {
		c.staying, c.joining, c.leaving = compare(members, usersOf(*in.Body.Members))
	}
	facts, err := s.apply(tx, caller, c, in.Body.Profile)
	if err != nil {
		return v, err
	}
	if v, err = c.next.read(tx); err != nil {
		return v, err
	}
	return v, s.Journal.RecordAll(tx, caller, facts)
}

// change is a group before and after an update, with the members who stay, join and leave.
type change struct {
	old, next                 group
	members                   []wire.UserID // of old
	staying, joining, leaving []wire.UserID
}

// compare returns which members are in both lists, only in the second, and only in the first.
func compare(were, will []wire.UserID) (staying, joining, leaving []wire.UserID) {
	were, will = slices.Sorted(slices.Values(were)), slices.Sorted(slices.Values(will))
	for _, id := range will {
		if _, found := slices.BinarySearch(were, id); found {
			staying = append(staying, id)
		} else {
			joining = append(joining, id)
		}
	}
	for _, id := range were {
		if _, found := slices.BinarySearch(will, id); !found {
			leaving = append(leaving, id)
		}
	}
	return staying, joining, leaving
}

// apply makes a change, and returns the facts to record.
func (s *Service) apply(tx *db.Tx, caller auth.Caller, c change, profile *BaseProfile) ([]journal.Happened, error) {
	if c.next.status == Deleted && len(c.joining) > 0 {
		return nil, apierr.Invalid("members: a deleted group takes no new ones")
	}
	back := c.old.status == Deleted && c.next.status == Active
	left, joined := c.moved()
	if err := s.holdMoving(tx, caller.Company, slices.Concat(joined, c.joining), slices.Concat(left, c.leaving)); err != nil {
		return nil, err
	}
	if err := s.admissible(tx, caller.Company, c.staying, c.joining); err != nil {
		return nil, err
	}
	if back {
		if err := s.mayMeet(tx, nil, c.staying); err != nil {
			return nil, err
		}
	}
	if err := saveGroup(tx, c.next); err != nil {
		return nil, err
	}
	names, err := s.applyToAccount(tx, c, profile)
	if err != nil {
		return nil, err
	}
	if err := s.applyMembers(tx, caller, c); err != nil {
		return nil, err
	}
	if c.old.status != c.next.status { // last, because it locks the account's presence
		if err := s.applyStatus(tx, caller, c.next); err != nil {
			return nil, err
		}
		names = append(names, "status")
	}
	if c.old.name != c.next.name {
		names = append([]string{"name"}, names...)
	}
	if !reflect.DeepEqual(c.old.limits.filled(), c.next.limits.filled()) {
		names = append(names, "restrictions")
	}
	var facts []journal.Happened
	// an update without changes shows in the tag and the date
	if len(names) > 0 || len(c.joining)+len(c.leaving) == 0 {
		facts = one(c.next, Updated{Name: c.next.name, Status: c.next.status, Changed: append([]string{}, names...)})
	}
	return slices.Concat(facts, removed(c.next, c.leaving), added(c.next, c.joining)), nil
}

// applyToAccount changes the profile of the group's account, and returns the names of what changed.
func (s *Service) applyToAccount(tx *db.Tx, c change, profile *BaseProfile) ([]string, error) {
	account, err := accounts.OwnOrList(tx, c.next.company, c.next.id)
	if err != nil {
		return nil, err
	}
	var names []string
	if profile != nil {
		if err := profile.checkTexts(profileOf(account).BaseProfile); err != nil {
			return nil, err
		}
		before := account.Attributes
		if account, err = s.Accounts.ChangeList(tx, account, profile.attributes()); err != nil {
			return nil, err
		}
		if !reflect.DeepEqual(before, account.Attributes) {
			names = append(names, "profile")
		}
	}
	return names, nil
}

// applyStatus disables the account of a deleted group, and enables that of an active one.
func (s *Service) applyStatus(tx *db.Tx, caller auth.Caller, g group) error {
	account, err := accounts.OwnOrList(tx, g.company, g.id)
	if err != nil {
		return err
	}
	status := accounts.Enabled
	if g.status == Deleted {
		status = accounts.Disabled
	}
	return s.Accounts.SetListStatus(tx, caller, account, status)
}

// moved returns who must leave the rooms of the group and who must join them: all members if the
// group is deleted or restored.
func (c change) moved() (left, joined []wire.UserID) {
	switch {
	case c.old.status == Active && c.next.status == Deleted:
		return c.members, c.joining
	case c.old.status == Deleted && c.next.status == Active:
		return nil, slices.Concat(c.staying, c.joining)
	case c.next.status == Deleted:
		return nil, nil
	}
	return c.leaving, c.joining
}

// applyMembers changes the members of the group, and tells who left and joined.
func (s *Service) applyMembers(tx *db.Tx, caller auth.Caller, c change) error {
	if err := deleteMembers(tx, c.next.id, c.leaving); err != nil {
		return err
	}
	if err := insertMembers(tx, c.next.id, c.joining); err != nil {
		return err
	}
	left, joined := c.moved()
	if err := s.left(tx, caller, c.next.id, left); err != nil {
		return err
	}
	return s.joined(tx, caller, c.next.id, joined)
}
