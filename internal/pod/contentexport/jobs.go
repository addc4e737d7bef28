package contentexport

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// job is a row of export_jobs: an export of a company's content.
type job struct {
	id           string
	company      wire.CompanyID
	jobType      JobType
	starts, ends wire.Time
	byTime       bool  // messages before starts are left out; if AdHoc, those from ends on, too
	upto         int64 // the messages have lower numbers
	position     int64 // when the horizon has passed it, no such message is still being written
	done         int64 // the messages up to this number are in files
	parts        int64
	holder       string
}

const selectJobs = `
	SELECT id, company, type, starts, ends, by_time, upto, position, done, parts, holder
	FROM export_jobs`

func scanJob(row db.Row) (j job, err error) {
	return j, row.Scan(&j.id, &j.company, &j.jobType, &j.starts, &j.ends, &j.byTime, &j.upto, &j.position, &j.done, &j.parts, &j.holder)
}

// randomID returns an id that cannot be guessed.
func randomID() string {
	var id [16]byte
	rand.Read(id[:])
	return hex.EncodeToString(id[:])
}

// insert creates a job for the messages whose numbers are higher than done. Those that are being
// written now have numbers that are lower than upto, or belong to a later job.
func (j job) insert(tx *db.Tx, log *journal.Log) error {
	upto, err := tx.Next("streams")
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO export_jobs (id, company, type, starts, ends, by_time, upto, position, done, parts, open, holder, lease, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, TRUE, '', 0, $9)`,
		j.id, j.company, j.jobType, j.starts, j.ends, j.byTime, upto, j.done, tx.Now())
	if err != nil {
		return err
	}
	return log.Record(tx, auth.Caller{Company: j.company}, journal.Thing(j.id), JobCreated{Type: string(j.jobType), Starts: j.starts, Ends: j.ends})
}

// Request creates a job that exports what was said in a time, and returns its id. A running pod
// works on it within a minute.
func Request(tx *db.Tx, log *journal.Log, company wire.CompanyID, starts, ends wire.Time) (string, error) {
	if _, err := companies.Find(tx, company); errors.Is(err, db.ErrNoRow) {
		return "", apierr.NotFound("There is no company %d", company)
	} else if err != nil {
		return "", err
	}
	if starts < 0 || starts >= ends || ends > tx.Now() {
		return "", apierr.Invalid("the time begins before it ends, and ends before now")
	}
	j := job{id: randomID(), company: company, jobType: AdHoc, starts: starts, ends: ends, byTime: true}
	return j.id, j.insert(tx, log)
}

// schedule creates the job of a company's last period that is over, if there is none yet. The first
// job of a company holds what was said since the period began. Each later one holds what was
// written after the one before, whatever time a message bears: so imported messages are exported,
// too, and none is twice. Periods in which no node ran are in one job.
func (s *Service) schedule(tx *db.Tx, c companies.Company) error {
	length := wire.Time(c.ContentExport.Length().Milliseconds())
	if length == 0 {
		return nil
	}
	ends := tx.Now() - tx.Now()%length
	if last, err := lastScheduled(tx, c.ID); err != nil || last.ends >= ends {
		return err
	}
	if err := tx.Lock(lock.ContentExportOf(c.ID)); err != nil {
		return err
	}
	last, err := lastScheduled(tx, c.ID)
	if err != nil || last.ends >= ends {
		return err
	}
	j := job{id: randomID(), company: c.ID, jobType: Scheduled, ends: ends}
	if last.id == "" {
		j.starts, j.byTime = ends-length, true
	} else {
		j.starts, j.done = last.ends, last.upto-1
	}
	return j.insert(tx, s.Journal)
}

// lastScheduled returns the last scheduled job of a company; the zero job if there is none.
func lastScheduled(tx *db.Tx, company wire.CompanyID) (job, error) {
	j, err := db.One(tx, scanJob, selectJobs+`
		WHERE company = $1 AND type = 'SCHEDULED'
		ORDER BY ends DESC
		LIMIT 1`, company)
	if errors.Is(err, db.ErrNoRow) {
		return job{}, nil
	}
	return j, err
}

// leaseLife is for how long a node holds a job without renewing that.
const leaseLife = 10 * time.Minute

// claim returns a job that no node works on, and makes the caller hold it; ok is false if there is
// none.
func claim(tx *db.Tx) (j job, ok bool, err error) {
	j, err = db.One(tx, scanJob, selectJobs+`
		WHERE open AND lease <= $1
		ORDER BY created, id
		LIMIT 1 `+tx.ForUpdateOf("export_jobs"), tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return job{}, false, nil
	}
	if err != nil {
		return job{}, false, err
	}
	j.holder = randomID()
	if j.position == 0 {
		// Transactions that drew lower numbers began before the one that created the job ended.
		if j.position, err = tx.Position(); err != nil {
			return job{}, false, err
		}
	}
	return j, true, tx.Change(`
		UPDATE export_jobs
		SET holder = $2, lease = $3, position = $4
		WHERE id = $1`, j.id, j.holder, tx.Now().Add(leaseLife), j.position)
}

// errLost is the error of a node that no longer holds a job.
var errLost = errors.New("another node works on the export")

// hold sets for how long the node holds a job. It fails with errLost if the node does not hold it.
func (j job) hold(tx *db.Tx, life time.Duration) error {
	err := tx.Change(`UPDATE export_jobs SET lease = $3 WHERE id = $1 AND holder = $2 AND open`, j.id, j.holder, tx.Now().Add(life))
	if errors.Is(err, db.ErrNoRow) {
		return errLost
	}
	return err
}
