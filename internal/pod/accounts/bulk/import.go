package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Verdict is the outcome of one row.
type Verdict struct {
	Row      int         `json:"row"`
	Line     int         `json:"line"`
	Username string      `json:"userName"`
	Outcome  Outcome     `json:"outcome"`
	ID       wire.UserID `json:"id,omitempty"`      // of the account
	Message  string      `json:"message,omitempty"` // why it was refused
}

// Outcome is the kind of a verdict.
type Outcome string

// The outcomes.
const (
	Created Outcome = "created" // the account was created
	Valid   Outcome = "valid"   // the account would be created: in a dry run
	Exists  Outcome = "exists"  // an account with that user name exists, and is unchanged
	Refused Outcome = "refused" // the row is wrong
)

// Import creates accounts from a file. Set its fields, then call Run.
type Import struct {
	DB       *db.DB
	Accounts *accounts.Service
	Company  wire.CompanyID
	Digest   string // of the file: identifies an interrupted import
	Name     string // of the file, for people
	Source   Source
	DryRun   bool

	// Resumed, if set, is called once at the beginning with the number of rows that an earlier run
	// of the same file committed, and the verdicts of its last transaction, the only ones that run
	// may not have stored. A dry run does not call it.
	Resumed func(rows int, last []Verdict) error

	// Verdicts is called with the verdicts of the next rows after they were committed. Later rows
	// are committed only after it returns.
	Verdicts func([]Verdict) error

	conflicts bool // names of the last transaction's rows may have been taken
}

// Run imports the file from its beginning, or from where an earlier run was interrupted. Each
// transaction creates the accounts of its rows and stores how far the import is, so that no kill
// creates an account twice or leaves one out.
func (i *Import) Run(ctx context.Context) (err error) {
	done := 0
	seen := newSeen()
	if !i.DryRun {
		p, err := i.begin(ctx)
		if err != nil {
			return err
		}
		if i.Resumed != nil {
			if err := i.Resumed(p.rows, p.last); err != nil {
				return err
			}
		}
		if done = p.rows; done > 0 {
			if err := i.skip(done); err != nil {
				return err
			}
		}
	}
	ahead := i.readAhead(ctx)
	defer ahead.stop()
	pace := newPace()
	for {
		rows, err := ahead.take(pace.rows)
		if err != nil || len(rows) == 0 {
			return errors.Join(err, i.end(ctx, err))
		}
		began := time.Now()
		var verdicts []Verdict
		if i.DryRun {
			verdicts, err = db.Read(ctx, i.DB, func(tx *db.Tx) ([]Verdict, error) { return i.judge(tx, rows, seen, true) })
		} else {
			verdicts, err = i.commit(ctx, rows, done)
		}
		if err != nil {
			return err
		}
		pace.took(time.Since(began))
		done += len(rows)
		if err := i.Verdicts(verdicts); err != nil {
			return err
		}
		if !i.DryRun {
			time.Sleep(breath)
		}
	}
}

// skip skips the rows that an earlier run has committed.
func (i *Import) skip(rows int) error {
	for range rows {
		if _, err := i.Source.Next(); err != nil {
			return fmt.Errorf("the file has fewer rows than were imported of it: %w", err)
		}
	}
	return nil
}

// maxTries is how often a transaction is tried if another one creates one of its accounts
// meanwhile.
const maxTries = 10

// commit creates the accounts of some rows. Usually none of a file's accounts exists. So at first
// nothing is looked up, and the table refuses duplicates.
func (i *Import) commit(ctx context.Context, rows []checkedRow, done int) ([]Verdict, error) {
	var verdicts []Verdict
	var err error
	look := i.conflicts
	for range maxTries {
		verdicts, err = db.Write(ctx, i.DB, func(tx *db.Tx) ([]Verdict, error) {
			verdicts, err := i.make(tx, rows, look)
			if err != nil {
				return nil, err
			}
			return verdicts, i.advance(tx, done, len(rows), verdicts)
		})
		var refused *apierr.Error
		if !errors.Is(err, db.ErrExists) && (look || !errors.As(err, &refused)) {
			break
		}
		look = true
	}
	i.conflicts = look && slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.Outcome != Created })
	return verdicts, err
}

