package files

import (
	"context"
	"encoding/json"
	"slices"

	"podium/internal/blob"
	"podium/internal/db"
)

// Drop removes the files of messages, which are named by their numbers. Their contents may belong
// to other messages too: Review finds that out, and until then they are kept.
func Drop(tx *db.Tx, messages []int64) error {
	of, err := Of(tx, messages)
	if err != nil || len(of) == 0 {
		return err
	}
	var all []File
	for _, list := range of {
		all = append(all, list...)
	}
	if err := tx.Exec(`DELETE FROM message_files WHERE message IN ($1)`, messages); err != nil {
		return err
	}
	if _, err := Lock(tx, all); err != nil {
		return err
	}
	return tx.Exec(`UPDATE blobs SET used = $2 WHERE used = 0 AND sha256 IN ($1)`, sumsOf(all), blob.InDoubt)
}

// The sizes of a review: contents in doubt at once, and files in one transaction.
const (
	reviewMost = 10_000
	reviewPage = 500
)

// Review decides about the contents of dropped files. It looks through all files, since no index
// has the contents of previews. Those that a message names are kept. The sweeper deletes the others
// after a day.
func (s *Service) Review(ctx context.Context) error {
	for {
		doubted, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]string, error) {
			return db.All(tx, db.ScanValue[string], `SELECT sha256 FROM blobs WHERE used = $1 ORDER BY used LIMIT $2`, blob.InDoubt, reviewMost)
		})
		if err != nil || len(doubted) == 0 {
			return err
		}
		if err := s.review(ctx, doubted); err != nil {
			return err
		}
	}
}

func (s *Service) review(ctx context.Context, doubted []string) error {
	in := make(map[string]bool, len(doubted))
	for _, sum := range doubted {
		in[sum] = true
	}
	at := place{message: -1}
	for {
		next, err := db.Write(ctx, s.DB, func(tx *db.Tx) (place, error) { return keepNamed(tx, at, in) })
		if err != nil {
			return err
		}
		if next == at {
			break
		}
		at = next
	}
	for some := range slices.Chunk(doubted, reviewPage) {
		_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, tx.Exec(`UPDATE blobs SET used = $2 WHERE used = $3 AND sha256 IN ($1)`, some, tx.Now(), blob.InDoubt)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// place is where a file is among all files.
type place struct{ message, index int64 }

// keepNamed keeps the contents in doubt that a page of files names. It returns the place of the
// page's last file, or the given place at the end.
func keepNamed(tx *db.Tx, after place, doubted map[string]bool) (place, error) {
	list, last, err := pageAfter(tx, after)
	if err != nil {
		return last, err
	}
	sums := slices.DeleteFunc(sumsOf(list), func(sum string) bool { return !doubted[sum] })
	if len(sums) == 0 {
		return last, nil
	}
	// A transaction that drops one of these files waits for this one, or has ended: the second look
	// shows which.
	locked, err := db.All(tx, db.ScanValue[string], `
		SELECT sha256
		FROM blobs
		WHERE sha256 IN ($1)
		ORDER BY sha256 `+tx.ForUpdateOf("blobs"), sums)
	if err != nil {
		return last, err
	}
	if list, last, err = pageAfter(tx, after); err != nil {
		return last, err
	}
	named := sumsOf(list)
	locked = slices.DeleteFunc(locked, func(sum string) bool {
		_, ok := slices.BinarySearch(named, sum)
		return !ok
	})
	if len(locked) == 0 {
		return last, nil
	}
	return last, tx.Exec(`UPDATE blobs SET used = 0 WHERE used <> 0 AND sha256 IN ($1)`, locked)
}

// pageAfter returns the files after a place, and the place of the last one.
func pageAfter(tx *db.Tx, after place) ([]File, place, error) {
	last := after
	list, err := db.All(tx, func(r db.Row) (f File, err error) {
		var previews string
		if err = r.Scan(&last.message, &last.index, &f.SHA256, &previews); err != nil {
			return f, err
		}
		return f, json.Unmarshal([]byte(previews), &f.Previews)
	}, `
		SELECT message, place, sha256, previews
		FROM message_files
		WHERE (message, place) > ($1, $2)
		ORDER BY message, place
		LIMIT $3`, after.message, after.index, reviewPage)
	return list, last, err
}
