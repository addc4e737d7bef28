package journal

import (
	"encoding/json"
	"strings"

	"podium/internal/auth"
	"podium/internal/wire"
)

// Line is how the published audit trail shows a fact, beside the actor and the time. The zero Line
// is invalid: use Action, Profile or Unaudited.
type Line struct {
	Why string // why the trail leaves out facts of the kind; empty: it shows them

	// Rights depend on data (the owner of a room), not on the operation: a caller who holds one
	// acts by it.
	Rights []auth.Right

	// OwnLeftOut leaves out what actors do to themselves.
	OwnLeftOut bool

	Name, Title                   string // the published actionName and action
	Attribute, OldValue, NewValue *string
	AppID, AppName                string
	Thread                        *Thread
	Affected                      *Affected
}

// Thread is the conversation of a line.
type Thread struct {
	ID       string
	Type     string // Room, IM, MIM
	External bool   // it has members of several companies
}

// Affected is the account that an action concerns, if that is not the fact's subject.
type Affected struct {
	ID              wire.UserID
	Username, Email string
}

// Unaudited returns the line of facts that the trail leaves out, with the reason.
func Unaudited(why string) Line { return Line{Why: why} }

// Reasons that several chapters have.
const (
	ByOperator   = "The operator does it, from the command line, and no account."
	ByThemselves = "People do it for themselves, without an administrative right."
)

// Action returns the line of an action without members of its own. Published are the names
// createUser, createServiceAccount, rsaKeyAdded, profileInfoUpdate, userAppEntitlementInstall and
// addedMember; the others are ours, in their manner.
func Action(name, title string) Line { return Line{Name: name, Title: title} }

// Profile returns the line of a change of an account's attribute.
func Profile(attribute string, before, after any) Line {
	old, fresh := Text(before), Text(after)
	return Line{Name: "profileInfoUpdate", Title: "Profile info update", Attribute: &attribute, OldValue: &old, NewValue: &fresh}
}

// Of returns the line with an attribute.
func (l Line) Of(attribute string) Line {
	l.Attribute = &attribute
	return l
}

// Now returns the line with a new value.
func (l Line) Now(value any) Line {
	text := Text(value)
	l.NewValue = &text
	return l
}

// OnApp returns the line as that of an action on an application.
func (l Line) OnApp(id, name string) Line {
	l.AppID, l.AppName = id, name
	return l
}

// By returns the line with rights that depend on data.
func (l Line) By(rights ...auth.Right) Line {
	l.Rights = rights
	return l
}

// ExceptOwn returns the line as one that leaves out what actors do to themselves.
func (l Line) ExceptOwn() Line {
	l.OwnLeftOut = true
	return l
}

// Text formats a value as the trail does: a text unchanged, a list in brackets with commas,
// anything else as JSON; null is empty.
func Text(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	data, err := json.Marshal(value)
	if err != nil { // facts are of types that can always be encoded
		panic(err)
	}
	return written(data)
}

func written(value json.RawMessage) string {
	var text string
	var list []json.RawMessage
	switch {
	case len(value) == 0 || string(value) == "null":
		return ""
	case json.Unmarshal(value, &text) == nil:
		return text
	case json.Unmarshal(value, &list) == nil:
		words := make([]string, len(list))
		for i, one := range list {
			words[i] = written(one)
		}
		return "[" + strings.Join(words, ",") + "]"
	}
	return string(value)
}
