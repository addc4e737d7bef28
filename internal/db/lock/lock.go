// Package lock names what a transaction can lock, and says in which order it locks several things.
// tx.Lock of package db takes the locks; each is held until the transaction ends.
//
// A transaction locks things of one kind by one call, and kinds in the order of the constants
// below. Two transactions that both do so never wait for each other in a circle.
package lock

import (
	"fmt"
	"strconv"

	"podium/internal/wire"
)

// Kind is what a Key locks. Lower kinds are locked before higher ones.
type Kind uint8

// The kinds, in the order in which a transaction locks them.
const (
	_ Kind = iota

	Companies         // which host names companies answer at
	BarrierRules      // the barrier groups and policies of a company
	ChannelCompanies  // the channel companies of a company and their domains
	UserEntitlements  // which applications a user is entitled to
	Apps              // an application: its keys, permissions, and for whom it is installed
	DistributionLists // a distribution list and its members
	Users             // an account: status, roles, keys
	// whether users of a company in a barrier group may be brought together: one of 64 parts
	BarrierStripes
	Names             // the user names of a company: who takes one
	Streams           // a stream: its attributes and members
	Messages          // a message: whether it is suppressed
	ReadMarks         // up to where a user has read a stream
	Follows           // whom a user follows, and who follows the user
	Connections       // the connection of two users
	Presences         // the presence of a user
	PresenceInterests // what a user is told of the presence of one user of another company
	FeedOwners        // how many presence feeds a user has
	PresenceFeeds     // a presence feed
	DatafeedOwners    // how many datafeeds a user has
	Datafeeds         // a datafeed or datahose: what was handed out
	Certificates      // the certificates of a company
	SSO               // the SSO configuration of a company
	Disclaimers       // the disclaimers of a company, and to whom they are assigned
	Signals           // a signal and its subscribers; how many signals an owner or a company has
	URISchemes        // the URI schemes of a company
	FileExtensions    // the file extensions of a company
	DLP               // the policies and dictionaries of data loss prevention of a company
	RoomWords         // the index of words that rooms are found by
	ContentExports    // the content export jobs of a company
	Milestones        // the milestones of a company's accounts, by which lists find their pages
	Seals             // the chain of seals of a company
	end
)

// names has the words that errors and docs/locks.md use.
var names = map[Kind]string{
	Companies: "companies", BarrierRules: "barrier rules", ChannelCompanies: "channel companies", UserEntitlements: "entitlements", Apps: "application", Names: "user name",
	Users: "account", DistributionLists: "distribution list", BarrierStripes: "barrier stripe", Streams: "stream", Messages: "message",
	ReadMarks: "read mark", Follows: "follows", Connections: "connection", Presences: "presence", PresenceInterests: "presence interest",
	FeedOwners: "presence feeds of a user", PresenceFeeds: "presence feed",
	DatafeedOwners: "datafeeds of a user", Datafeeds: "datafeed", Certificates: "certificates", SSO: "SSO configuration",
	Disclaimers: "disclaimers", Signals: "signals", URISchemes: "URI schemes", FileExtensions: "file extensions", DLP: "DLP rules", RoomWords: "room words", ContentExports: "content exports",
	Milestones: "milestones", Seals: "seals",
}

// String returns the kind in words.
func (k Kind) String() string { return names[k] }

// Kinds lists all kinds in their order.
func Kinds() []Kind {
	var list []Kind
	for k := Companies; k < end; k++ {
		list = append(list, k)
	}
	return list
}

// Key is one thing that can be locked.
type Key struct {
	kind Kind
	text string // unique among all kinds; nodes of earlier versions lock by the same text
}

// Kind returns what the key locks.
func (k Key) Kind() Kind { return k.kind }

// String returns the key's text.
func (k Key) String() string { return k.text }

// AllCompanies locks the host names of all companies.
func AllCompanies() Key { return Key{Companies, "companies"} }

// BarriersOf locks the barrier groups and policies of a company.
func BarriersOf(c wire.CompanyID) Key { return Key{BarrierRules, "barriers " + c.String()} }

// ChannelCompaniesOf locks the channel companies of a company and their domains.
func ChannelCompaniesOf(c wire.CompanyID) Key {
	return Key{ChannelCompanies, "channel companies " + c.String()}
}

// EntitlementsOf locks which applications a user is entitled to.
func EntitlementsOf(u wire.UserID) Key { return Key{UserEntitlements, "entitlements " + u.String()} }

// App locks an application.
func App(c wire.CompanyID, id string) Key { return Key{Apps, "app " + c.String() + " " + id} }

// Name locks a user name of a company; folded is the name without its case and form.
func Name(c wire.CompanyID, folded string) Key {
	return Key{Names, "name " + c.String() + " " + folded}
}

// User locks an account.
func User(u wire.UserID) Key { return Key{Users, "user " + u.String()} }

// DistributionList locks a distribution list; u is its account.
func DistributionList(u wire.UserID) Key { return Key{DistributionLists, "group " + u.String()} }

