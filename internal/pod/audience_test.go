package pod_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/journal/seal"
	"podium/internal/notify"
	"podium/internal/pod"
	"podium/internal/wire"
	"podium/podtest"
)

const (
	acme   wire.CompanyID = 190
	globex wire.CompanyID = 191
)

// What happens in a room of two companies is in the log, the stream and the audit trail of both,
// and neither learns what is the other's.
func TestFactsOfARoomOfTwoCompanies(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, bob := p.Bot("acme-admin"), p.User("alice"), p.User("bob")
		dave, theirs := p.Stranger("dave"), p.Stranger("globex-admin")
		for _, u := range []*podtest.User{alice, bob} {
			u.Post("/pod/v1/connection/create", map[string]int64{"userId": dave.ID}).Want(200)
			dave.Post("/pod/v1/connection/accept", map[string]int64{"userId": u.ID}).Want(200)
		}
		room := newRoom(alice, true)
		inside := newRoom(alice, false)
		member := func(by *podtest.User, path, what string, whom *podtest.User) {
			by.Post(path+"/membership/"+what, map[string]int64{"id": whom.ID}).Want(200)
		}
		member(alice, "/pod/v1/room/"+inside, "add", bob)
		member(alice, "/pod/v1/room/"+room, "add", dave)
		member(alice, "/pod/v1/room/"+room, "add", bob)
		admin.Post("/pod/v1/admin/room/"+room+"/setActive?active=false", nil).Want(200)
		admin.Post("/pod/v1/admin/room/"+room+"/setActive?active=true", nil).Want(200)
		p.Barrier("Apart").KeepApart([]*podtest.User{alice}, []*podtest.User{bob})
		member(admin, "/pod/v1/admin/room/"+room, "remove", bob)
		member(theirs, "/pod/v1/admin/room/"+room, "remove", dave) // with him, his company goes
		admin.Post("/pod/v1/admin/room/"+room+"/setActive?active=false", nil).Want(200)

		both := []string{"stream.memberAdded", "stream.memberAdded", "stream.roomDeactivated", "stream.roomReactivated"}
		wantKinds(t, p, acme, room, slices.Concat([]string{"stream.roomCreated"}, both,
			[]string{"stream.barred", "stream.unbarred", "stream.memberRemoved", "stream.memberRemoved", "stream.roomDeactivated"}))
		wantKinds(t, p, globex, room, slices.Concat(both, []string{"stream.closed", "stream.opened", "stream.memberRemoved", "stream.memberRemoved"}))
		wantKinds(t, p, globex, inside, nil)
		wantTrails(t, time.Now().UnixMilli()-60_000, room, seen{admin, 5, "globex"}, seen{theirs, 4, "acme"})
	})
}

func newRoom(u *podtest.User, crossPod bool) string {
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	u.Post("/pod/v3/room/create", map[string]any{"name": fmt.Sprint("room ", crossPod), "description": "", "crossPod": crossPod}).Want(200).Into(&made)
	return made.Info.ID
}

// wantKinds fails unless a company reads facts of these kinds, in any order of those of one
// transaction, and none with an address of the other company.
func wantKinds(t *testing.T, p *podtest.Pod, company wire.CompanyID, stream string, want []string) {
	t.Helper()
	var kinds []string
	for _, e := range settled(t, p, func(tx *db.Tx) ([]journal.Entry, error) {
		return journal.AfterInStream(tx, company, stream, journal.Cursor{Position: -1}, 1000)
	}) {
		kinds = append(kinds, e.Kind)
		if text := fmt.Sprintf("%+v", e); company == globex && strings.Contains(text, "@acme") || company == acme && strings.Contains(text, "@globex") {
			t.Errorf("company %d learns an address: %s", company, text)
		}
		if company == globex && e.Actor.Company() == acme && (strings.Contains(e.Name, "admin") || len(e.Roles) > 0 || e.App != "") {
			t.Errorf("the other company learns too much of who acted: %+v", e)
		}
	}
	if slices.Sort(kinds); !slices.Equal(kinds, slices.Sorted(slices.Values(want))) {
		t.Errorf("company %d reads of stream %s\n%v, not\n%v", company, stream, kinds, want)
	}
}

