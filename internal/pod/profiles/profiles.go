// Package profiles holds what accounts show of themselves beside their attributes: pictures,
// followers, delegates and the manifests of service accounts. Package directory shows the pictures,
// and package groups sets those of distribution lists.
package profiles

import (
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/picture"
	"podium/internal/pod/accounts"
)

// Service is the chapter profiles. Package pod sets its fields.
type Service struct {
	DB       *db.DB
	Journal  *journal.Log
	Accounts *accounts.Service
	Pictures *picture.Maker // draws uploaded pictures
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		listAvatars, updateAvatar, getPicture, getStandIn,
		listDelegates, updateDelegates,
		follow, unfollow, listFollowers, listFollowing,
		getManifest, updateManifest,
	)
}

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{AvatarChanged{}, DelegateChanged{}, FollowersAdded{}, FollowersRemoved{}, ManifestChanged{}}
}
