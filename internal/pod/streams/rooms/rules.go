package rooms

import (
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/pod/streams"
	"podium/internal/wording"
)

// Limits of a room's attributes. That of names is published; the others are our choice.
const (
	MaxName        = 49
	maxDescription = 1000
	maxKeywords    = 100
	maxKey         = 64
	maxValue       = 256
)

// Validate returns an error that names the first invalid attribute.
func (a RoomAttributes) Validate() error {
	switch {
	case a.Name != nil && strings.TrimSpace(*a.Name) == "":
		return apierr.Invalid("Room name is required")
	case a.Name != nil && utf8.RuneCountInString(*a.Name) > MaxName:
		return apierr.Invalid("Room name must be shorter than %d characters", MaxName+1)
	case a.Description != nil && utf8.RuneCountInString(*a.Description) > maxDescription:
		return apierr.Invalid("description: it has more than %d characters", maxDescription)
	case len(a.Keywords) > maxKeywords:
		return apierr.Invalid("Invalid keyword: there are more than %d", maxKeywords)
	}
	known := make(map[string]bool, len(a.Keywords))
	for _, k := range a.Keywords {
		switch {
		case strings.TrimSpace(k.Key) == "":
			return apierr.Invalid("Invalid keyword: it needs a key")
		case strings.TrimSpace(k.Value) == "":
			return apierr.Invalid("Invalid keyword: %s needs a value", k.Key)
		case strings.Contains(k.Key, "!"):
			return apierr.Invalid("Invalid keyword: %s: a key has no exclamation mark", k.Key)
		case utf8.RuneCountInString(k.Key) > maxKey:
			return apierr.Invalid("Invalid keyword: a key has at most %d characters", maxKey)
		case utf8.RuneCountInString(k.Value) > maxValue:
			return apierr.Invalid("Invalid keyword: the value of %s has more than %d characters", k.Key, maxValue)
		case known[k.Key]:
			return apierr.Invalid("Invalid keyword: %s is given twice", k.Key)
		}
		known[k.Key] = true
	}
	return nil
}

// checkTexts returns an error for the first changed text that package wording refuses.
func checkTexts(r, was streams.Attributes) error {
	err := wording.Changed(
		wording.Text{Field: "name", Was: was.Name, Value: r.Name},
		wording.Text{Field: "description", Was: was.Description, Value: r.Description, Check: wording.Prose},
	)
	for _, k := range r.Keywords {
		if err == nil && !slices.Contains(was.Keywords, k) {
			err = wording.ChangedList("keywords", nil, []string{k.Key, k.Value})
		}
	}
	return err
}

// fresh returns the attributes of a new room, with defaults.
func (a RoomAttributes) fresh() (streams.Attributes, error) {
	if a.Name == nil {
		return streams.Attributes{}, apierr.Invalid("Room name is required")
	}
	r := streams.Attributes{Name: *a.Name, Keywords: a.Keywords}
	set(&r.Description, a.Description)
	set(&r.Public, a.Public)
	r.MembersCanInvite, r.Discoverable, r.ViewHistory = r.Public, r.Public, r.Public
	set(&r.MembersCanInvite, a.MembersCanInvite)
	set(&r.Discoverable, a.Discoverable)
	set(&r.ViewHistory, a.ViewHistory)
	set(&r.ReadOnly, a.ReadOnly)
	set(&r.CopyProtected, a.CopyProtected)
	set(&r.CrossPod, a.CrossPod)
	set(&r.MultiLateral, a.MultiLateral)
	set(&r.ScheduledMeeting, a.ScheduledMeeting)
	return r, agree(r)
}

// set stores a given value.
func set[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}

// agree returns an error for attributes that contradict each other.
func agree(r streams.Attributes) error {
	for _, c := range []struct {
		wrong            bool
		name, value, why string
	}{
		{r.Public && !r.ViewHistory, "viewHistory", "false", "public room"},
		{r.Public && !r.Discoverable, "discoverable", "false", "public room"},
		{r.Public && !r.MembersCanInvite, "membersCanInvite", "false", "public room"},
		{r.CrossPod && r.Public, "public", "true", "cross pod room"},
		{r.CrossPod && r.ReadOnly, "readOnly", "true", "cross pod room"},
		{r.CrossPod && r.Discoverable, "discoverable", "true", "cross pod room"},
		{r.MultiLateral && !r.CrossPod, "multiLateralRoom", "true", "room of one pod"},
	} {
		if c.wrong {
			return apierr.Invalid("Attribute %s cannot be %s for a %s", c.name, c.value, c.why)
		}
	}
	return nil
}

// changed returns a room's attributes after an update. It fails if an immutable one differs.
func (a RoomAttributes) changed(r streams.Attributes) (streams.Attributes, error) {
	for _, c := range []struct {
		name  string
		given *bool
		is    bool
	}{
		{"public", a.Public, r.Public}, {"crossPod", a.CrossPod, r.CrossPod}, {"multiLateralRoom", a.MultiLateral, r.MultiLateral},
		{"scheduledMeeting", a.ScheduledMeeting, r.ScheduledMeeting}, {"groupChat", a.GroupChat, r.GroupChat},
	} {
		if c.given != nil && *c.given != c.is {
			return r, apierr.Invalid("Attribute %s cannot be changed", c.name)
		}
	}
	if a.SubType != nil && *a.SubType != r.SubType {
		return r, apierr.Invalid("Attribute subType cannot be changed")
	}
	if a.CopyProtected != nil && r.CopyProtected && !*a.CopyProtected {
		return r, apierr.Invalid("copyProtected cannot be disabled")
	}
	set(&r.Name, a.Name)
	set(&r.Description, a.Description)
	set(&r.MembersCanInvite, a.MembersCanInvite)
	set(&r.Discoverable, a.Discoverable)
	set(&r.ReadOnly, a.ReadOnly)
	set(&r.CopyProtected, a.CopyProtected)
	set(&r.ViewHistory, a.ViewHistory)
	if a.Keywords != nil {
		r.Keywords = a.Keywords
	}
	return r, agree(r)
}
