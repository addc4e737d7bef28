package lifecycle

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/barriers"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// Separate handles a change of barriers: streams with separated members become inactive, and
// streams without any become active again.
func (s *Service) Separate(tx *db.Tx, c barriers.Change) error {
	var concerned []int64
	if c.Landed != 0 {
		numbers, err := streamsWithSeparated(tx, `JOIN barrier_sides b ON b.user_id = m.user_id WHERE b.policy = $1`, c.Landed)
		if err != nil {
			return err
		}
		concerned = append(concerned, numbers...)
	}
	for part := range slices.Chunk(c.Joined, pageOfStreams) {
		numbers, err := streamsWithSeparated(tx, `
			JOIN barrier_sides b ON b.user_id = m.user_id
			WHERE m.stream IN (SELECT stream FROM stream_members WHERE user_id IN ($1))`, part)
		if err != nil {
			return err
		}
		concerned = append(concerned, numbers...)
	}
	if c.Lifted {
		numbers, err := db.All(tx, db.ScanValue[int64], `SELECT number FROM streams WHERE barred > 0`)
		if err != nil {
			return err
		}
		concerned = append(concerned, numbers...)
	}
	slices.Sort(concerned)
	return s.review(tx, c.By.AsConsequence(), slices.Compact(concerned))
}

// pageOfStreams is the most users or streams in one statement.
const pageOfStreams = 1000

// streamsWithSeparated returns the numbers of the streams with separated members m, by those
// policies b that the rest of the statement selects.
func streamsWithSeparated(tx *db.Tx, rest string, arg any) ([]int64, error) {
	return db.All(tx, db.ScanValue[int64], `
		SELECT DISTINCT stream
		FROM (SELECT m.stream, b.policy, b.grp, b.user_id FROM stream_members m `+rest+`) AS sides
		GROUP BY stream, policy
		HAVING `+barriers.HavingSeparated, arg)
}

// review closes streams with separated members, and opens those that were closed for it and have
// none. It locks the streams.
func (s *Service) review(tx *db.Tx, grant auth.Grant, numbers []int64) error {
	var all []wire.StreamID
	for part := range slices.Chunk(numbers, pageOfStreams) {
		ids, err := db.All(tx, db.ScanValue[wire.StreamID], `SELECT id FROM streams WHERE number IN ($1)`, part)
		if err != nil {
			return err
		}
		all = append(all, ids...)
	}
	if err := streams.LockAll(tx, all); err != nil {
		return err
	}
	for part := range slices.Chunk(numbers, pageOfStreams) {
		apart, err := streamsWithSeparated(tx, `JOIN barrier_sides b ON b.user_id = m.user_id WHERE m.stream IN ($1)`, part)
		if err != nil {
			return err
		}
		slices.Sort(apart)
		list, err := db.All(tx, streams.ScanStreams(), streams.Select+` WHERE s.number IN ($1) ORDER BY s.number`, part)
		if err != nil {
			return err
		}
		for _, one := range list {
			_, is := slices.BinarySearch(apart, one.Number)
			switch {
			case is && one.Separation == 0:
				err = s.closeSeparated(tx, grant, one)
			case !is && one.Separation != 0:
				err = s.openUnited(tx, grant, one)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// closeSeparated makes a stream inactive while a barrier separates its members.
func (s *Service) closeSeparated(tx *db.Tx, grant auth.Grant, one streams.Stream) error {
	was := one.Active
	one.Separation = streams.Separated
	if one.Type == streams.Room && !one.Active {
		one.Separation = streams.SeparatedDeactivated
	}
	one.Active = false
	err := tx.Change(`UPDATE streams SET barred = $2, active = FALSE WHERE number = $1`, one.Number, one.Separation)
	if err != nil || !was {
		return err
	}
	place, err := facts.PlaceOf(tx, one)
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, grant, one.Subject(), facts.ClosedByBarrier{Stream: place, Company: grant.Company})
}

// Release makes a room active again if no barrier separates its members any longer.
func (s *Service) Release(tx *db.Tx, grant auth.Grant, room streams.Stream) error {
	apart, err := streamsWithSeparated(tx, `JOIN barrier_sides b ON b.user_id = m.user_id WHERE m.stream = $1`, room.Number)
	if err != nil || len(apart) > 0 {
		return err
	}
	return s.openUnited(tx, grant, room)
}

// openUnited gives a stream the state that it has without a barrier.
func (s *Service) openUnited(tx *db.Tx, grant auth.Grant, one streams.Stream) error {
	var err error
	if one.Type == streams.Room {
		one.Active, one.Separation = one.Separation == streams.Separated, 0
		err = streams.SaveCounts(tx, one)
	} else { // accounts are disabled and enabled without a lock of the stream; the row counts them
		err = tx.Change(`UPDATE streams SET barred = 0, active = (away = 0) WHERE number = $1`, one.Number)
		one.Active = one.Away == 0
	}
	if err != nil || !one.Active {
		return err
	}
	place, err := facts.PlaceOf(tx, one)
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, grant, one.Subject(), facts.OpenedAfterBarrier{Stream: place, Company: grant.Company})
}
