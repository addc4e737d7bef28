package accounts

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/picture"
)

// Profiles handles what accounts show of themselves: pictures, followers, delegates, manifests.
// Package pod sets its fields.
type Profiles struct {
	DB       *db.DB
	Journal  *journal.Log
	Accounts *Service
	Pictures *picture.Maker // draws uploaded pictures
}

// Operations returns the operations of this chapter.
func (s *Profiles) Operations() []op.Bound {
	return op.Bind(s,
		listAvatars, updateAvatar, getPicture, getStandIn,
		listDelegates, updateDelegates,
		follow, unfollow, listFollowers, listFollowing,
		getManifest, updateManifest,
	)
}

// FactsOfProfiles lists the facts of this chapter, of each kind one.
func FactsOfProfiles() []journal.Fact {
	return []journal.Fact{AvatarChanged{}, DelegateChanged{}, FollowersAdded{}, FollowersRemoved{}, ManifestChanged{}}
}
