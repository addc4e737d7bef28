package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/internal/jose"
	"podium/internal/wire"
)

// talk is a pod in whose rooms writers talk and bots listen.
type talk struct {
	t        *testing.T
	database string
	blobs    string
	bots     []*bot
	writers  *writers
	db       *db.DB // the pod's database

	mu    sync.Mutex
	nodes []*server
}

// newTalk starts a pod of some nodes, whose database they reach at an address. It creates the rooms
// and the bots, which are members of all rooms.
func newTalk(t *testing.T, database string, nodes, rooms int, bots ...string) *talk {
	t.Helper()
	k := &talk{t: t, database: database, blobs: t.TempDir(), nodes: make([]*server, nodes)}
	// A pod that is stopped amid a transaction must not keep this test for long: pass tries again.
	k.db = dbtest.OpenAt(t, database, func(c *db.Config) { c.Patience, c.Timeout = 50*time.Millisecond, 500*time.Millisecond })
	found(t, database)
	for i := range nodes {
		k.start(i)
	}
	c := login(t, k.address(0)(), "admin")
	k.writers = &writers{t: t, token: c.Token, acknowledged: make(map[said]bool)}
	for _, name := range bots {
		b := &bot{name: name, log: newHearingLog()}
		k.bots = append(k.bots, b)
		b.id = k.account(c, name)
	}
	for i := range rooms {
		k.writers.streams = append(k.writers.streams, k.room(c, fmt.Sprintf("talk %d", i)))
	}
	return k
}

// account creates a service account that logs in with testKey.
func (k *talk) account(c *client.Client, name string) int64 {
	k.t.Helper()
	body, _ := json.Marshal(map[string]any{"roles": []string{"INDIVIDUAL"}, "userAttributes": map[string]any{
		"userName": name, "displayName": name, "emailAddress": name + "@acme.example", "accountType": "SYSTEM",
		"currentKey": map[string]string{"key": jose.EncodePublicKey(&testKey().PublicKey), "action": "SAVE"},
	}})
	var made struct {
		Info struct {
			ID int64 `json:"id"`
		} `json:"userSystemInfo"`
	}
	k.call(c, "/pod/v2/admin/user/create", body, &made)
	return made.Info.ID
}

// room creates a room of which all bots are members.
func (k *talk) room(c *client.Client, name string) string {
	k.t.Helper()
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	k.call(c, "/pod/v3/room/create", []byte(fmt.Sprintf(`{"name": %q, "description": %q}`, name, name)), &made)
	for _, b := range k.bots {
		k.call(c, "/pod/v1/room/"+made.Info.ID+"/membership/add", []byte(fmt.Sprintf(`{"id": %d}`, b.id)), nil)
	}
	return made.Info.ID
}

func (k *talk) call(c *client.Client, path string, body []byte, into any) {
	k.t.Helper()
	a, err := c.Do(context.Background(), http.MethodPost, path, body)
	if err == nil && a.Status == http.StatusOK && into != nil {
		err = json.Unmarshal(a.Body, into)
	}
	if err != nil || a.Status != http.StatusOK {
		k.t.Fatalf("%s: %d %s %v", path, a.Status, a.Body, err)
	}
}

// start starts a node, or starts it again.
func (k *talk) start(node int) {
	k.t.Helper()
	s := serve(k.t, k.database, "--blobs", k.blobs, "--drain-delay", "0s")
	k.mu.Lock()
	defer k.mu.Unlock()
	k.nodes[node] = s
}

func (k *talk) node(i int) *server {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.nodes[i%len(k.nodes)]
}

// address returns a function that returns the address of a node, which changes when it is started
// again.
func (k *talk) address(node int) func() string { return func() string { return k.node(node).url } }

// listen has a number of instances of a bot read, one node after the other, until ctx ends.
func (k *talk) listen(ctx context.Context, reading *sync.WaitGroup, b *bot, instances int) (loops []*loop) {
	for i := range instances {
		l := newLoop(k.t, b, k.address(i))
		// One after the other: the first creates the feed, and the others find it.
		for l.currentFeed() == "" {
			if !l.step(ctx) {
				k.t.Fatalf("%s gets no feed\n%s", b.name, k.node(i).all())
			}
		}
		reading.Go(func() { l.run(ctx) })
		loops = append(loops, l)
	}
	return loops
}

// hearNothingAgain starts a node after the end of all leases. It sends one more message, and fails
// the test unless each bot hears that and nothing before it.
func (k *talk) hearNothingAgain() {
	k.t.Helper()
	for _, b := range k.bots {
		k.pass(pauseOf, b.id)
	}
	k.start(0)
	k.nodes = k.nodes[:1]
	k.writers.send(func(int) string { return k.node(0).url }, 1, 1)
	ctx, stop := context.WithCancel(k.t.Context())
	defer stop()
	var reading sync.WaitGroup
	for _, b := range k.bots {
		k.listen(ctx, &reading, b, 1)
	}
	for _, b := range k.bots {
		b.log.await(k.t, k.writers)
	}
	k.finish()
	stop()
	reading.Wait()
}

// finish ends all nodes when the bots have acknowledged everything. The reads that carried the
// acknowledgements are then answered.
func (k *talk) finish() {
	k.t.Helper()
	k.settle()
	k.drain()
}

