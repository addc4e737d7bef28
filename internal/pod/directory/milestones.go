package directory

import (
	"context"
	"errors"
	"sync"
	"time"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// A page deep in a list of accounts begins at a milestone: a row that says which account is at
// place 0, 256, 512 … of its company, in the order of ids. Accounts are never removed and numbers
// only grow. So a milestone stays true once no account with a lower number can appear. Until it is
// set, pages begin at the one before. Creating an account writes no milestone and waits for
// nothing: docs/decisions/0007-milestones.md.
const milestoneEvery = 256

// Page returns a company's accounts from a place on, in the order of their ids.
func Page(tx *db.Tx, company wire.CompanyID, skip, limit int) ([]accounts.User, error) {
	m, err := milestoneBefore(tx, company, int64(skip))
	if err != nil {
		return nil, err
	}
	_, end := wire.UserIDs(company)
	// The place is found on the narrow index of ids; whole rows are read only for the page.
	first, err := db.Value[wire.UserID](tx, `
		SELECT id
		FROM users
		WHERE id >= $1 AND id < $2
		ORDER BY id
		LIMIT 1 OFFSET $3`, m.user, end, int64(skip)-m.place)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return accounts.From(tx, company, first, limit)
}

// milestone says that the company has place accounts with lower ids.
type milestone struct {
	place int64
	user  wire.UserID // the account there; for place 0 the lowest possible id
}

func scanMilestone(row db.Row) (m milestone, err error) { return m, row.Scan(&m.place, &m.user) }

// milestoneBefore returns the last milestone not after a place.
func milestoneBefore(tx *db.Tx, company wire.CompanyID, place int64) (milestone, error) {
	m, err := db.One(tx, scanMilestone, `
		SELECT place, user_id
		FROM user_milestones
		WHERE company = $1 AND place <= $2
		ORDER BY place DESC
		LIMIT 1`, company, place)
	if errors.Is(err, db.ErrNoRow) {
		first, _ := wire.UserIDs(company)
		return milestone{user: first}, nil
	}
	return m, err
}

// survey holds the companies that may have accounts beyond their last milestone.
type survey struct {
	wake      chan struct{} // receives when a company was added
	mu        sync.Mutex
	companies map[wire.CompanyID]struct{}
}

func newSurvey() *survey {
	return &survey{wake: make(chan struct{}, 1), companies: make(map[wire.CompanyID]struct{})}
}

func (v *survey) add(company wire.CompanyID) {
	v.mu.Lock()
	v.companies[company] = struct{}{}
	v.mu.Unlock()
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

func (v *survey) take() []wire.CompanyID {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []wire.CompanyID
	for company := range v.companies {
		all = append(all, company)
	}
	clear(v.companies)
	return all
}

// Survey sets milestones as accounts are created, until ctx ends: at most once a second, and at
// first for every company.
func (s *Service) Survey(ctx context.Context) {
	if s.Companies != nil {
		for _, company := range s.Companies() {
			s.survey.add(company)
		}
	}
	for {
		select {
		case <-s.survey.wake:
		case <-ctx.Done():
			return
		}
		for _, company := range s.survey.take() {
			done, err := s.SetMilestones(ctx, company)
			if err != nil && ctx.Err() == nil {
				s.Log.Warn("pages deep in the list of accounts will be slow: milestones cannot be set", "company", company, "error", err)
			}
			if err != nil || !done {
				s.survey.add(company) // another transaction is running: again in a second
			}
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}

// SetMilestones sets the due milestones of a company. It sets none while a transaction runs that
// may still commit an account with a lower number than the newest: only milestones below such an
// account stay true.
func (s *Service) SetMilestones(ctx context.Context, company wire.CompanyID) (done bool, err error) {
	newest, due, err := s.due(ctx, company)
	if err != nil || !due {
		return err == nil, err
	}
	// An account with a lower number drew it before the newest was committed, and so before this
	// transaction began.
	position, err := db.Write(ctx, s.DB, func(tx *db.Tx) (int64, error) { return tx.Position() })
	if err != nil {
		return false, err
	}
	for {
		more, err := db.Write(ctx, s.DB, func(tx *db.Tx) (bool, error) {
			horizon, err := tx.Horizon()
			if err != nil || horizon < position {
				return false, err
			}
			done = true
			return setMilestones(tx, company, newest)
		})
		if err != nil || !more {
			return done && err == nil, err
		}
	}
}

// due reports whether the company has enough accounts beyond its last milestone for another one,
// and returns its newest account.
func (s *Service) due(ctx context.Context, company wire.CompanyID) (newest wire.UserID, due bool, err error) {
	_, err = db.Read(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		first, end := wire.UserIDs(company)
		newest, err = db.Value[wire.UserID](tx, `SELECT COALESCE(MAX(id), 0) FROM users WHERE id >= $1 AND id < $2`, first, end)
		if err != nil {
			return struct{}{}, err
		}
		last, err := milestoneBefore(tx, company, wire.MaxSequence)
		if err != nil {
			return struct{}{}, err
		}
		_, err = db.Value[wire.UserID](tx, `
			SELECT id
			FROM users
			WHERE id >= $1 AND id <= $2
			ORDER BY id
			LIMIT 1 OFFSET $3`, last.user, newest, milestoneEvery)
		due = err == nil
		if errors.Is(err, db.ErrNoRow) {
			err = nil
		}
		return struct{}{}, err
	})
	return newest, due, err
}

// milestonesAtOnce is the most milestones in one transaction.
const milestonesAtOnce = 64

// setMilestones sets the next milestones of a company, up to an account below which none can appear
// any more. It reports whether there may be more.
func setMilestones(tx *db.Tx, company wire.CompanyID, newest wire.UserID) (more bool, err error) {
	if err := tx.Lock(lock.MilestonesOf(company)); err != nil {
		return false, err
	}
	last, err := milestoneBefore(tx, company, wire.MaxSequence)
	if err != nil {
		return false, err
	}
	ids, err := db.All(tx, db.ScanValue[wire.UserID], `
		SELECT id
		FROM users
		WHERE id >= $1 AND id <= $2
		ORDER BY id
		LIMIT $3`, last.user, newest, milestoneEvery*milestonesAtOnce+1)
	if err != nil {
		return false, err
	}
	var rows [][]any
	for i := milestoneEvery; i < len(ids); i += milestoneEvery {
		rows = append(rows, []any{company, last.place + int64(i), ids[i]})
	}
	err = tx.InsertAll(`INSERT INTO user_milestones (company, place, user_id) VALUES`, rows, "")
	return len(ids) == milestoneEvery*milestonesAtOnce+1, err
}
