package dlp

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"podium/internal/db"
	"podium/internal/pod/dlp/match"
	"podium/internal/wire"
)

const (
	// freshness is how long cached rules are used without asking whether they have changed, as for
	// a session (docs/decisions/0002).
	freshness = 800 * time.Millisecond

	// topic is the topic by which nodes tell each other whose rules to read again. The payload is a
	// company; an empty one means all of them.
	topic = "dlp"
)

// guard caches the rules of a company.
type guard struct {
	changes atomic.Uint64 // how often a notification has told of a change
	current atomic.Pointer[rules]
	reading sync.Mutex // held while the rules are read, so that they are compiled once
}

// rules are the rules of a company's active policies at one time, compiled; they are immutable.
type rules struct {
	list         []rule
	dictionaries map[string]compiled // by id
	version      int64               // of dlp_changes
	changes      uint64              // of the guard, before the query
	since        time.Time           // before the query
}

// rule is a rule of an active policy.
type rule struct {
	Rule
	policy       *policy
	of           DataType
	action       Action
	dictionaries []compiled
}

// compiled is a version of a dictionary that is ready to find its entries.
type compiled struct {
	ref   Ref
	kind  DictionaryType
	found *match.Dictionary
}

// rulesOf returns the rules of a company. A company without active policies has none. Only once in
// 0.8 s, or after a change, does it read the database.
func (s *Service) rulesOf(ctx context.Context, company wire.CompanyID) (*rules, error) {
	value, ok := s.guards.Load(company)
	if !ok {
		value, _ = s.guards.LoadOrStore(company, &guard{})
	}
	g := value.(*guard)
	if r := g.current.Load(); g.fresh(r, s.Clock()) {
		return r, nil
	}
	g.reading.Lock()
	defer g.reading.Unlock()
	before := g.current.Load()
	if g.fresh(before, s.Clock()) {
		return before, nil
	}
	next := &rules{changes: g.changes.Load(), since: s.Clock()}
	if err := s.read(ctx, company, next, before); err != nil {
		return nil, err
	}
	g.current.Store(next)
	return next, nil
}

func (g *guard) fresh(r *rules, now time.Time) bool {
	return r != nil && r.changes == g.changes.Load() && now.Sub(r.since) < freshness
}

// forget handles a notification of the topic.
func (s *Service) forget(payload string) {
	if n, err := strconv.ParseInt(payload, 10, 64); err == nil {
		if g, ok := s.guards.Load(wire.CompanyID(n)); ok {
			g.(*guard).changes.Add(1)
		}
		return
	}
	s.guards.Range(func(_, g any) bool {
		g.(*guard).changes.Add(1)
		return true
	})
}

// stored is the active policies of a company and the contents of their dictionaries that were not
// compiled before.
type stored struct {
	version  int64
	same     bool // as before
	policies []policy
	known    map[string]dictionary
	contents map[string]string
}

// read reads and compiles the rules of a company. It takes what has not changed from before, which
// may be nil.
func (s *Service) read(ctx context.Context, company wire.CompanyID, next, before *rules) error {
	rows, err := db.Read(ctx, s.DB, func(tx *db.Tx) (stored, error) { return load(tx, company, before) })
	if err != nil {
		return err
	}
	next.version = rows.version
	if rows.same {
		next.list, next.dictionaries = before.list, before.dictionaries
		return nil
	}
	next.dictionaries = make(map[string]compiled)
	for id, content := range rows.contents {
		d := rows.known[id]
		found, _, err := d.kind.compile(content)
		if err != nil { // it was compiled when it was stored
			return errors.New("the content of a dictionary cannot be compiled: " + err.Error())
		}
		next.dictionaries[id] = compiled{d.ref(), d.kind, found}
	}
	for i := range rows.policies {
		p := &rows.policies[i]
		for _, a := range p.applies {
			for _, r := range a.Rules {
				next.add(rule{Rule: r, policy: p, of: a.DataType, action: a.Action}, before)
			}
		}
	}
	return nil
}

// add adds a rule with its dictionaries.
func (r *rules) add(one rule, before *rules) {
	if one.TextMatch != nil {
		for _, ref := range one.TextMatch.Dictionaries {
			d, ok := r.dictionaries[ref.ID]
			if !ok && before != nil {
				d = before.dictionaries[ref.ID]
				r.dictionaries[ref.ID] = d
			}
			one.dictionaries = append(one.dictionaries, d)
		}
	}
	r.list = append(r.list, one)
}

// load reads what the rules of a company are made of.
func load(tx *db.Tx, company wire.CompanyID, before *rules) (s stored, err error) {
	s.version, err = db.Value[int64](tx, `SELECT changes FROM dlp_changes WHERE company = $1`, company)
	if errors.Is(err, db.ErrNoRow) {
		return stored{same: before != nil}, nil
	}
	if err != nil || before != nil && before.version == s.version {
		return stored{version: s.version, same: true}, err
	}
	all, err := policiesOf(tx, company, formV3)
	if err != nil {
		return s, err
	}
	if s.known, err = dictionariesOf(tx, company); err != nil {
		return s, err
	}
	s.contents = make(map[string]string)
	for _, p := range all {
		if !p.active {
			continue
		}
		s.policies = append(s.policies, p)
		for _, d := range s.dictionaries(p) {
			if before != nil && before.dictionaries[d.id].ref == d.ref() {
				continue
			}
			if _, s.contents[d.id], err = d.atVersion(tx, 0, true); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

// dictionaries returns the dictionaries of a policy that have not been read.
func (s stored) dictionaries(p policy) []dictionary {
	var list []dictionary
	for _, a := range p.applies {
		for _, r := range a.Rules {
			if r.TextMatch == nil {
				continue
			}
			for _, ref := range r.TextMatch.Dictionaries {
				if _, read := s.contents[ref.ID]; !read {
					list = append(list, s.known[ref.ID])
				}
			}
		}
	}
	return list
}
