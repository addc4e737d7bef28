package dlp_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/op"
	"podium/podtest"
)

type file struct {
	Name   string `json:"name"`
	Base64 []byte `json:"base64"`
}

// send sends a message with files.
func send(t testing.TB, u *podtest.User, stream, text string, files ...file) podtest.Answer {
	t.Helper()
	form := map[string]any{"message": "<messageML>" + text + "</messageML>"}
	if len(files) > 0 {
		form["attachment"] = files
	}
	body, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	return u.Call(podtest.Operation(t, "createMessage"), map[string]string{"sid": stream}, body)
}

// room creates a room of a user with other members.
func room(u *podtest.User, name string, crossPod bool, members ...*podtest.User) string {
	var made struct {
		System struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	u.Post("/pod/v3/room/create", map[string]any{"name": name, "crossPod": crossPod}).Want(http.StatusOK).Into(&made)
	for _, m := range members {
		u.Post("/pod/v1/room/"+made.System.ID+"/membership/add", map[string]any{"id": m.ID}).Want(http.StatusOK)
	}
	return made.System.ID
}

// keeper manages the policies and dictionaries of a company.
type keeper struct {
	*podtest.User
	t *testing.T
}

type made struct {
	Data struct {
		Policy string `json:"policyId"`
		Ref    struct {
			ID string `json:"dictId"`
		} `json:"dictRef"`
	} `json:"data"`
}

// dictionary creates a dictionary with a content.
func (k keeper) dictionary(name, kind, content string) string {
	k.t.Helper()
	var m made
	k.Post("/agent/v1/dlp/dictionaries", map[string]any{"name": name, "type": kind}).Want(http.StatusOK).Into(&m)
	k.upload(m.Data.Ref.ID, content).Want(http.StatusOK)
	return m.Data.Ref.ID
}

func (k keeper) upload(id, content string) podtest.Answer {
	k.t.Helper()
	body, _ := json.Marshal(map[string]any{"data": file{"words.txt", []byte(content)}})
	return k.Call(podtest.Operation(k.t, "uploadDLPDictionary"), map[string]string{"dictId": id}, body)
}

// policy creates a policy of the third form, and enables it.
func (k keeper) policy(name string, scopes []string, applies ...any) string {
	k.t.Helper()
	var m made
	k.Post("/agent/v3/dlp/policies", map[string]any{"name": name, "scopes": scopes, "appliesTo": applies}).Want(http.StatusOK).Into(&m)
	k.set(m.Data.Policy, true)
	return m.Data.Policy
}

func (k keeper) set(policy string, enabled bool) {
	k.t.Helper()
	k.Post("/agent/v3/dlp/policies/"+policy+map[bool]string{true: "/enable", false: "/disable"}[enabled], nil).Want(http.StatusOK)
}

// text returns a rule of a policy that looks for the entries of dictionaries.
func text(of, action string, count int, dictionaries ...string) any {
	var refs []any
	for _, id := range dictionaries {
		refs = append(refs, map[string]string{"dictId": id})
	}
	return map[string]any{"dataType": of, "action": action, "rules": []any{map[string]any{
		"type": "TEXT_MATCH", "name": "words", "textMatchConfig": map[string]any{"dictionaries": refs, "countUniqueOccurrences": count}}}}
}

func newKeeper(t *testing.T, p *podtest.Pod) keeper {
	return keeper{p.Bot("keeper", "EF_POLICY_MANAGEMENT"), t}
}

const (
	sent    = http.StatusOK
	blocked = http.StatusUnavailableForLegalReasons
)

var everywhere = []string{"Internal", "External"}

// TestAPolicyIsEnforcedOnEveryNodeWithinASecond checks that a change of a policy or a dictionary
// counts at once on the node that made it, and within a second on a node that receives no
// notification. Until then that node reads nothing.
func TestAPolicyIsEnforcedOnEveryNodeWithinASecond(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		url := dbtest.URL(t, kind)
		here := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.FreshAt(url))
		there := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.OnDatabase(url))
		k, alice := newKeeper(t, here), here.User("alice")
		elsewhere := there.As(alice)
		stream := room(alice, "desk", false)
		check := func(when, text string, status int) {
			t.Helper()
			t.Log(when)
			send(t, alice, stream, text).Want(status)
		}
		later := func(text string, before, after int) {
			t.Helper()
			send(t, elsewhere, stream, text).Want(before)
			clock.Advance(time.Second)
			send(t, elsewhere, stream, text).Want(after)
		}
		send(t, elsewhere, stream, "bake").Want(sent)
		words := k.dictionary("words", "Word", "bake")
		id := k.policy("policy", everywhere, text("Messages", "Block", 0, words))
		check("enabled", "bake", blocked)
		later("bake", sent, blocked)
		k.upload(words, "roux").Want(http.StatusOK)
		check("another content", "bake", sent)
		check("another content", "roux", blocked)
		later("roux", sent, blocked)
		k.set(id, false)
		check("disabled", "roux", sent)
		later("roux", blocked, sent)
		k.set(id, true)
		check("enabled again", "roux", blocked)
		later("roux", sent, blocked)
		k.Delete("/agent/v1/dlp/dictionaries/" + words).Want(http.StatusOK)
		check("without the dictionary", "roux", sent)
		later("roux", blocked, sent)
	})
}

