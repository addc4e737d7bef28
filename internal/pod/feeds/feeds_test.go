package feeds_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"podium/internal/db/dbtest"
	"podium/internal/pod"
	"podium/podtest"
)

// longest is how long reads of these tests wait at most for what is sure to come.
const longest = time.Minute

// read is the answer to a read of a feed.
type read struct {
	Events []event `json:"events"`
	AckID  string  `json:"ackId"`
}

type event struct {
	ID        string `json:"id"`
	MessageID string `json:"messageId"`
	Type      string `json:"type"`
	Initiator struct {
		User struct {
			ID int64 `json:"userId"`
		} `json:"user"`
	} `json:"initiator"`
	Payload struct {
		MessageSent *struct {
			Message struct {
				Text   string `json:"message"`
				Stream struct {
					ID   string `json:"streamId"`
					Name string `json:"roomName"`
				} `json:"stream"`
			} `json:"message"`
		} `json:"messageSent"`
	} `json:"payload"`
}

// text returns what was sent, or the type of another event.
func (e event) text() string {
	if e.Payload.MessageSent == nil {
		return e.Type
	}
	return e.Payload.MessageSent.Message.Text
}

// listener is a user with a feed.
type listener struct {
	*podtest.User
	t    *testing.T
	p    *podtest.Pod
	feed string
	ack  string
}

func listen(t *testing.T, p *podtest.Pod, u *podtest.User) *listener {
	t.Helper()
	var f struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	}
	u.Post("/agent/v5/datafeeds", nil).Want(201).Into(&f)
	if f.Type != "fanout" {
		t.Errorf("the feed's type is %q", f.Type)
	}
	return &listener{User: u, t: t, p: p, feed: f.ID}
}

// read reads the feed with an acknowledgement, and returns what it was told.
func (l *listener) read(ack string) read {
	l.p.Settle(l.t)
	var r read
	l.Post("/agent/v5/datafeeds/"+l.feed+"/read", map[string]any{"ackId": ack}).Want(200).Into(&r)
	return r
}

// hear acknowledges the last answer, reads, and returns the texts.
func (l *listener) hear() []string {
	r := l.read(l.ack)
	l.ack = r.AckID
	return texts(r)
}

func texts(r read) []string {
	list := []string{}
	for _, e := range r.Events {
		list = append(list, e.text())
	}
	return list
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	for i, w := range want {
		if len(w) > 0 && w[0] == '!' { // the text of a message
			want[i] = said(w[1:])
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("heard %q, not %q", got, want)
	}
}

// said returns the PresentationML of a text.
func said(text string) string {
	return fmt.Sprintf(`<div data-format="PresentationML" data-version="2.0"><p>%s</p></div>`, text)
}

func room(u *podtest.User, name string, attributes ...string) string {
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	body := map[string]any{"name": name, "description": name}
	for _, a := range attributes {
		body[a] = true
	}
	u.Post("/pod/v3/room/create", body).Want(200).Into(&made)
	return made.Info.ID
}

func say(u *podtest.User, stream, text string) string {
	var m struct {
		ID string `json:"messageId"`
	}
	u.Send("/agent/v4/stream/"+stream+"/message/create", map[string]any{"message": said(text)}).Want(200).Into(&m)
	return m.ID
}

func add(u *podtest.User, stream string, who *podtest.User) {
	u.Post("/pod/v1/room/"+stream+"/membership/add", map[string]any{"id": who.ID}).Want(200)
}

// TestMembersHear checks which events a member and a former member are told of, in which order, and
// that others hear nothing.
func TestMembersHear(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, eve := p.User("alice"), p.User("bob"), p.User("eve")
		a, b, e := listen(t, p, alice), listen(t, p, bob), listen(t, p, eve)
		deals := room(alice, "deals")
		say(alice, deals, "early")
		add(alice, deals, bob)
		say(bob, deals, "hello")
		alice.Post("/pod/v1/room/"+deals+"/membership/promoteOwner", map[string]any{"id": bob.ID}).Want(200)
		alice.Post("/pod/v1/room/"+deals+"/membership/demoteOwner", map[string]any{"id": bob.ID}).Want(200)
		alice.Post("/pod/v3/room/"+deals+"/update", map[string]any{"name": "big deals"}).Want(200)
		alice.Post("/pod/v1/room/"+deals+"/membership/remove", map[string]any{"id": bob.ID}).Want(200)
		say(alice, deals, "alone")
		alice.Post("/pod/v1/room/"+deals+"/setActive?active=false", nil).Want(200)
		alice.Post("/pod/v1/room/"+deals+"/setActive?active=true", nil).Want(200)
		both := []string{
			"USERJOINEDROOM", "!hello", "ROOMMEMBERPROMOTEDTOOWNER", "ROOMMEMBERDEMOTEDFROMOWNER", "ROOMUPDATED", "USERLEFTROOM",
		}
		want(t, a.hear(), slices.Concat([]string{"ROOMCREATED", "!early"}, both, []string{"!alone", "ROOMDEACTIVATED", "ROOMREACTIVATED"})...)
		want(t, b.hear(), both...)
		want(t, e.hear())
		want(t, a.hear())
	})
}