// make judges rows and creates the accounts of those that pass. If look, existing names are looked
// up.
func (i *Import) make(tx *db.Tx, rows []checkedRow, look bool) ([]Verdict, error) {
	verdicts, err := i.judge(tx, rows, newSeen(), look)
	if err != nil {
		return nil, err
	}
	var passed []accounts.Checked
	var places []int
	for n, v := range verdicts {
		if v.Outcome == Valid {
			passed, places = append(passed, rows[n].checked), append(places, n)
		}
	}
	made, err := i.Accounts.CreateMany(tx, i.caller(), passed)
	if err != nil {
		return nil, err
	}
	for n, place := range places {
		verdicts[place].Outcome, verdicts[place].ID = Created, made[n].ID
	}
	return verdicts, nil
}

func (i *Import) caller() auth.Caller { return auth.Caller{Company: i.Company} }

// judge returns for each row whether its account can be created. seen holds what earlier rows
// create; look says whether existing names are looked up.
func (i *Import) judge(tx *db.Tx, rows []checkedRow, seen *seen, look bool) ([]Verdict, error) {
	verdicts := make([]Verdict, len(rows))
	var names, emails []string
	for n, row := range rows {
		verdicts[n] = Verdict{Row: row.Number, Line: row.Line, Username: row.Account.Username, Outcome: Valid}
		if row.Err != nil {
			verdicts[n].refuse(row.Err.Error())
			continue
		}
		names, emails = append(names, row.Account.Username), append(emails, row.Account.Email)
	}
	var taken accounts.Names
	if look {
		var err error
		if taken, err = i.Accounts.Taken(tx, i.Company, names, emails); err != nil {
			return nil, err
		}
	}
	for n, row := range rows {
		v := &verdicts[n]
		if v.Outcome != Valid {
			continue
		}
		switch id, ok := taken.Username(row.Account.Username); {
		case ok && id != 0:
			v.Outcome, v.ID = Exists, id
		case ok:
			v.refuse("userName: it already exists, as an application")
		case !row.Account.Disabled && taken.Email(row.Account.Email):
			v.refuse("emailAddress: it already exists, another enabled account has it")
		default:
			if earlier, what := seen.add(row.Row); earlier != 0 {
				v.refuse(fmt.Sprintf("%s: it already exists, row %d has it", what, earlier))
			}
		}
	}
	return verdicts, nil
}

func (v *Verdict) refuse(message string) { v.Outcome, v.Message = Refused, message }

// progress is how far an import is.
type progress struct {
	rows int
	last []Verdict // of the last transaction
}

// begin returns how far an interrupted earlier run of the file came.
func (i *Import) begin(ctx context.Context) (progress, error) {
	return db.Write(ctx, i.DB, func(tx *db.Tx) (progress, error) {
		p, err := db.One(tx, scanProgress, `SELECT rows, last FROM imports WHERE company = $1 AND digest = $2`, i.Company, i.Digest)
		if !errors.Is(err, db.ErrNoRow) {
			return p, err
		}
		return progress{}, tx.Exec(`
			INSERT INTO imports (company, digest, name, rows, last, began)
			VALUES ($1, $2, $3, 0, '[]', $4)`, i.Company, i.Digest, i.Name, tx.Now())
	})
}

func scanProgress(row db.Row) (p progress, err error) {
	var last string
	if err := row.Scan(&p.rows, &last); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(last), &p.last)
}

// advance stores that rows were imported. It fails if another run of the same file has done so
// meanwhile.
func (i *Import) advance(tx *db.Tx, done, rows int, verdicts []Verdict) error {
	last, err := json.Marshal(verdicts)
	if err != nil {
		return err
	}
	err = tx.Change(`
		UPDATE imports
		SET rows = $4, last = $5
		WHERE company = $1 AND digest = $2 AND rows = $3`, i.Company, i.Digest, done, done+rows, string(last))
	if errors.Is(err, db.ErrNoRow) {
		return errors.New("another run imports the same file at this moment")
	}
	return err
}

// end deletes the stored progress at the end, so that the file may be imported again.
func (i *Import) end(ctx context.Context, failed error) error {
	if failed != nil || i.DryRun {
		return nil
	}
	_, err := db.Write(ctx, i.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`DELETE FROM imports WHERE company = $1 AND digest = $2`, i.Company, i.Digest)
	})
	return err
}