// TestScopes checks which policies count in streams of one company and of several, and that
// policies of other companies do not count.
func TestScopes(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, mallory := p.User("alice"), p.Stranger("mallory")
		alice.Post("/pod/v1/connection/create", map[string]any{"userId": mallory.ID}).Want(http.StatusOK)
		mallory.Post("/pod/v1/connection/accept", map[string]any{"userId": alice.ID}).Want(http.StatusOK)
		own, open, shared := room(alice, "own", false), room(alice, "open", true), room(alice, "shared", true, mallory)
		k := newKeeper(t, p)
		words := k.dictionary("words", "Word", "inside, outside, both")
		for name, scopes := range map[string][]string{"inside": {"Internal"}, "outside": {"External"}, "both": everywhere} {
			k.policy(name, scopes, text("Messages", "Block", 0, k.dictionary(name, "Word", name)))
		}
		theirs := p.Stranger("globex-admin")
		theirs.Post(fmt.Sprintf("/pod/v1/admin/user/%d/roles/add", theirs.ID), map[string]string{"id": "EF_POLICY_MANAGEMENT"}).Want(http.StatusOK)
		g := keeper{theirs, t}
		g.policy("policy", everywhere, text("Messages", "Block", 0, g.dictionary("theirs", "Word", "theirs")))
		g.Get("/agent/v1/dlp/dictionaries/" + words).Want(http.StatusBadRequest)

		for _, c := range []struct {
			text              string
			own, open, shared int
		}{
			{"inside", blocked, blocked, sent}, {"outside", sent, sent, blocked}, {"both", blocked, blocked, blocked}, {"theirs", sent, sent, sent},
		} {
			send(t, alice, own, c.text).Want(c.own)
			send(t, alice, open, c.text).Want(c.open) // it has members of one company only
			send(t, alice, shared, c.text).Want(c.shared)
		}
		send(t, mallory, shared, "theirs").Want(blocked)
		send(t, mallory, shared, "both").Want(sent)
		if n := p.Number(t, `SELECT COUNT(*) FROM dlp_violations WHERE company = 191`); n != 1 {
			t.Errorf("Globex has %d violations", n)
		}

		body, _ := json.Marshal(map[string]any{"sids": own + "," + shared, "message": "<messageML>outside</messageML>"})
		var blast struct {
			Messages []any               `json:"messages"`
			Errors   map[string]op.Error `json:"errors"`
		}
		alice.Call(podtest.Operation(t, "blastMessage"), nil, body).Want(http.StatusOK).Into(&blast)
		if len(blast.Messages) != 1 || blast.Errors[shared].Code != blocked {
			t.Errorf("%+v", blast)
		}
		body, _ = json.Marshal(map[string]any{"sids": own + "," + shared, "message": "<messageML>both</messageML>"})
		alice.Call(podtest.Operation(t, "blastMessage"), nil, body).Want(blocked)
	})
}