// TestInstantMessages checks the events of an IM and a suppressed message.
func TestInstantMessages(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		b := listen(t, p, bob)
		var im struct {
			ID string `json:"id"`
		}
		alice.Post("/pod/v1/im/create", []int64{bob.ID}).Want(200).Into(&im)
		first := say(alice, im.ID, "hello")
		want(t, b.hear(), "INSTANTMESSAGECREATED", "!hello")
		alice.Post("/pod/v1/im/create", []int64{bob.ID}).Want(200)
		alice.Post("/pod/v1/admin/messagesuppression/"+first+"/suppress", nil).Want(200)
		want(t, b.hear(), "MESSAGESUPPRESSED")
	})
}

// TestConnections checks that both users hear of a request and of its acceptance.
func TestConnections(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, other := p.User("alice"), p.Stranger("globex-bot")
		a, o := listen(t, p, alice), listen(t, p, other)
		alice.Post("/pod/v1/connection/create", map[string]any{"userId": other.ID}).Want(200)
		other.Post("/pod/v1/connection/accept", map[string]any{"userId": alice.ID}).Want(200)
		for _, l := range []*listener{a, o} {
			r := l.read("")
			want(t, texts(r), "CONNECTIONREQUESTED", "CONNECTIONACCEPTED")
			if len(r.Events) == 2 && (r.Events[0].Initiator.User.ID != alice.ID || r.Events[1].Initiator.User.ID != other.ID) {
				t.Errorf("the initiators are %+v", r.Events)
			}
		}
	})
}

// TestAcknowledging checks that what is acknowledged does not come again, that what is not comes
// again after 30 seconds with the same ids, before what is newer, and that a late acknowledgement
// counts.
func TestAcknowledging(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		alice, bob := p.User("alice"), p.User("bob")
		deals := room(alice, "deals")
		add(alice, deals, bob)
		b := listen(t, p, bob)
		say(alice, deals, "one")
		first := b.read("")
		want(t, texts(first), "!one")
		say(alice, deals, "two")
		second := b.read("") // nothing is acknowledged
		want(t, texts(second), "!two")
		want(t, texts(b.read(second.AckID)))
		clock.Advance(29 * time.Second)
		want(t, texts(b.read("")))
		clock.Advance(time.Second)
		say(alice, deals, "three")
		again := b.read("")
		want(t, texts(again), "!one")
		if len(again.Events) == 1 && again.Events[0].ID != first.Events[0].ID {
			t.Errorf("the id of the event is %s, and was %s", again.Events[0].ID, first.Events[0].ID)
		}
		third := b.read(first.AckID) // given before it was delivered again
		want(t, texts(third), "!three")
		clock.Advance(30 * time.Second)
		want(t, texts(b.read("")), "!three")
		want(t, texts(b.read(third.AckID)))
		clock.Advance(time.Minute)
		want(t, texts(b.read("")))
	})
}

// TestManyEventsComeInPages checks that no event is lost or repeated over several answers.
func TestManyEventsComeInPages(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		deals := room(alice, "deals")
		a := listen(t, p, alice)
		var sent, heard []string
		for i := range 230 {
			text := fmt.Sprint("message ", i)
			say(alice, deals, text)
			sent = append(sent, said(text))
		}
		for {
			page := a.hear()
			if len(page) == 0 {
				break
			}
			if len(page) > 100 {
				t.Errorf("%d events in one answer", len(page))
			}
			heard = append(heard, page...)
		}
		want(t, heard, sent...)
	})
}

// TestFeedsOfAUser checks how feeds are made, listed, found by their tag, limited and deleted.
func TestFeedsOfAUser(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		alice, bob := p.User("alice"), p.User("bob")
		type feed struct {
			ID string `json:"id"`
		}
		list := func(query string) (feeds []feed) {
			alice.Get("/agent/v5/datafeeds" + query).Want(200).Into(&feeds)
			return feeds
		}
		create := func(body any) (f feed) {
			alice.Post("/agent/v5/datafeeds", body).Want(201).Into(&f)
			clock.Advance(time.Millisecond)
			return f
		}
		if got := list(""); len(got) != 0 {
			t.Errorf("there are feeds: %v", got)
		}
		plain, tagged := create(nil), create(map[string]any{"tag": "bot", "includeInvisible": true})
		if again := create(map[string]any{"tag": "bot"}); again != tagged {
			t.Errorf("the tag gives another feed: %v, not %v", again, tagged)
		}
		if got := list("?tag=bot"); !slices.Equal(got, []feed{tagged}) {
			t.Errorf("the feeds with the tag are %v", got)
		}
		if got := list(""); !slices.Equal(got, []feed{plain, tagged}) {
			t.Errorf("the feeds are %v", got)
		}
		bob.Post("/agent/v5/datafeeds/"+plain.ID+"/read", nil).Want(400)
		bob.Delete("/agent/v5/datafeeds/" + plain.ID).Want(204)
		for range 18 {
			create(map[string]any{})
		}
		alice.Post("/agent/v5/datafeeds", nil).Want(403)
		alice.Post("/agent/v5/datafeeds", map[string]any{"tag": string(make([]byte, 101))}).Want(400)
		alice.Get("/agent/v5/datafeeds?tag=" + fmt.Sprintf("%0101d", 1)).Want(400)
		for range 2 {
			alice.Delete("/agent/v5/datafeeds/" + plain.ID).Want(204)
		}
		alice.Post("/agent/v5/datafeeds/"+plain.ID+"/read", nil).Want(400)
		clock.Advance(29 * time.Minute)
		alice.Post("/agent/v5/datafeeds/"+tagged.ID+"/read", map[string]any{"ackId": nil}).Want(200)
		clock.Advance(time.Minute)
		if got := list(""); !slices.Equal(got, []feed{tagged}) {
			t.Errorf("after half an hour, the feeds are %v", got)
		}
		alice.Post("/agent/v5/datafeeds/"+tagged.ID+"/read", map[string]any{"ackId": "no ack"}).Want(400)
	})
}

