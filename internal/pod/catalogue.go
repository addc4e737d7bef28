package pod

import (
	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/op"
	"podium/internal/pod/accounts/admin"
	"podium/internal/pod/agent"
	"podium/internal/pod/apps"
	"podium/internal/pod/audit"
	"podium/internal/pod/barriers"
	"podium/internal/pod/certs"
	"podium/internal/pod/communityconnect"
	"podium/internal/pod/connections"
	"podium/internal/pod/contentexport"
	"podium/internal/pod/directory"
	"podium/internal/pod/disclaimers"
	"podium/internal/pod/dlp"
	"podium/internal/pod/dlp/violations"
	"podium/internal/pod/feeds"
	"podium/internal/pod/groups"
	"podium/internal/pod/inspector"
	"podium/internal/pod/messages"
	"podium/internal/pod/messages/clients"
	"podium/internal/pod/messages/receipts"
	"podium/internal/pod/messages/search"
	"podium/internal/pod/nodehealth"
	"podium/internal/pod/presence"
	"podium/internal/pod/profiles"
	"podium/internal/pod/retention"
	"podium/internal/pod/session"
	"podium/internal/pod/settings"
	"podium/internal/pod/signals"
	"podium/internal/pod/signin"
	"podium/internal/pod/sso"
	"podium/internal/pod/streams/ims"
	"podium/internal/pod/streams/listings"
	"podium/internal/pod/streams/members"
	"podium/internal/pod/streams/rooms"
	"podium/internal/pod/streams/roomsearch"
)

// Catalogue returns every operation as declared, without a pod: to describe them, and to call them
// on another machine's pod.
func Catalogue() []op.Bound {
	return operations(
		&session.Service{},
		&directory.Service{},
		&admin.Service{},
		&profiles.Service{},
		&apps.Service{},
		&certs.Service{},
		&connections.Service{},
		&presence.Service{},
		&groups.Service{},
		&barriers.Service{},
		&communityconnect.Service{},
		&sso.Service{},
		&audit.Service{},
		&disclaimers.Service{},
		&dlp.Service{},
		&violations.Service{},
		&settings.Service{},
		&ims.Service{},
		&rooms.Service{},
		&members.Service{},
		&listings.Service{},
		&roomsearch.Service{},
		&messages.Service{},
		&search.Service{},
		&receipts.Service{},
		&contentexport.Service{},
		&retention.Service{},
		&feeds.Service{},
		&clients.Service{},
		&inspector.Service{},
		&nodehealth.Service{},
		&signals.Service{},
		&signin.Service{},
		&agent.Service{},
	)
}

// chapter is a part of the API with its operations.
type chapter interface{ Operations() []op.Bound }

// operations returns the operations of the chapters, by chapter.
func operations(chapters ...chapter) []op.Bound {
	var all []op.Bound
	for _, c := range chapters {
		all = append(all, c.Operations()...)
	}
	return all
}

// Info returns the title and description of the API.
func Info() openapi3.Info {
	return openapi3.Info{
		Title:       "Podium",
		Version:     "1",
		Description: "A self-hosted pod that answers Symphony's published REST API. Log in by RSA key or certificate, then send the token in the header sessionToken.",
	}
}