// settle waits until the bots have acknowledged everything.
func (k *talk) settle() {
	k.t.Helper()
	eventually(k.t, "all is acknowledged", func() bool {
		open, err := db.Read(k.t.Context(), k.db, func(tx *db.Tx) (int64, error) {
			return db.Value[int64](tx, `SELECT COUNT(*) FROM feeds WHERE open != '[]'`)
		})
		return err == nil && open == 0
	})
}

// drain ends all nodes as an operator does. Reads that wait are answered.
func (k *talk) drain() {
	k.t.Helper()
	for i := range k.nodes {
		k.node(i).cmd.Process.Signal(syscall.SIGTERM)
	}
	for i := range k.nodes {
		if code := k.node(i).code(); code != 0 {
			k.t.Errorf("a node ends with %d\n%s", code, k.node(i).all())
		}
		for _, line := range k.node(i).lines() {
			lost := strings.Contains(fmt.Sprint(line["msg"]), "connection to the database was lost")
			if line["level"] == "ERROR" && line["status"] != 503.0 && !lost { // the test takes the database away
				k.t.Error(line)
			}
		}
	}
}

// pass has so much time pass for the feeds of some users.
func (k *talk) pass(d time.Duration, owners ...int64) {
	k.t.Helper()
	eventually(k.t, "time passes", func() bool { return k.tryPass(k.t.Context(), d, owners) == nil })
}

// tryPass moves what is stored of feeds into the past, as if so much time had passed: for tests of
// leases and of the life of a feed. It changes the feeds of some users.
func (k *talk) tryPass(ctx context.Context, d time.Duration, owners []int64) error {
	_, err := db.Write(ctx, k.db, func(tx *db.Tx) (struct{}, error) {
		rows, err := db.All(tx, scanStoredFeed, `SELECT id, used, open FROM feeds WHERE owner IN ($1)`, owners)
		if err != nil {
			return struct{}{}, err
		}
		keys := make([]lock.Key, len(rows))
		for i, f := range rows {
			keys[i] = lock.Feed(f.id)
		}
		if err := tx.Lock(keys...); err != nil {
			return struct{}{}, err
		}
		for _, f := range rows {
			// Read again under its lock.
			f, err := db.One(tx, scanStoredFeed, `SELECT id, used, open FROM feeds WHERE id = $1`, f.id)
			if err != nil {
				return struct{}{}, err
			}
			for _, r := range f.open {
				until, _ := r["until"].(json.Number).Int64()
				r["until"] = json.Number(fmt.Sprint(until - d.Milliseconds()))
			}
			open, err := json.Marshal(f.open)
			if err != nil {
				return struct{}{}, err
			}
			if err := tx.Change(`UPDATE feeds SET used = $2, open = $3 WHERE id = $1`, f.id, f.used.Add(-d), string(open)); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

// storedFeed is what pass changes of a feed.
type storedFeed struct {
	id   string
	used wire.Time
	open []map[string]any
}

func scanStoredFeed(row db.Row) (f storedFeed, err error) {
	var open string
	if err = row.Scan(&f.id, &f.used, &open); err != nil {
		return f, err
	}
	d := json.NewDecoder(strings.NewReader(open))
	d.UseNumber()
	return f, d.Decode(&f.open)
}

// writers send messages: each to one stream, one after the other.
type writers struct {
	t       *testing.T
	token   string
	streams []string

	mu           sync.Mutex
	next         []int32       // the number of the next message, by writer
	failed       int           // messages that the pod did not answer
	acknowledged map[said]bool // of which the pod has said that they are sent
}

// send has so many writers send until the pod has acknowledged a number of messages of each. A
// message that the pod did not answer may have been sent or not.
func (w *writers) send(at func(writer int) string, writers, each int) {
	for len(w.next) < writers {
		w.next = append(w.next, 0)
	}
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			c := &client.Client{HTTP: newHTTP(w.t), Token: w.token}
			pause := time.NewTicker(5 * time.Millisecond)
			defer pause.Stop()
			for sent := 0; sent < each; {
				c.Base = at(i)
				if w.say(c, i) {
					sent++
				} else {
					<-pause.C
				}
			}
		})
	}
	all.Wait()
}

// say sends the next message of a writer, and reports whether the pod acknowledged it.
func (w *writers) say(c *client.Client, writer int) bool {
	s := said{int32(writer), w.next[writer]}
	w.next[writer]++
	form, _ := json.Marshal(map[string]string{"message": "<messageML>" + s.text() + "</messageML>"})
	a, err := c.DoForm(context.Background(), "/agent/v4/stream/"+w.streamOf(int32(writer))+"/message/create", form)
	if err != nil || a.Status == http.StatusServiceUnavailable {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failed++
		return false
	}
	if a.Status != http.StatusOK {
		w.t.Errorf("send: %d %s", a.Status, a.Body)
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acknowledged[s] = true
	return true
}

func (w *writers) streamOf(writer int32) string { return w.streams[int(writer)%len(w.streams)] }

// list returns the acknowledged messages.
func (w *writers) list() []said {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.acknowledged))
}

func (w *writers) sent(s said) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acknowledged[s]
}

// counts returns how many messages are acknowledged, and how many were not answered.
func (w *writers) counts() (acknowledged, failed int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acknowledged), w.failed
}
