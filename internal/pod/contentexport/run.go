package contentexport

import (
	"context"
	"errors"
	"io"
	"time"

	"podium/internal/auth"
	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/messages/files"
	"podium/internal/wire"
)

// The times of the background work.
const (
	stepEvery = 30 * time.Second

	// retryAfter is how soon a job that failed is tried again.
	retryAfter = time.Minute

	// horizonWait is for how long a node waits until what a job holds has been written, horizonLook
	// how often it looks.
	horizonWait, horizonLook = 10 * time.Second, 50 * time.Millisecond

	// sweepMost is how many files are deleted in one transaction.
	sweepMost = 100
)

// Run makes and deletes files until ctx ends. Several nodes may run it at the same time.
func (s *Service) Run(ctx context.Context) {
	ticker := time.NewTicker(stepEvery)
	defer ticker.Stop()
	for {
		if err := s.Step(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("content cannot be exported; trying again", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Step creates the jobs of periods that are over, works on the jobs that no node works on, and
// deletes the files whose time is over.
func (s *Service) Step(ctx context.Context) error {
	var failed []error
	for _, m := range s.Companies.All() {
		if m.ContentExport.Length() == 0 {
			continue
		}
		_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, s.schedule(tx, m.Company) })
		failed = append(failed, err)
	}
	for ctx.Err() == nil {
		worked, err := s.workOnOne(ctx)
		failed = append(failed, err)
		if !worked {
			break
		}
	}
	return errors.Join(append(failed, s.sweep(ctx))...)
}

// workOnOne completes a job that no node works on. It reports whether there was one. A job that
// another node has taken over meanwhile is left to that node.
func (s *Service) workOnOne(ctx context.Context) (bool, error) {
	type claimed struct {
		job job
		ok  bool
	}
	c, err := db.Write(ctx, s.DB, func(tx *db.Tx) (c claimed, err error) {
		c.job, c.ok, err = claim(tx)
		return c, err
	})
	if err != nil || !c.ok {
		return false, err
	}
	err = s.work(ctx, c.job)
	if err != nil && !errors.Is(err, errLost) && ctx.Err() == nil {
		_, again := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, c.job.hold(tx, retryAfter) })
		return true, errors.Join(err, again)
	}
	return true, nil
}

func (s *Service) work(ctx context.Context, j job) error {
	if err := s.written(ctx, j); err != nil {
		return err
	}
	for {
		p, err := s.makePart(ctx, j)
		if err != nil {
			return err
		}
		err = s.store(ctx, &j, p)
		if closed := p.content.Close(); err == nil {
			err = closed
		}
		if err != nil || p.last {
			return err
		}
	}
}

// written waits until all messages that a job holds have been written.
func (s *Service) written(ctx context.Context, j job) error {
	waiting, stop := context.WithTimeout(ctx, horizonWait)
	defer stop()
	for {
		horizon, err := db.Read(ctx, s.DB, func(tx *db.Tx) (int64, error) { return tx.Horizon() })
		if err != nil || horizon > j.position {
			return err
		}
		select {
		case <-time.After(horizonLook):
		case <-waiting.Done():
			return errors.New("a transaction that runs for long holds an export back")
		}
	}
}

// store stores a part, and then commits that the job has made it. A part that another node has made
// meanwhile is dropped: its content is deleted after a day.
func (s *Service) store(ctx context.Context, j *job, p part) error {
	if _, err := p.content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.Files.Put(ctx, p.sum, p.size, p.content); err != nil {
		return err
	}
	kept := wire.Time(0)
	if m, ok := s.Companies.Get(j.company); ok {
		kept = wire.Time(m.ContentExportKept.Milliseconds())
	}
	_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, s.commit(tx, *j, p, kept) })
	if err == nil {
		j.done, j.parts = p.done, j.parts+1
	}
	return err
}

func (s *Service) commit(tx *db.Tx, j job, p part, kept wire.Time) error {
	lease := tx.Now().Add(leaseLife)
	err := tx.Change(`
		UPDATE export_jobs
		SET done = $4, parts = parts + 1, open = $5, lease = $6
		WHERE id = $1 AND holder = $2 AND done = $3 AND open`, j.id, j.holder, j.done, p.done, !p.last, lease)
	if errors.Is(err, db.ErrNoRow) {
		return errLost
	}
	if err != nil {
		return err
	}
	sha256 := blob.Sum(p.sum).String()
	if err := files.Hold(tx, sha256); err != nil {
		return err
	}
	f := file{
		id: p.id, job: j.id, part: j.parts + 1, name: j.fileName(tx.Now()), size: p.size, sha256: sha256, jobType: j.jobType, format: symphony,
		starts: j.starts, ends: j.ends, uploaded: tx.Now(), generated: Day(tx.Now().Std().Format(time.DateOnly)),
	}
	err = tx.InsertAll(`
		INSERT INTO export_files (id, company, job, part, name, name_folded, size, sha256, job_type, format, starts, ends, uploaded,
			generated, expires)
		VALUES`, [][]any{f.row(j.company, tx.Now()+kept)}, "")
	if err != nil {
		return err
	}
	fact := FileCreated{Job: j.id, Part: f.part, Messages: p.messages, SHA256: sha256}
	return s.Journal.Record(tx, auth.Caller{Company: j.company}, f.subject(), fact)
}

// sweep deletes the files whose time is over.
func (s *Service) sweep(ctx context.Context) error {
	for {
		n, err := db.Write(ctx, s.DB, s.sweepSome)
		if err != nil || n < sweepMost {
			return err
		}
	}
}

func (s *Service) sweepSome(tx *db.Tx) (int, error) {
	type old struct {
		company          wire.CompanyID
		id, name, sha256 string
	}
	list, err := db.All(tx, func(row db.Row) (o old, err error) { return o, row.Scan(&o.company, &o.id, &o.name, &o.sha256) }, `
		SELECT company, id, name, sha256
		FROM export_files
		WHERE expires <= $1
		ORDER BY expires, id
		LIMIT $2 `+tx.ForUpdateOf("export_files"), tx.Now(), sweepMost)
	if err != nil {
		return 0, err
	}
	for _, o := range list {
		if err := files.Release(tx, o.sha256); err != nil {
			return 0, err
		}
		if err := tx.Change(`DELETE FROM export_files WHERE id = $1`, o.id); err != nil {
			return 0, err
		}
		if err := s.Journal.Record(tx, auth.Caller{Company: o.company}, journal.Subject{ID: o.id, Name: o.name}, FileDeleted{}); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
