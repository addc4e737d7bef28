// Package dlp is data loss prevention: the dictionaries and policies of a company, and the check of
// what its users say against them. Packages messages, rooms and signals ask it before they write.
// In its folder: match finds entries in texts, violations answers what policies have found.
//
// Not inside: what is sent where. The caller hands in the texts and files, and whether readers of
// other companies get them.
package dlp

import (
	"sync"
	"time"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service answers the operations on policies and dictionaries, and checks contents.
type Service struct {
	Config
	guards  sync.Map      // wire.CompanyID → *guard
	reading chan struct{} // holds a token for each content that takes long
}

// Config is the input of New.
type Config struct {
	DB      *db.DB
	Journal *journal.Log
	Notify  notify.Notifier

	// Clock is the clock of the cache of rules. nil means time.Now.
	Clock func() time.Time
}

// New returns the service. The rules of a company are cached until this node or another notifies a
// change; at least every 0.8 s by the clock it is asked whether they have changed. stop ends the
// subscription to notifications.
func New(c Config) (service *Service, stop func()) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	s := &Service{Config: c, reading: make(chan struct{}, longAtOnce)}
	return s, s.Notify.Handle(topic, s.forget)
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		listPoliciesV1, createPolicyV1, getPolicyV1, updatePolicyV1, deletePolicyV1, enablePolicyV1, disablePolicyV1,
		listDictionaries, createDictionary, getDictionary, updateDictionary, deleteDictionary, downloadDictionary, uploadDictionary,
		listPolicies, createPolicy, getPolicy, updatePolicy, deletePolicy, enablePolicy, disablePolicy,
	)
}

// The limits of a company. They are our choice: with them its rules take at most 20 MB of memory.
const (
	maxPolicies     = 100
	maxDictionaries = 100
	maxWords        = 50_000 // of all dictionaries
	maxCost         = 5_000  // of the regular expressions of all dictionaries
	keptVersions    = 20     // of a policy or dictionary
	maxPage         = 50     // as published
)

// hold locks the policies and dictionaries of a company until commit.
func hold(tx *db.Tx, company wire.CompanyID) error { return tx.Lock(lock.DLPOf(company)) }

// changed makes every node read the rules of a company again.
func (s *Service) changed(tx *db.Tx, company wire.CompanyID) error {
	tx.OnCommit(func() { s.Notify.Notify(topic, company.String()) })
	return tx.Exec(`
		INSERT INTO dlp_changes (company, changes)
		VALUES ($1, 1)
		ON CONFLICT (company) DO UPDATE SET changes = dlp_changes.changes + 1`, company)
}

// pageCount returns how many pages of a size a list of n rows has.
func pageCount(n int64, size int) int64 { return (n + int64(size) - 1) / int64(size) }

// pageInput selects a page of a list.
type pageInput struct {
	Page  int `query:"page" default:"0" min:"0" max:"1000000"`
	Limit int `query:"limit" default:"50" min:"1" max:"50"`
}
