package pod

import (
	"slices"

	"podium/internal/journal"
	"podium/internal/journal/seal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/pod/barriers"
	"podium/internal/pod/certs"
	"podium/internal/pod/communityconnect"
	"podium/internal/pod/companies"
	"podium/internal/pod/connections"
	"podium/internal/pod/contentexport"
	"podium/internal/pod/disclaimers"
	"podium/internal/pod/dlp"
	"podium/internal/pod/groups"
	"podium/internal/pod/messages"
	"podium/internal/pod/presence"
	"podium/internal/pod/profiles"
	"podium/internal/pod/retention"
	"podium/internal/pod/session"
	"podium/internal/pod/settings"
	"podium/internal/pod/signals"
	"podium/internal/pod/signin"
	"podium/internal/pod/sso"
	"podium/internal/pod/streams/facts"
)

// Facts lists the facts of all chapters, of each kind one.
func Facts() []journal.Fact {
	return slices.Concat(
		companies.Facts(), accounts.Facts(), profiles.Facts(), session.Facts(), signin.Facts(), apps.Facts(), certs.Facts(), sso.Facts(), settings.Facts(),
		disclaimers.Facts(), dlp.Facts(), connections.Facts(), presence.Facts(), groups.Facts(), communityconnect.Facts(), barriers.Facts(), facts.All(), messages.Facts(), contentexport.Facts(), signals.Facts(), retention.Facts(), seal.Facts(),
	)
}