// settled reads what can be followed, once nothing is behind the horizon.
func settled(t *testing.T, p *podtest.Pod, read func(tx *db.Tx) ([]journal.Entry, error)) []journal.Entry {
	t.Helper()
	for {
		held := false
		list, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]journal.Entry, error) {
			horizon, err := tx.Horizon()
			if err != nil {
				return nil, err
			}
			last, err := db.Value[int64](tx, `SELECT COALESCE(MAX(position), -1) FROM events`)
			if held = last >= horizon; err != nil {
				return nil, err
			}
			return read(tx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if !held {
			return list
		}
	}
}

// seen is how many actions an administrator sees, and what the other company is called.
type seen struct {
	by    *podtest.User
	want  int
	other string
}

// wantTrails fails unless administrators see so many actions on a room in their audit trails, and
// of those of the other company neither addresses nor the names of its administrators.
func wantTrails(t *testing.T, since int64, room string, all ...seen) {
	t.Helper()
	for _, c := range all {
		var list struct {
			Items []map[string]json.RawMessage `json:"items"`
		}
		c.by.Get(fmt.Sprintf("/agent/v1/audittrail/privilegeduser?limit=500&startTimestamp=%d&endTimestamp=%d", since, since+1_000_000_000)).Want(200).Into(&list)
		n := 0
		for _, i := range list.Items {
			if string(i["threadId"]) != fmt.Sprintf("%q", room) {
				continue
			}
			n++
			for name, value := range i {
				if strings.Contains(string(value), "@"+c.other) || strings.Contains(string(value), c.other+"-admin") {
					t.Errorf("the trail tells what is the other company's: %s is %s", name, value)
				}
			}
		}
		if n != c.want {
			t.Errorf("%s sees %d actions on the room, not %d: %s", c.by.Username, n, c.want, list.Items)
		}
	}
}

// A database of a podium that told facts to the company of the actor alone (commit 0ecd730: people,
// rooms, connections) is brought up to date: the other company hears of each, once, its chain goes
// on, and what was sealed stays as it was.
func TestFactsOfAnOlderPodium(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		url := dbtest.EmptyURL(t, kind, "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
		load(t, url, "testdata/before_audience.jsonl.gz")
		p := podtest.StartOn(t, kind, podtest.OnDatabase(url))
		sealed := verify(t, p)
		const room = "G8tk2eEQU0798c2G0FnAIX___l3WoHgqdA"
		wantKinds(t, p, globex, room, []string{"stream.memberRemoved"})

		tell := func() int {
			settled(t, p, func(*db.Tx) ([]journal.Entry, error) { return nil, nil })
			n, err := p.Inner.Journal.TellAll(context.Background(), p.Inner.DB)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := tell(); n != 10 { // an IM, and what happened in the room; to Acme that Globex's administrator put Dave out
			t.Errorf("%d facts were told", n)
		}
		if n := tell(); n != 0 {
			t.Errorf("%d facts were told again", n)
		}
		wantKinds(t, p, globex, room, []string{
			"stream.memberAdded", "stream.memberAdded", "stream.ownerPromoted", "stream.roomDeactivated", "stream.roomReactivated",
			"stream.memberRemoved", "stream.memberRemoved", "stream.memberAdded", "stream.memberRemoved",
		})
		const since = 1795990400000
		wantTrails(t, since, room, seen{p.Bot("acme-admin"), 4, "globex"}, seen{p.Stranger("globex-admin"), 4, "acme"})

		ended, cancel := context.WithCancel(context.Background())
		cancel()
		sealer := seal.Sealer{DB: p.Inner.DB, Log: slog.New(slog.DiscardHandler), Notify: notify.NewLocal(), Companies: p.Inner.Companies.PrivateKeys}
		sealer.Run(ended)
		for company, r := range verify(t, p) {
			if r.Unsealed != 0 || r.Sealed <= sealed[company].Sealed {
				t.Errorf("company %d: %+v, and before %+v", company, r, sealed[company])
			}
		}
	})
}

