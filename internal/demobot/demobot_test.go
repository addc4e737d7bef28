package demobot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/demobot"
	"podium/podtest"
)

// conversation is an IM of a person and the bot, with a feed of the person.
type conversation struct {
	t          *testing.T
	person     *podtest.User
	id         string
	feed, ack  string
	heard      []heard // and not yet awaited
	botAccount *podtest.User
}

type heard struct {
	ID, Text    string
	Attachments []struct {
		ID, Name string
		Size     int64
	}
}

// begin starts the bot and opens an IM with it.
func begin(t *testing.T, p *podtest.Pod) *conversation {
	t.Helper()
	bot, alice := p.Bot("demo-bot"), p.User("alice")
	ready := make(chan struct{})
	runBot(t, p, func() { close(ready) })
	<-ready
	c := &conversation{t: t, person: alice, botAccount: bot}
	var made struct {
		ID string `json:"id"`
	}
	alice.Post("/agent/v5/datafeeds", nil).Want(201).Into(&made)
	c.feed = made.ID
	alice.Post("/pod/v1/im/create", []int64{bot.ID}).Want(200).Into(&made)
	c.id = made.ID
	return c
}

// runBot runs the bot until the test ends.
func runBot(t *testing.T, p *podtest.Pod, ready func()) {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	bot := demobot.Bot{
		Base: p.URL, Username: "demo-bot", Key: podtest.Key(), Ready: ready,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	running.Go(func() { bot.Run(ctx) })
	t.Cleanup(func() { end(); running.Wait() })
}

// say sends MessageML.
func (c *conversation) say(text string) {
	c.t.Helper()
	c.person.Send("/agent/v4/stream/"+c.id+"/message/create", map[string]any{"message": "<messageML>" + text + "</messageML>"}).Want(200)
}

// hears waits for the bot's next message and checks that it has some texts.
func (c *conversation) hears(texts ...string) heard {
	c.t.Helper()
	for len(c.heard) == 0 {
		c.read()
	}
	next := c.heard[0]
	c.heard = c.heard[1:]
	for _, text := range texts {
		if !strings.Contains(next.Text, text) {
			c.t.Errorf("the bot did not say %q, but %s", text, next.Text)
		}
	}
	return next
}

func (c *conversation) read() {
	c.t.Helper()
	var read struct {
		AckID  string `json:"ackId"`
		Events []struct {
			Type      string
			Initiator struct{ User struct{ UserID int64 } }
			Payload   struct {
				MessageSent struct {
					Message struct {
						MessageID, Message string
						Attachments        json.RawMessage
					}
				}
			}
		}
	}
	c.person.Post("/agent/v5/datafeeds/"+c.feed+"/read", map[string]string{"ackId": c.ack}).Want(200).Into(&read)
	c.ack = read.AckID
	for _, e := range read.Events {
		if e.Type != "MESSAGESENT" || e.Initiator.User.UserID != c.botAccount.ID {
			continue
		}
		m := e.Payload.MessageSent.Message
		one := heard{ID: m.MessageID, Text: m.Message}
		if len(m.Attachments) > 0 {
			if err := json.Unmarshal(m.Attachments, &one.Attachments); err != nil {
				c.t.Fatal(err)
			}
		}
		c.heard = append(c.heard, one)
	}
}

func holding() podtest.Option { return podtest.WithFeedHold(time.Minute) }

func TestEveryCommandIsAnswered(t *testing.T) {
	t.Parallel()
	c := begin(t, podtest.Start(t, holding()))
	c.hears("Hello, Alice Archer", "/help")
	c.say("/help")
	list := c.hears("What I understand").Text
	commands := regexp.MustCompile(`<b>(/\w+)</b>`).FindAllStringSubmatch(list, -1)
	if len(commands) < 7 {
		t.Fatalf("/help lists %v", commands)
	}
	says := map[string]string{
		"/help": "<ul>", "/form": "timezone-picker", "/table": "<tfoot>", "/card": "expandableCardBody",
		"/code": `data-language="python"`, "/text": "com.symphony.emoji", "/dialog": "<dialog",
	}
	for _, found := range commands {
		c.say(found[1])
		if said := c.hears().Text; found[1] != "/text" && !strings.Contains(said, says[found[1]]) || says[found[1]] == "" {
			t.Errorf("%s: %s", found[1], said)
		}
	}
	c.say("/nothing &lt;b&gt;")
	c.hears("I do not know /nothing &lt;b&gt;")
}

// asText writes a text as PresentationML that is no template.
var asText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "$", "&#36;", "#", "&#35;")

// A text that looks like an element or like an expression of a template is repeated as it is.
func TestEchoRunsNothing(t *testing.T) {
	t.Parallel()
	c := begin(t, podtest.Start(t, holding()))
	c.hears("Hello")
	for _, text := range []string{`<script>alert(1)</script>`, `a & "b" 'c' ${1+1} #{2} [=3]`, `<#if true>x</#if>`, "日本語 😃"} {
		c.person.Send("/agent/v4/stream/"+c.id+"/message/create", map[string]any{
			"message": `<div data-format="PresentationML" data-version="2.0">` + asText.Replace(text) + `</div>`,
		}).Want(200)
		said := html.UnescapeString(c.hears("You said: ").Text)
		if !strings.Contains(said, "You said: "+text+"<") {
			t.Errorf("%s was repeated as %s", text, said)
		}
	}
}

