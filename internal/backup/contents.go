package backup

import (
	"context"
	"errors"
	"fmt"

	"podium/internal/blob"
	"podium/internal/db"
)

// Content is a row of the table blobs: a content in the blob store.
type Content struct {
	Sum   blob.Sum
	Size  int64
	Named bool // something needs it; it may have been deleted otherwise
}

// Contents returns the contents that the pod has in the state that tx sees.
func Contents(tx *db.Tx) ([]Content, error) {
	return db.All(tx, func(row db.Row) (c Content, err error) {
		var name string
		var used int64
		if err = row.Scan(&name, &c.Size, &used); err != nil {
			return c, err
		}
		c.Sum, err = blob.ParseSum(name)
		c.Named = used == 0 || used == blob.Held
		return c, err
	}, `SELECT sha256, size, used FROM blobs ORDER BY sha256`)
}

// Contents returns the contents that a backup's rows name. It reads the whole backup.
func (r *Reader) Contents() (list []Content, err error) {
	columns := map[string]int{}
	err = r.Each(func(t db.Table) error {
		clear(columns)
		if t.Name == "blobs" {
			for i, name := range t.Columns {
				columns[name] = i
			}
		}
		return nil
	}, func(values []any) error {
		if len(columns) == 0 {
			return nil
		}
		name, _ := values[columns["sha256"]].(string)
		size, _ := values[columns["size"]].(int64)
		used, _ := values[columns["used"]].(int64)
		sum, err := blob.ParseSum(name)
		list = append(list, Content{sum, size, used == 0 || used == blob.Held})
		return err
	})
	return list, err
}

// CopyContents copies contents from one blob store to another. Each is verified by its digest, also
// one that was copied before, which is copied again if it was altered. It fails if a content that a
// message names is missing or altered. copied is called with the number of bytes so far.
func CopyContents(ctx context.Context, list []Content, from, to blob.Store, copied func(bytes int64)) error {
	done := int64(0)
	for _, c := range list {
		if err := copyContent(ctx, c, from, to); err != nil {
			return fmt.Errorf("the file %s: %w", c.Sum, err)
		}
		done += c.Size
		copied(done)
	}
	return nil
}

func copyContent(ctx context.Context, c Content, from, to blob.Store) error {
	switch err := verify(ctx, c, to); {
	case err == nil:
		return nil
	case errors.Is(err, blob.ErrWrongSum):
		if err := to.Delete(ctx, c.Sum); err != nil {
			return err
		}
	case !errors.Is(err, blob.ErrNone):
		return err
	}
	err := blob.Copy(ctx, from, to, c.Sum)
	if errors.Is(err, blob.ErrNone) && !c.Named {
		return nil
	}
	return err
}

// VerifyContents reads all contents that messages name, and fails if one is missing or altered.
func VerifyContents(ctx context.Context, list []Content, in blob.Store) error {
	for _, c := range list {
		err := verify(ctx, c, in)
		if err != nil && (c.Named || !errors.Is(err, blob.ErrNone)) {
			return fmt.Errorf("the file %s: %w", c.Sum, err)
		}
	}
	return nil
}

func verify(ctx context.Context, c Content, in blob.Store) error {
	content, size, err := in.Get(ctx, c.Sum)
	if err != nil {
		return err
	}
	if size != c.Size {
		return errors.Join(blob.ErrWrongSum, content.Close())
	}
	return errors.Join(blob.Verify(content, c.Sum, size), content.Close())
}