// TestFilesAreRead checks what policies find in names and contents of files.
func TestFilesAreRead(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	k, alice := newKeeper(t, p), p.User("alice")
	stream := room(alice, "desk", false)
	words, numbers := k.dictionary("words", "Word", "secret sauce, roux"), k.dictionary("numbers", "Regex", `\b\d{4}-\d{4}\b`)
	k.policy("content", everywhere, text("FileContent", "Block", 0, words, numbers), text("FileMeta", "Block", 2, words),
		map[string]any{"dataType": "FileMeta", "action": "Block", "rules": []any{
			map[string]any{"type": "FILE_SIZE", "name": "size", "fileSizeConfig": map[string]any{"sizeLimit": 3}},
			map[string]any{"type": "FILE_EXTENSION", "name": "type", "fileExtensionConfig": map[string]any{"blockLists": []string{"zip"}}}}})
	filler := strings.Repeat("all work and no play makes a dull file\n", 50_000)
	encoded := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune("the secret sauce")) {
		encoded = append(encoded, byte(unit), byte(unit>>8))
	}
	for name, c := range map[string]struct {
		file   file
		status int
	}{
		"nothing":             {file{"a.txt", []byte(filler)}, sent},
		"a word":              {file{"a.txt", []byte("the secret\nsauce")}, blocked},
		"a word at the end":   {file{"a.csv", []byte(filler + "the secret sauce")}, blocked},
		"UTF-16":              {file{"a.txt", encoded}, blocked},
		"another type":        {file{"a.pdf", []byte("%PDF-1.7 the secret sauce")}, sent},
		"a number":            {file{"a.txt", []byte("1234-5678")}, blocked},
		"a number far behind": {file{"a.txt", []byte(filler + "1234-5678")}, sent},
		"one word in a name":  {file{"roux.pdf", []byte("%PDF-1.7")}, sent},
		"words in a name":     {file{"roux, secret sauce.pdf", []byte("%PDF-1.7")}, blocked},
		"a large file":        {file{"a.pdf", bytes.Repeat([]byte("%PDF-1.7"), 400_000)}, blocked},
		"a blocked type":      {file{"a.ZIP", []byte("PK\x05\x06")}, blocked},
	} {
		a := send(t, alice, stream, "See the file", c.file)
		if a.Status != c.status || c.status == blocked && !strings.Contains(string(a.Body), `"detectionIn":"FILE"`) {
			t.Errorf("%s: %d %.300s", name, a.Status, a.Body)
		}
	}
}

// TestAPendingFileOfABlockedMessageStays checks that a message of the older operations is blocked
// by its file, and that the file may be named again.
func TestAPendingFileOfABlockedMessageStays(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	k, alice := newKeeper(t, p), p.User("alice")
	stream := room(alice, "desk", false)
	id := k.policy("content", everywhere, text("FileContent", "Block", 0, k.dictionary("words", "Word", "roux")))
	body, _ := json.Marshal(map[string]any{"file": file{"a.txt", []byte("a roux")}})
	var pending struct {
		ID string `json:"id"`
	}
	alice.Call(podtest.Operation(t, "createAttachmentV3"), map[string]string{"sid": stream}, body).Want(http.StatusOK).Into(&pending)
	message := map[string]any{"format": "TEXT", "message": "See", "attachments": []any{pending}}
	path := "/agent/v2/stream/" + stream + "/message/create"
	alice.Post(path, message).Want(http.StatusBadRequest)
	k.set(id, false)
	alice.Post(path, message).Want(http.StatusOK)
}

// TestViolationsAreRemoved checks that violations are removed after 90 days, and then the files of
// blocked messages.
func TestViolationsAreRemoved(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		k, alice := newKeeper(t, p), p.User("alice")
		stream := room(alice, "desk", false)
		k.policy("content", everywhere, text("FileContent", "Block", 0, k.dictionary("words", "Word", "roux")))
		send(t, alice, stream, "See", file{"a.txt", []byte("a roux")}).Want(blocked)
		age := func(days int, violations, contents int64) {
			t.Helper()
			by := int64(days) * 24 * time.Hour.Milliseconds()
			p.Write(t, func(tx *db.Tx) error { return tx.Exec(`UPDATE dlp_violations SET at = at - $1`, by) })
			p.Write(t, func(tx *db.Tx) error { return tx.Exec(`UPDATE blobs SET used = used - $1`, by) })
			if err := p.Inner.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := p.Number(t, `SELECT COUNT(*) FROM dlp_violations`); n != violations {
				t.Errorf("there are %d violations", n)
			}
			if n := p.Number(t, `SELECT COUNT(*) FROM blobs`); n != contents {
				t.Errorf("there are %d contents", n)
			}
		}
		age(0, 1, 1)
		age(89, 1, 1)
		age(3, 0, 0)
	})
}