// Each field of the form is submitted and comes back in a table, as text.
func TestFormIsAnswered(t *testing.T) {
	t.Parallel()
	c := begin(t, podtest.Start(t, holding()))
	c.hears("Hello")
	c.say("/form")
	form := c.hears("tablesel-row-1").ID
	values := map[string]any{
		"action": "submit", "text": "<b>${7*7}</b>", "pattern": "ABC-123", "masked": "secret", "area": "one\ntwo", "rich": "<p>rich</p>",
		"news": "yes", "size": "large", "currency": "GBP", "markets": []string{"APAC", "NAM"}, "people": []int64{c.person.ID}, "rooms": map[string]any{"streamIds": []string{c.id}, "userIds": []int64{}},
		"date": "2026-02-03", "time": "10:15:00", "zone": "Europe/Paris", "tablesel-row-2": "on",
	}
	c.submit(form, "everything", values)
	said := c.hears("Alice Archer has submitted the form", "<td>&lt;b&gt;", "<td>large</td>", "<td>2026-02-03</td>", "<td>tablesel-row-2</td>").Text
	for name := range values {
		if !strings.Contains(said, "<td>"+name+"</td>") {
			t.Errorf("the value of %s is missing: %s", name, said)
		}
	}
	if strings.Contains(said, "49") || strings.Contains(said, "<td><b>") {
		t.Errorf("a value was taken for more than text: %s", said)
	}
	c.submit(form, "at-once", map[string]any{"action": "colour", "colour": "green"})
	c.hears("at-once", "<td>green</td>")
}

func (c *conversation) submit(message, form string, values map[string]any) {
	c.t.Helper()
	c.person.Post("/podium/v1/stream/"+c.id+"/message/"+message+"/form/submit", map[string]any{"formId": form, "formValues": values}).Want(200)
}

func TestFileComesBack(t *testing.T) {
	t.Parallel()
	c := begin(t, podtest.Start(t, holding()))
	c.hears("Hello")
	c.person.Send("/agent/v4/stream/"+c.id+"/message/create", map[string]any{
		"message": "<messageML>see</messageML>", "attachment": map[string]any{"name": "notes & more.txt", "content": "seven b"},
	}).Want(200)
	back := c.hears("notes &amp; more.txt", "7 bytes")
	if len(back.Attachments) != 1 || back.Attachments[0].Name != "notes & more.txt" || back.Attachments[0].Size != 7 {
		t.Fatalf("the bot sent %+v", back)
	}
	id, err := url.PathUnescape(back.Attachments[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	query := url.Values{"fileId": {id}, "messageId": {back.ID}}
	a := c.person.Get("/agent/v1/stream/" + c.id + "/attachment?" + query.Encode()).Want(200)
	if string(a.Body) != "c2V2ZW4gYg==" {
		t.Errorf("the file is now %s", a.Body)
	}
	c.hears("You said: see")
}

// In a room the bot greets when it is added, and answers commands and mentions and nothing else.
func TestBotInRoom(t *testing.T) {
	t.Parallel()
	c := begin(t, podtest.Start(t, holding()))
	c.hears("Hello")
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	c.person.Post("/pod/v3/room/create", map[string]any{"name": "room"}).Want(200).Into(&made)
	c.id = made.Info.ID
	c.person.Post("/pod/v1/room/"+c.id+"/membership/add", map[string]any{"id": c.botAccount.ID}).Want(200)
	c.hears("Hello, Alice Archer")
	c.say("not for the bot")
	c.say(fmt.Sprintf(`<mention uid="%d"/> for the bot`, c.botAccount.ID))
	c.hears("You said: ", "for the bot")
	c.say("not for the bot")
	c.say(fmt.Sprintf(`<mention uid="%d"/> /table`, c.botAccount.ID))
	c.hears("<tfoot>")
}

// A bot whose session has ended logs in again, and answers what was said meanwhile.
func TestBotComesBack(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, holding())
	p.Bot("demo-bot")
	ready := make(chan struct{}, 10)
	runBot(t, p, func() { ready <- struct{}{} })
	<-ready
	bot := p.Bot("demo-bot")
	c := &conversation{t: t, person: p.User("alice"), botAccount: bot}
	var made struct {
		ID string `json:"id"`
	}
	c.person.Post("/agent/v5/datafeeds", nil).Want(201).Into(&made)
	c.feed = made.ID
	p.Bot("operator", "USER_PROVISIONING").Post(fmt.Sprintf("/pod/v1/users/%d/sessions/logout", bot.ID), nil).Want(200)
	c.person.Post("/pod/v1/im/create", []int64{bot.ID}).Want(200).Into(&made)
	c.id = made.ID
	c.hears("Hello")
	c.say("still there?")
	c.hears("You said: still there?")
}
