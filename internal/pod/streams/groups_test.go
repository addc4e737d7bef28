package streams_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/podtest"
)

// desk is a room, two distribution lists, a few users, and a model of who is in the room and why.
type desk struct {
	t      testing.TB
	p      *podtest.Pod
	owner  *podtest.User
	people []*podtest.User
	token  string
	room   string
	lists  [2]list

	direct map[int64]bool             // in the room on their own account
	guests map[int64]bool             // in it only through lists
	on     [2]map[int64]*podtest.User // the members of each list
	in     [2]bool                    // whether it is in the room
}

type list struct {
	ID      string
	Profile struct{ ID string }
}

// TestListsInRoomsLikeAModel changes lists, their members and a room at random, and compares the
// room's members, and why they are in it, with a model.
func TestListsInRoomsLikeAModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		d := &desk{t: t, p: p, owner: p.User("owner"), token: p.Bot("lists", "GROUP_MANAGER").AccessToken("profile-manager")}
		for i := range 4 {
			d.people = append(d.people, p.User(fmt.Sprint("person-", i)))
		}
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			n++
			d.begin(n)
			for range rapid.IntRange(3, 20).Draw(r, "steps") {
				d.step(r)
				d.check(r)
			}
		})
	})
}

func (d *desk) begin(n int) {
	d.room = newRoom(d.owner, map[string]any{"name": fmt.Sprint("desk ", n)})
	d.direct, d.guests, d.in = map[int64]bool{d.owner.ID: true}, map[int64]bool{}, [2]bool{}
	for i := range d.lists {
		d.on[i] = map[int64]*podtest.User{}
		name := fmt.Sprintf("list %d %d", n, i)
		answer := d.manage(201, "POST", "", map[string]any{
			"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": name, "profile": map[string]string{"displayName": name},
		})
		if err := json.Unmarshal(answer, &d.lists[i]); err != nil {
			d.t.Fatal(err)
		}
	}
}

// manage calls an operation on groups.
func (d *desk) manage(status int, method, path string, body any) []byte {
	d.t.Helper()
	data, _ := json.Marshal(body)
	request, err := http.NewRequest(method, d.p.URL+"/profile-manager/v1/groups"+path, bytes.NewReader(data))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+d.token)
	request.Header.Set("If-Match", "*")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer bytes.Buffer
	answer.ReadFrom(response.Body)
	if response.StatusCode != status {
		d.t.Fatalf("%s %s: %d, not %d: %s", method, path, response.StatusCode, status, answer.String())
	}
	return answer.Bytes()
}

func (d *desk) step(r *rapid.T) {
	i, u := rapid.IntRange(0, 1).Draw(r, "list"), rapid.SampledFrom(d.people).Draw(r, "user")
	switch rapid.SampledFrom([]string{"join", "go off", "delete", "add list", "remove list", "add", "remove", "promote"}).Draw(r, "step") {
	case "join":
		if d.on[i][u.ID] != nil {
			return
		}
		d.manage(200, "POST", "/"+d.lists[i].ID+"/member", map[string]any{"member": map[string]int64{"memberId": u.ID, "memberTenant": 190}})
		d.on[i][u.ID] = u
		if d.in[i] {
			d.come(u.ID)
		}
	case "go off":
		delete(d.on[i], u.ID)
		d.set(i, "ACTIVE")
		d.settle(u.ID)
	case "delete": // and set back
		d.set(i, "DELETED")
		was := d.in[i]
		d.in[i] = false
		for id := range d.on[i] {
			d.settle(id)
		}
		d.in[i] = was
		d.set(i, "ACTIVE")
		if d.in[i] {
			for id := range d.on[i] {
				d.come(id)
			}
		}
	case "add list":
		d.change("add", d.account(i), !d.in[i])
		if d.in[i] {
			return
		}
		d.in[i] = true
		for id := range d.on[i] {
			d.come(id)
		}
	case "remove list":
		d.change("remove", d.account(i), d.in[i])
		d.in[i] = false
		for id := range d.on[i] {
			d.settle(id)
		}
	case "add":
		d.change("add", u.ID, !d.direct[u.ID] && !d.guests[u.ID])
		if !d.guests[u.ID] {
			d.direct[u.ID] = true
		}
	case "remove":
		d.change("remove", u.ID, d.direct[u.ID] || d.guests[u.ID])
		delete(d.direct, u.ID)
		delete(d.guests, u.ID)
	case "promote":
		d.change("promoteOwner", u.ID, d.direct[u.ID] || d.guests[u.ID])
		if d.guests[u.ID] {
			delete(d.guests, u.ID)
			d.direct[u.ID] = true
		}
	}
}

// set sets the members of a list, and its status.
func (d *desk) set(i int, status string) {
	members := []map[string]int64{}
	for _, id := range slices.Sorted(maps.Keys(d.on[i])) {
		members = append(members, map[string]int64{"memberId": id, "memberTenant": 190})
	}
	var g struct{ Name string }
	if err := json.Unmarshal(d.manage(200, "GET", "/"+d.lists[i].ID, nil), &g); err != nil {
		d.t.Fatal(err)
	}
	d.manage(200, "PUT", "/"+d.lists[i].ID, map[string]any{
		"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": g.Name, "status": status, "members": members,
	})
}

func (d *desk) account(i int) (id int64) {
	fmt.Sscan(d.lists[i].Profile.ID, &id)
	return id
}

func (d *desk) change(what string, id int64, ok bool) {
	d.t.Helper()
	status := 400
	if ok {
		status = 200
	}
	d.owner.Post("/pod/v1/room/"+d.room+"/membership/"+what, map[string]int64{"id": id}).Want(status)
}

// come adds a user through a list, in the model.
func (d *desk) come(id int64) {
	if !d.direct[id] {
		d.guests[id] = true
	}
}

// settle removes a user who is on no list in the room, in the model.
func (d *desk) settle(id int64) {
	if len(d.through(id)) == 0 {
		delete(d.guests, id)
	}
}

// through returns the accounts of the lists in the room of which a user is a member.
func (d *desk) through(id int64) (lists []int64) {
	for i := range d.lists {
		if d.in[i] && d.on[i][id] != nil {
			lists = append(lists, d.account(i))
		}
	}
	slices.Sort(lists)
	return lists
}

func (d *desk) check(r *rapid.T) {
	var got []struct {
		ID      int64
		Through []int64 `json:"addedThroughGroups"`
	}
	d.owner.Get("/pod/v2/room/" + d.room + "/membership/list").Want(200).Into(&got)
	if len(got) != len(d.direct)+len(d.guests) {
		r.Fatalf("the members are %v, not %v and %v", got, d.direct, d.guests)
	}
	for _, m := range got {
		var want []int64
		if d.guests[m.ID] {
			want = d.through(m.ID)
		} else if !d.direct[m.ID] {
			r.Fatalf("%d is in the room", m.ID)
		}
		if !slices.Equal(m.Through, want) {
			r.Fatalf("%d came in through %v, not %v", m.ID, m.Through, want)
		}
	}
	n, err := db.Read(d.t.Context(), d.p.Inner.DB, func(tx *db.Tx) (int64, error) {
		return db.Value[int64](tx, `SELECT members FROM streams WHERE id = $1`, d.room)
	})
	if err != nil || n != int64(len(got)) {
		r.Fatalf("the room counts %d members of %d: %v", n, len(got), err)
	}
}