// verify verifies the chains of both companies.
func verify(t *testing.T, p *podtest.Pod) map[wire.CompanyID]seal.Report {
	t.Helper()
	reports := map[wire.CompanyID]seal.Report{}
	for company, key := range p.Inner.Companies.PrivateKeys() {
		keys := seal.Keys{jose.Thumbprint(&key.PublicKey): &key.PublicKey}
		r, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (seal.Report, error) { return seal.Verify(tx, company, keys, nil) })
		if err != nil {
			t.Fatalf("company %d: %v", company, err)
		}
		reports[company] = r
	}
	return reports
}

// tablesThen is the migration whose tables take the rows of the file: what had come since 0ecd730
// only adds.
const tablesThen = 45

// load fills an empty database from a file: a line for each table, with its columns, and one for
// each row behind it.
func load(t *testing.T, url, file string) {
	t.Helper()
	packed, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.OpenAt(t, url, func(c *db.Config) { c.Tables = tablesThen })
	defer d.Close()
	_, err = db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, loadRows(tx, text) })
	if err != nil {
		t.Fatal(err)
	}
}

func loadRows(tx *db.Tx, text io.Reader) error {
	tables, err := tx.Tables()
	if err != nil {
		return err
	}
	kinds := map[string]string{} // of columns
	for _, t := range tables {
		for i, column := range t.Columns {
			kinds[t.Name+"."+column] = t.Kinds[i]
		}
	}
	rows := map[string][][]any{} // but for keys, which are this run's
	columns := map[string][]string{}
	var table string
	for decoder := json.NewDecoder(text); ; {
		var line json.RawMessage
		if err := decoder.Decode(&line); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if line[0] == '{' {
			var t struct {
				Table   string
				Columns []string
			}
			if err := json.Unmarshal(line, &t); err != nil {
				return err
			}
			table, columns[t.Table] = t.Table, t.Columns
			continue
		}
		row := decode(line)
		for i, column := range columns[table] {
			if n, ok := row[i].(int64); ok && kinds[table+"."+column] == "bool" {
				row[i] = n != 0
			}
		}
		rows[table] = append(rows[table], row)
	}
	for _, t := range tables { // each behind those that it refers to
		if into := `INSERT INTO ` + t.Name + ` (` + strings.Join(columns[t.Name], ", ") + `) VALUES`; len(rows[t.Name]) > 0 && t.Name != "user_keys" {
			if err := tx.InsertAll(into, rows[t.Name], ""); err != nil {
				return err
			}
		}
	}
	last := map[string]int64{}
	for _, row := range rows["sequences"] {
		last[row[0].(string)] = row[1].(int64)
	}
	return tx.Continue(last, 0)
}

func decode(line json.RawMessage) []any {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var row []any
	decoder.Decode(&row)
	for i, value := range row {
		if n, ok := value.(json.Number); ok {
			row[i], _ = n.Int64()
		}
	}
	return row
}

// Facts are read as they were written, however strict inputs have become since: no field of a fact
// refuses a text.
func TestFactsTakeWhatWasWritten(t *testing.T) {
	t.Parallel()
	lenient := map[string]string{
		"presence.Category": "it takes any text",
		"wire.UserID":       "it is a number",
		"wire.Time":         "it is a number",
		"wire.CompanyID":    "it is a number",
	}
	var look func(kind string, of reflect.Type)
	look = func(kind string, of reflect.Type) {
		strict := reflect.PointerTo(of).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) || reflect.PointerTo(of).Implements(reflect.TypeFor[json.Unmarshaler]())
		switch {
		case strict && lenient[of.String()] == "":
			t.Errorf("%s has a field of the type %s, which may refuse what was written once", kind, of)
		case of.Kind() == reflect.Struct:
			for i := range of.NumField() {
				look(kind, of.Field(i).Type)
			}
		case of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer || of.Kind() == reflect.Map:
			look(kind, of.Elem())
		}
	}
	for _, f := range pod.Facts() {
		look(f.Kind(), reflect.TypeOf(f))
	}
}
