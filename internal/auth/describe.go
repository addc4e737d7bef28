package auth

import "strings"

// String returns the need in the notation of docs/operations.txt.
func (n Need) String() string {
	separator := "+"
	if n.any {
		separator = "|"
	}
	text := n.who + joined(n.rights, separator)
	switch {
	case n.self:
		return "self|" + text
	case n.onBehalf:
		return "onBehalf|" + text
	case n.scope != "":
		return n.scope + ":" + text
	}
	return text
}

// Describe returns the need as a sentence of the API description. It names each right.
func (n Need) Describe() string {
	switch n.who {
	case Anyone.who:
		return "Needs no session."
	case AnyUser.who:
		return "Needs the session of a user."
	case AnySession.who:
		return "Needs a session."
	case AnApp.who:
		return "Needs the session of an application."
	case AnyUserBySession.who:
		return "Needs the session token of a user; an access token is not taken."
	}
	rights := n.describeRights()
	switch {
	case n.scope != "":
		return "Needs an access token of /login/idm/tokens with the scope " + n.scope + ", of a user with " + rights + "."
	case n.self:
		return "Needs the session of a user, and for any other user than that one " + rights + "."
	case n.onBehalf:
		return "Needs the session of a user with " + rights + ", or one on behalf of a user."
	}
	return "Needs the session of a user with " + rights + "."
}

// describeRights returns "the right A", "the rights A and B" or "one of the rights A, B or C".
func (n Need) describeRights() string {
	switch {
	case len(n.rights) == 1:
		return "the right " + string(n.rights[0])
	case n.any:
		last := len(n.rights) - 1
		return "one of the rights " + joined(n.rights[:last], ", ") + " or " + string(n.rights[last])
	}
	return "the rights " + joined(n.rights, " and ")
}

// DescribeOpens returns a sentence of the API description: which permissions open an operation to
// on-behalf-of sessions.
func DescribeOpens(permissions []Permission) string {
	if len(permissions) == 0 {
		return "Closed to sessions on behalf of a user."
	}
	names := make([]string, len(permissions))
	for i, p := range permissions {
		names[i] = strings.ReplaceAll(string(p), "+", " together with ")
	}
	return "On behalf of a user: with the permission " + strings.Join(names, " or ") + "."
}

func joined(rights []Right, separator string) string {
	names := make([]string, len(rights))
	for i, r := range rights {
		names[i] = string(r)
	}
	return strings.Join(names, separator)
}
