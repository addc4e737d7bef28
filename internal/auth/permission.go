package auth

import (
	"strings"

	"podium/internal/wire"
)

// Permission is what an application may do on behalf of the users it is installed for ("OBO
// permissions" of the developer documentation). Companies may add names of their own, which open
// nothing here.
type Permission string

// Limits returns the limits of a permission's name.
func (Permission) Limits() wire.Limits { return wire.AtMost(64) }

// The published permissions.
const (
	ActAsUser              Permission = "ACT_AS_USER"
	SendMessages           Permission = "SEND_MESSAGES"
	SuppressMessages       Permission = "SUPPRESS_MESSAGES"
	GetUserConnections     Permission = "GET_USER_CONNECTIONS"
	RequestUserConnections Permission = "REQUEST_USER_CONNECTIONS"
	GetPresence            Permission = "GET_PRESENCE"
	SetPresence            Permission = "SET_PRESENCE"
	GetBasicUserInfo       Permission = "GET_BASIC_USER_INFO"
	GetExtendedUserInfo    Permission = "GET_EXTENDED_USER_INFO"
	GetBasicContactInfo    Permission = "GET_BASIC_CONTACT_INFO"
	GetExtendedContactInfo Permission = "GET_EXTENDED_CONTACT_INFO"
	ListUserStreams        Permission = "LIST_USER_STREAMS"
	CreateUserStream       Permission = "CREATE_USER_STREAM"
	ManageRooms            Permission = "MANAGE_ROOMS"
	ManageSignals          Permission = "MANAGE_SIGNALS"
	ManageUserFollowing    Permission = "MANAGE_USER_FOLLOWING"
	TrustApp               Permission = "TRUST_APP"
)

// Permissions returns the published permissions.
func Permissions() []Permission {
	return []Permission{
		ActAsUser, SendMessages, SuppressMessages, GetUserConnections, RequestUserConnections,
		GetPresence, SetPresence, GetBasicUserInfo, GetExtendedUserInfo, GetBasicContactInfo,
		GetExtendedContactInfo, ListUserStreams, CreateUserStream, ManageRooms, ManageSignals,
		ManageUserFollowing, TrustApp,
	}
}

// Together returns a permission that only an application with all of the permissions has. It is for
// an operation that several permissions open only together.
func Together(permissions ...Permission) Permission {
	names := make([]string, len(permissions))
	for i, p := range permissions {
		names[i] = string(p)
	}
	return Permission(strings.Join(names, "+"))
}