// BarrierStripe locks one of the parts into which a company's users in barrier groups are divided.
func BarrierStripe(c wire.CompanyID, n int64) Key {
	return Key{BarrierStripes, "barriers " + c.String() + " " + strconv.FormatInt(n, 10)}
}

// Stream locks a stream.
func Stream[ID ~string](id ID) Key { return Key{Streams, "stream " + string(id)} }

// Message locks a message.
func Message[ID ~string](id ID) Key { return Key{Messages, "message " + string(id)} }

// ReadMark locks up to where a user has read a stream.
func ReadMark[ID ~string](id ID, u wire.UserID) Key {
	return Key{ReadMarks, "read mark " + string(id) + " " + u.String()}
}

// FollowsOf locks whom a user follows, and who follows the user.
func FollowsOf(u wire.UserID) Key { return Key{Follows, "follows " + u.String()} }

// Connection locks the connection of two users, given in any order.
func Connection(a, b wire.UserID) Key {
	return Key{Connections, "connection " + min(a, b).String() + " " + max(a, b).String()}
}

// Presence locks the presence of a user.
func Presence(u wire.UserID) Key { return Key{Presences, "presence " + u.String()} }

// PresenceInterest locks what a reader is told of another user's presence.
func PresenceInterest(reader, subject wire.UserID) Key {
	return Key{PresenceInterests, "presence interest " + reader.String() + " " + subject.String()}
}

// PresenceFeedsOf locks how many presence feeds a user has.
func PresenceFeedsOf(u wire.UserID) Key { return Key{FeedOwners, "presence feeds of " + u.String()} }

// PresenceFeed locks a presence feed.
func PresenceFeed(id string) Key { return Key{PresenceFeeds, "presence feed " + id} }

// FeedsOf locks how many datafeeds a user has.
func FeedsOf(u wire.UserID) Key { return Key{DatafeedOwners, "datafeeds of " + u.String()} }

// Feed locks a datafeed or datahose.
func Feed(id string) Key { return Key{Datafeeds, "datafeed " + id} }

// CertificatesOf locks the certificates of a company.
func CertificatesOf(c wire.CompanyID) Key { return Key{Certificates, "certificates " + c.String()} }

// SSOOf locks the SSO configuration of a company.
func SSOOf(c wire.CompanyID) Key { return Key{SSO, "sso " + c.String()} }

// DisclaimersOf locks the disclaimers of a company.
func DisclaimersOf(c wire.CompanyID) Key { return Key{Disclaimers, "disclaimers " + c.String()} }

// Signal locks a signal and its subscribers.
func Signal(id string) Key { return Key{Signals, "signal " + id} }

// SignalsOf locks how many signals a user owns.
func SignalsOf(u wire.UserID) Key { return Key{Signals, "signals of " + u.String()} }

// CompanyWideSignalsOf locks how many company-wide signals a company has.
func CompanyWideSignalsOf(c wire.CompanyID) Key {
	return Key{Signals, "company-wide signals " + c.String()}
}

// URISchemesOf locks the URI schemes of a company.
func URISchemesOf(c wire.CompanyID) Key { return Key{URISchemes, "uri schemes " + c.String()} }

// FileExtensionsOf locks the file extensions of a company.
func FileExtensionsOf(c wire.CompanyID) Key {
	return Key{FileExtensions, "file extensions " + c.String()}
}

// DLPOf locks the policies and dictionaries of data loss prevention of a company.
func DLPOf(c wire.CompanyID) Key { return Key{DLP, "dlp " + c.String()} }

// AllRoomWords locks the index of words that rooms are found by.
func AllRoomWords() Key { return Key{RoomWords, "room words"} }

// ContentExportOf locks the content export jobs of a company.
func ContentExportOf(c wire.CompanyID) Key {
	return Key{ContentExports, "content export " + c.String()}
}

// MilestonesOf locks the milestones of a company's accounts.
func MilestonesOf(c wire.CompanyID) Key { return Key{Milestones, "milestones " + c.String()} }

// SealsOf locks the chain of seals of a company.
func SealsOf(c wire.CompanyID) Key { return Key{Seals, "seals " + c.String()} }

// Held remembers what a transaction has locked. The zero Held has locked nothing.
type Held struct {
	highest Key
	keys    map[Key]struct{}
}

// Take records that the transaction locks some keys by one call, and returns those that it does not
// hold yet. It fails if one of these is of a kind not above all kinds held.
func (h *Held) Take(keys []Key) (fresh []Key, err error) {
	highest := h.highest
	for _, k := range keys {
		if _, ok := h.keys[k]; ok {
			continue
		}
		if k.kind <= h.highest.kind && err == nil {
			err = fmt.Errorf("locks out of their order: %q (%s) is locked after %q (%s)", k.text, k.kind, h.highest.text, h.highest.kind)
		}
		if h.keys == nil {
			h.keys = make(map[Key]struct{}, len(keys))
		}
		h.keys[k] = struct{}{}
		fresh = append(fresh, k)
		if k.kind > highest.kind {
			highest = k
		}
	}
	h.highest = highest
	return fresh, err
}

// Has reports whether the transaction has locked a key.
func (h *Held) Has(key Key) bool {
	_, ok := h.keys[key]
	return ok
}
