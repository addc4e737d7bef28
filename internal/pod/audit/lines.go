package audit

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/wire"
)

// fact is an entry of the log with the fact's members to look at.
type fact struct {
	journal.Entry
	members map[string]json.RawMessage
}

// text is a member as the trail writes it: a text as it is, a list in brackets with commas, anything
// else as in JSON; absent and null are empty.
func (f fact) text(name string) string { return written(f.members[name]) }

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
		return brackets(words)
	}
	return string(value)
}

func brackets(words []string) string { return "[" + strings.Join(words, ",") + "]" }

// name names the action.
func (i *Item) name(name, title string) { i.ActionName, i.Action = name, title }

// profile is the action under which whatever changes of an account is published.
func (i *Item) profile(attribute, before, after string) {
	i.name("profileInfoUpdate", "Profile info update")
	i.Attribute, i.OldValue, i.NewValue = &attribute, &before, &after
}

// named is an action without members of its own.
func named(name, title string) func(fact, *Item) {
	return func(_ fact, i *Item) { i.name(name, title) }
}

func userCreated(f fact, i *Item) {
	if f.text("accountType") == string(auth.System) {
		i.name("createServiceAccount", "Service Account Created")
		return
	}
	i.name("createUser", "End-user account created")
}

func keyChanged(f fact, i *Item) {
	switch f.text("action") {
	case "revoked":
		i.name("rsaKeyRevoked", "RSA Key Revoked")
	case "extended":
		i.name("rsaKeyExtended", "RSA Key Extended")
	default:
		i.name("rsaKeyAdded", "RSA Key Added")
	}
}

// changed is a change of an attribute, of a fact {old, new}.
func changed(attribute string) func(fact, *Item) {
	return func(f fact, i *Item) { i.profile(attribute, f.text("old"), f.text("new")) }
}

func profileChanged(f fact, i *Item) { i.profile(f.text("attribute"), f.text("old"), f.text("new")) }
func featureChanged(f fact, i *Item) { i.profile(f.text("feature"), f.text("old"), f.text("new")) }

// nameFlagged is a name that mixes scripts, in a company that has such names flagged.
func nameFlagged(f fact, i *Item) {
	i.name("userNameFlagged", "User name of mixed scripts")
	attribute, name := f.text("attribute"), f.text("name")
	i.Attribute, i.NewValue = &attribute, &name
}

// rolesChanged shows roles as people read them: [Individual,Administrator].
func rolesChanged(f fact, i *Item) { i.profile("roles", f.roleNames("old"), f.roleNames("new")) }

func (f fact) roleNames(member string) string {
	var roles []auth.Role
	_ = json.Unmarshal(f.members[member], &roles) // we wrote it
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
		if r, ok := auth.FindRole(role); ok {
			names[i] = r.Name + strings.TrimPrefix(string(role), string(r.ID)) // an optional action stays behind its dot
		}
	}
	return brackets(names)
}

func suspensionChanged(f fact, i *Item) {
	suspended := f.text("suspended") == "true"
	i.profile("suspended", strconv.FormatBool(!suspended), strconv.FormatBool(suspended))
}

func delegateChanged(f fact, i *Item) {
	if f.text("action") == "REMOVE" {
		i.profile("delegates", f.text("delegate"), "")
		return
	}
	i.profile("delegates", "", f.text("delegate"))
}

func appInstalled(f fact, i *Item) {
	i.name("userAppEntitlementInstall", "App installed")
	if f.text("install") == "false" {
		i.name("userAppEntitlementUninstall", "App uninstalled")
	}
	i.AppID, i.AppName = f.text("app"), f.text("name")
}

// appChange is an action on an application.
func appChange(name, title string) func(fact, *Item) {
	return func(f fact, i *Item) {
		i.name(name, title)
		i.AppID, i.AppName = f.Subject.ID, f.text("name")
	}
}

// appUserChanged is that an application was listed or hidden for a user, or its products changed.
func appUserChanged(f fact, i *Item) {
	i.name("userAppEntitlementUpdate", "App entitlement updated")
	i.AppID, i.AppName = f.text("app"), f.text("name")
}

// setting is an action on one of the company's settings: a scheme, an extension.
func setting(name, title string) func(fact, *Item) {
	return func(f fact, i *Item) {
		i.name(name, title)
		attribute := f.Subject.ID
		i.Attribute = &attribute
	}
}

// fileExtensionSet shows where files of a type may be sent: [internal,external,crossPod].
func fileExtensionSet(f fact, i *Item) {
	setting("fileExtensionUpdated", "File extension updated")(f, i)
	scopes := slices.DeleteFunc([]string{"internal", "external", "crossPod"}, func(scope string) bool { return f.text(scope) != "true" })
	value := brackets(scopes)
	i.NewValue = &value
}

// called is an action on something that has a name.
func called(name, title string) func(fact, *Item) {
	return func(f fact, i *Item) {
		i.name(name, title)
		attribute := f.text("name")
		i.Attribute = &attribute
	}
}

// room is an action on a room, or on an IM: which, and whether people of other companies are in it.
func room(name, title string) func(fact, *Item) {
	return func(f fact, i *Item) {
		i.name(name, title)
		var stream struct {
			Type     string `json:"type"`
			Name     string `json:"name"`
			External bool   `json:"external"`
		}
		_ = json.Unmarshal(f.members["stream"], &stream) // we wrote it
		i.ThreadID, i.Scope, i.ConversationType = url.QueryEscape(f.Subject.ID), "Internal", "Room"
		if stream.External {
			i.Scope = "External"
		}
		if stream.Type != "" && stream.Type != "ROOM" {
			i.ConversationType = stream.Type
		}
		if stream.Name != "" {
			i.Attribute = &stream.Name
		}
	}
}

// member is an action on somebody in a room; the attribute is the address, or the user name where the address is another
// company's.
func member(name, title string) func(fact, *Item) {
	return func(f fact, i *Item) {
		room(name, title)(f, i)
		var user struct {
			ID       wire.UserID `json:"id"`
			Username string      `json:"username"`
			Email    string      `json:"email"`
		}
		if json.Unmarshal(f.members["user"], &user) == nil && user.ID != 0 {
			i.AffectedID, i.AffectedUsername, i.AffectedEmailAddress = &user.ID, user.Username, user.Email
			if i.Attribute = &user.Email; user.ID.Company() != f.Company {
				i.Attribute = &user.Username
			}
		}
	}
}

// affected is the account that a fact happened to; nil if it was no account.
func (f fact) affected() *wire.UserID {
	id, err := wire.ParseUserID(f.Subject.ID)
	if err != nil || f.Subject.Name == "" {
		return nil
	}
	return &id
}