// TestAReadWaits checks that a read waits for an event, and answers with it.
func TestAReadWaits(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		deals := room(alice, "deals")
		a, b := listen(t, p, alice), listen(t, p, bob)
		heard := make(chan []string)
		go func() { heard <- a.hear() }()
		say(alice, deals, "hello")
		want(t, <-heard, "!hello")
		go func() { heard <- b.hear() }() // joins a room while the read waits
		add(alice, deals, bob)
		want(t, <-heard, "USERJOINEDROOM")
		go func() { heard <- b.hear() }()
		say(alice, deals, "to both")
		want(t, <-heard, "!to both")
	}, podtest.WithFeedHold(longest))
}

// TestDatahose checks that a datahose needs its features, tells of all streams of the company, and
// of no others, and obeys its filter.
func TestDatahose(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bot, other := p.User("alice"), p.Bot("acme-bot"), p.Stranger("globex-bot")
		admin := p.Bot("acme-admin")
		body := map[string]any{"type": "datahose", "tag": "all", "eventTypes": []string{"MESSAGESENT", "ROOMCREATED"}}
		bot.Post("/agent/v5/events/read", body).Want(403)
		admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", bot.ID), []map[string]any{
			{"entitlment": "canCreateDatahose", "enabled": true}, {"entitlment": "canReadDatahose", "enabled": true},
		}).Want(200)
		hear := func(body map[string]any) []string {
			p.Settle(t)
			var r read
			bot.Post("/agent/v5/events/read", body).Want(200).Into(&r)
			body["ackId"] = r.AckID
			return texts(r)
		}
		outside := map[string]any{"type": "datahose", "tag": "all", "scopes": []string{"EXTERNAL"}}
		want(t, hear(body))
		want(t, hear(outside))
		deals := room(alice, "deals")
		say(alice, deals, "hello")
		theirs := room(other, "theirs")
		say(other, theirs, "secret")
		want(t, hear(body), "ROOMCREATED", "!hello")
		want(t, hear(body))
		want(t, hear(outside))
		for field, value := range map[string]any{"type": "fanout", "tag": "", "eventTypes": []string{"MESSAGE_SENT"}, "scopes": []string{"SOME"}} {
			bad := map[string]any{"type": "datahose", "tag": "all"}
			bad[field] = value
			bot.Post("/agent/v5/events/read", bad).Want(400)
		}
	})
}

// TestRetiredFeeds checks that the operations of older feeds can be switched off.
func TestRetiredFeeds(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithConfig(func(c *pod.Config) { c.OlderFeedsRetired = true }))
	bob := p.User("bob")
	bob.Post("/agent/v4/datafeed/create", nil).Want(410)
	bob.Post("/agent/v1/datafeed/create", nil).Want(410)
	for _, version := range []string{"v1", "v2", "v4"} {
		bob.Get("/agent/" + version + "/datafeed/x/read").Want(410)
	}
	listen(t, p, bob)
}

// TestOldFeedsTakeTheirPlaces checks that a sixth feed of the older form takes the place of the one
// that was read longest ago.
func TestOldFeedsTakeTheirPlaces(t *testing.T) {
	t.Parallel()
	clock := podtest.NewClock()
	bob := podtest.Start(t, podtest.WithClock(clock)).User("bob")
	var feeds []string
	for range 6 {
		var f struct {
			ID string `json:"id"`
		}
		bob.Post("/agent/v4/datafeed/create", nil).Want(200).Into(&f)
		clock.Advance(time.Second)
		feeds = append(feeds, f.ID)
	}
	bob.Get("/agent/v4/datafeed/" + feeds[0] + "/read").Want(400)
	for _, id := range feeds[1:] {
		bob.Get("/agent/v4/datafeed/" + id + "/read").Want(204)
	}
}