// TestPagesOfViolations checks that pages list each violation once, oldest first, and how large a
// page may be.
func TestPagesOfViolations(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		k, alice := newKeeper(t, p), p.User("alice")
		stream := room(alice, "desk", false)
		k.policy("policy", everywhere, text("Messages", "LogOnly", 0, k.dictionary("words", "Word", "roux")))
		const all = 7
		for i := range all {
			send(t, alice, stream, fmt.Sprintf("roux %d", i)).Want(sent)
		}
		type page struct {
			Violations []struct {
				Violation struct {
					Created int64 `json:"createTime"`
				} `json:"violation"`
				Message struct {
					Text string `json:"message"`
				} `json:"message"`
			} `json:"violations"`
			Next *string `json:"nextOffset"`
		}
		walk := func(limit int) (pages int) {
			t.Helper()
			n, next := 0, ""
			for {
				var got page
				k.Get(fmt.Sprintf("/agent/v3/dlp/violations/message?startTime=0&limit=%d&next=%s", limit, next)).Want(http.StatusOK).Into(&got)
				pages++
				for _, v := range got.Violations {
					if !strings.Contains(v.Message.Text, fmt.Sprintf("roux %d<", n)) {
						t.Errorf("violation %d is %s", n, v.Message.Text)
					}
					n++
				}
				if got.Next == nil {
					break
				}
				next = *got.Next
			}
			if n != all {
				t.Errorf("pages of %d have %d violations", limit, n)
			}
			return pages
		}
		for limit, pages := range map[int]int{1: 7, 3: 3, 7: 1, 500: 1} {
			if got := walk(limit); got != pages {
				t.Errorf("there are %d pages of %d", got, limit)
			}
		}
		p.Write(t, func(tx *db.Tx) error { return tx.Exec(`UPDATE dlp_violations SET size = 5000000`) })
		if got := walk(500); got != 4 {
			t.Errorf("large violations are on %d pages", got)
		}
	})
}

// TestManyMessagesWhilePoliciesChange checks that each message is either sent or blocked while
// policies change, and that none is sent afterwards.
func TestManyMessagesWhilePoliciesChange(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		k, alice := newKeeper(t, p), p.User("alice")
		stream := room(alice, "desk", false)
		words := k.dictionary("words", "Word", "roux")
		id := k.policy("policy", everywhere, text("Messages", "Block", 0, words))
		var all sync.WaitGroup
		counts := make([]int, 4)
		for i := range counts {
			all.Go(func() {
				for range 20 {
					if a := send(t, alice, stream, "roux"); a.Status == blocked {
						counts[i]++
					} else {
						a.Want(sent)
					}
				}
			})
		}
		for i := range 10 {
			k.set(id, i%2 == 1)
			k.upload(words, "roux,x"+base64.StdEncoding.EncodeToString([]byte{byte(i)})[:2]).Want(http.StatusOK)
		}
		all.Wait()
		send(t, alice, stream, "roux").Want(blocked)
		total := int64(1)
		for _, n := range counts {
			total += int64(n)
		}
		if n := p.Number(t, `SELECT COUNT(*) FROM dlp_violations`); n != total {
			t.Errorf("%d violations of %d blocked messages", n, total)
		}
	})
}

// TestLimitsOfACompany checks how many dictionaries, policies and entries a company may have.
func TestLimitsOfACompany(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	k := newKeeper(t, p)
	list := func(n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "word%d,", i)
		}
		return text.String()
	}
	var ids []string
	for i := range 5 {
		ids = append(ids, k.dictionary(fmt.Sprint("words", i), "Word", list(10_000)))
	}
	last := k.dictionary("last", "Word", "")
	k.upload(last, "one more").Want(http.StatusBadRequest)
	k.upload(last, list(10_001)).Want(http.StatusBadRequest)
	k.upload(ids[0], list(9_999)).Want(http.StatusOK)
	k.upload(last, "one more").Want(http.StatusOK)
	slow := k.dictionary("slow", "Regex", "")
	k.upload(slow, "(ab){600}").Want(http.StatusBadRequest)
	k.upload(slow, "a{900},b{900},c{900},d{900},e{900}").Want(http.StatusOK)
	k.upload(k.dictionary("slower", "Regex", ""), "f{600}").Want(http.StatusBadRequest)
	for i := range 92 {
		k.dictionary(fmt.Sprint("more", i), "Regex", "")
	}
	k.Post("/agent/v1/dlp/dictionaries", map[string]any{"name": "one more", "type": "Word"}).Want(http.StatusBadRequest)
	for i := range 100 {
		k.Post("/agent/v3/dlp/policies", map[string]any{"name": fmt.Sprint("policy", i), "scopes": everywhere, "appliesTo": []any{}}).Want(http.StatusOK)
	}
	k.Post("/agent/v3/dlp/policies", map[string]any{"name": "one more", "scopes": everywhere, "appliesTo": []any{}}).Want(http.StatusBadRequest)

	for i := range 30 {
		k.upload(last, fmt.Sprint("word", i)).Want(http.StatusOK)
	}
	if n := p.Number(t, `SELECT COUNT(*) FROM dlp_dictionary_versions WHERE dictionary = $1`, last); n != 20 {
		t.Errorf("%d versions are kept", n)
	}
}
