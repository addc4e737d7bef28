package presence

import (
	"context"
	"sync"
	"time"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// How often changes by the clock are written, and how many in one transaction.
const (
	settleEvery = 500 * time.Millisecond
	settleMost  = 200
	clearEvery  = time.Minute
	clearMost   = 1000
)

// Run performs the background tasks of presence until ctx ends: it writes changes by the clock,
// writes signs of activity, and deletes ended feeds and interests. Several nodes may run it at the
// same time.
func (s *Service) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	defer tasks.Wait()
	tasks.Go(func() { s.noteSigns(ctx) })
	tasks.Go(func() { s.regularly(ctx, settleEvery, "presence cannot be settled", s.Settle) })
	tasks.Go(func() { s.regularly(ctx, clearEvery, "ended feeds and interests cannot be cleared away", s.clear) })
}

func (s *Service) regularly(ctx context.Context, every time.Duration, trouble string, task func(context.Context) error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := task(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn(trouble+"; trying again", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Settle writes the changes that the clock has made until now: users who became idle or
// disconnected. Reads of one user need not wait for it. Followers receive the change by its new
// number.
func (s *Service) Settle(ctx context.Context) error {
	for {
		due, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]wire.UserID, error) {
			return db.All(tx, db.ScanValue[wire.UserID], `
				SELECT user_id
				FROM presence
				WHERE due > 0 AND due <= $1
				ORDER BY due
				LIMIT $2`, tx.Now(), settleMost)
		})
		if err != nil || len(due) == 0 {
			return err
		}
		if err := s.change(ctx, due, (*state).advance); err != nil || len(due) < settleMost {
			return err
		}
	}
}

// change changes the states of users of any companies, in one transaction for each company.
func (s *Service) change(ctx context.Context, ids []wire.UserID, how func(*state, wire.Time)) error {
	companies := make(map[wire.CompanyID][]wire.UserID)
	for _, id := range ids {
		companies[id.Company()] = append(companies[id.Company()], id)
	}
	for company, ids := range companies {
		_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, s.changeIn(tx, company, ids, how)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// changeIn changes the states of users of a company, including those without a row. It locks all of
// them. If another node was faster, nothing is left to change.
func (s *Service) changeIn(tx *db.Tx, company wire.CompanyID, ids []wire.UserID, how func(*state, wire.Time)) error {
	keys := make([]lock.Key, len(ids))
	for i, id := range ids {
		keys[i] = lock.Presence(id)
	}
	if err := tx.Lock(keys...); err != nil {
		return err
	}
	states, err := db.All(tx, scanState, selectStates+` WHERE user_id IN ($2) AND company = $1 ORDER BY user_id`, company, ids)
	if err != nil {
		return err
	}
	states = complete(states, ids)
	var changed []*state
	for i := range states {
		before := states[i]
		how(&states[i], tx.Now())
		if states[i] != before {
			changed = append(changed, &states[i])
		}
	}
	return s.save(tx, changed...)
}

// complete adds the states of users who have no row.
func complete(states []state, ids []wire.UserID) []state {
	if len(states) == len(ids) {
		return states
	}
	there := make(map[wire.UserID]bool, len(states))
	for _, s := range states {
		there[s.user] = true
	}
	for _, id := range ids {
		if !there[id] {
			states = append(states, unknown(id))
		}
	}
	return states
}

// clear deletes feeds that are no longer read and interests that have ended. They are ignored from
// the moment they end; deleting only frees their rows.
func (s *Service) clear(ctx context.Context) error {
	for {
		n, err := db.Write(ctx, s.DB, func(tx *db.Tx) (int64, error) {
			feeds, err := tx.Count(`
				DELETE FROM presence_feeds
				WHERE id IN (SELECT id FROM presence_feeds WHERE used <= $1 ORDER BY used LIMIT $2)`, tx.UnusedSince(feedLife), clearMost)
			if err != nil {
				return 0, err
			}
			interests, err := tx.Count(`
				DELETE FROM presence_interests
				WHERE (reader, subject) IN (
					SELECT reader, subject FROM presence_interests WHERE until <= $1 ORDER BY until LIMIT $2)`, tx.Now(), clearMost)
			return max(feeds, interests), err
		})
		if err != nil || n < clearMost {
			return err
		}
	}
}
