package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"time"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod"
)

// How many users there are, and how many changed, when a feed is read.
const (
	fewUsers    = 10_000
	manyUsers   = 1_000_000
	changedOnes = 100
)

func (b *bench) presenceReads(ctx context.Context) error {
	few, err := b.openReader(ctx, fewUsers)
	if err != nil {
		return err
	}
	defer few.close()
	many, err := b.openReader(ctx, manyUsers)
	if err != nil {
		return err
	}
	defer many.close()
	c, err := b.compare(ctx, "feed reads", b.reads(many), b.reads(few))
	if err != nil {
		return err
	}
	b.report.atMost(fmt.Sprintf("a feed read of %d changes among %d users to one among %d", changedOnes, manyUsers, fewUsers), c, 1.3)
	return nil
}

// reader is a pod within this process, with users who are present and a feed.
type reader struct {
	db      *db.DB
	handler http.Handler
	session string
	feed    string
	behind  journal.Cursor // the place of the feed when so many have changed
}

func (r *reader) close() { r.db.Close() }

func (b *bench) openReader(ctx context.Context, people int) (*reader, error) {
	progress("%d users become present", people)
	if err := b.key.ready(); err != nil {
		return nil, err
	}
	config, err := benchConfig(ctx, filepath.Join(b.dir, fmt.Sprintf("people-%d.db", people)), 0)
	if err != nil {
		return nil, err
	}
	r := &reader{db: config.DB, behind: journal.Cursor{Seq: int64(people - changedOnes)}}
	var p *pod.Pod
	if p, err = newPod(ctx, config, b.key.publicPEM()); err == nil {
		err = plantPresence(ctx, config.DB, people)
	}
	if err == nil {
		r.handler = p.Handler(0)
		err = r.open(&b.key)
	}
	if err != nil {
		config.DB.Close()
		return nil, err
	}
	return r, nil
}

// open logs in and creates the feed.
func (r *reader) open(key *userKey) error {
	token, err := key.loginToken()
	if err != nil {
		return err
	}
	var opened loginBody
	if err := r.call("POST", "/login/pubkey/authenticate", loginBody{token}, &opened); err != nil {
		return err
	}
	r.session = opened.Token
	var feed struct{ ID string }
	err = r.call("POST", "/pod/v1/presence/feed/create", nil, &feed)
	r.feed = feed.ID
	return err
}

// call calls an operation.
func (r *reader) call(method, path string, body, into any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	asked := httptest.NewRequest(method, path, bytes.NewReader(data))
	asked.Header.Set("sessionToken", r.session)
	answer := httptest.NewRecorder()
	r.handler.ServeHTTP(answer, asked)
	if answer.Code != http.StatusOK {
		return fmt.Errorf("%s answers %d: %s", path, answer.Code, answer.Body)
	}
	return json.Unmarshal(answer.Body.Bytes(), into)
}

// reads returns a side that reads the feed again and again, each time as if so many had changed
// since.
func (b *bench) reads(r *reader) side {
	return func(ctx context.Context) (result, error) {
		var all result
		var spent time.Duration
		for end := time.Now().Add(b.round); time.Now().Before(end); {
			_, err := db.Write(ctx, r.db, func(tx *db.Tx) (struct{}, error) {
				return struct{}{}, tx.Exec(`UPDATE presence_feeds SET position = $2, seq = $3 WHERE id = $1`, r.feed, r.behind.Position, r.behind.Seq)
			})
			if err != nil {
				return all, err
			}
			var statuses []json.RawMessage
			began := time.Now()
			err = r.call("GET", "/pod/v1/presence/feed/"+r.feed+"/read", nil, &statuses)
			took := time.Since(began)
			if err != nil || len(statuses) != changedOnes {
				return all, fmt.Errorf("a read of %d statuses: %w", len(statuses), err)
			}
			all.latency.add(took)
			spent += took
		}
		all.rate = float64(all.latency.count) / spent.Seconds()
		return all, nil
	}
}

// plantPresence gives so many accounts a presence, with the numbers 1, 2 and so on.
func plantPresence(ctx context.Context, d *db.DB, people int) error {
	_, err := db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) {
		err := tx.Exec(`
			WITH RECURSIVE crowd (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM crowd WHERE n < $2)
			INSERT INTO users (`+userColumns("%s", "%s")+`)
			SELECT `+userColumns("u.%s", "'crowd-' || n")+`
			FROM crowd, users AS u
			WHERE u.username = $1`, userName, people)
		if err != nil {
			return struct{}{}, err
		}
		err = tx.Exec(`
			INSERT INTO presence (user_id, company, enabled, desired, chosen, hard, seen, active, category, at, due, position, seq)
			SELECT id, company, TRUE, 'BUSY', $1, TRUE, 0, 0, 'BUSY', $1, 0, 0, ROW_NUMBER() OVER (ORDER BY id)
			FROM users
			WHERE username LIKE 'crowd-%'`, tx.Now())
		if err != nil {
			return struct{}{}, err
		}
		_, err = tx.NextMany("presence", people)
		return struct{}{}, err
	})
	return err
}

// userColumns lists the columns of an account, those that tell one from another as distinct says.
func userColumns(same, distinct string) string {
	columns := strings.Fields(`id username username_folded email email_folded company account_type display_name first_name last_name
		company_name title department division location job_function work_phone mobile_phone sms two_factor_phone language
		asset_classes industries market_coverage responsibility job_area instrument status suspended suspended_until
		suspension_reason created created_by updated last_login password_reset deactivated version`)
	for i, name := range columns {
		switch {
		case i == 0 && distinct != "%s":
			columns[i] = "u.id + 1000 + n"
		case i <= 4 && distinct != "%s":
			columns[i] = distinct
		default:
			columns[i] = fmt.Sprintf(same, name)
		}
	}
	return strings.Join(columns, ", ")
}
