package demobot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"podium/internal/client"
)

// echo begins each message that repeats another one. The bot does not repeat such a message: two
// bots would not end.
const echo = "You said: "

// answer answers an event. Events of the bot itself are ignored.
func (s *session) answer(ctx context.Context, e event) error {
	if e.Initiator.User.ID == s.self {
		return nil
	}
	switch e.Type {
	case "INSTANTMESSAGECREATED":
		return s.say(ctx, e.Payload.IM.Stream.ID, greeting(e.Initiator.User.DisplayName))
	case "USERJOINEDROOM":
		if e.Payload.Joined.User.ID != s.self {
			return nil
		}
		return s.say(ctx, e.Payload.Joined.Stream.ID, greeting(e.Initiator.User.DisplayName))
	case "SYMPHONYELEMENTSACTION":
		a := e.Payload.Action
		text, err := submitted(e.Initiator.User.DisplayName, a.Form, a.Values)
		if err != nil {
			return err
		}
		return s.say(ctx, a.Stream.ID, text)
	case "MESSAGESENT":
		return s.reply(ctx, e.Payload.Sent.Message)
	}
	return nil
}

// reply answers a message. In a room it answers only commands, files and messages that mention it,
// so that it does not disturb a conversation of others.
func (s *session) reply(ctx context.Context, m message) error {
	text := plain(m.Text)
	addressed := m.Stream.Type == "IM" || mentions(m.Data, s.self)
	if command, ok := findCommand(text); ok {
		return s.say(ctx, m.Stream.ID, command.answer())
	}
	if !addressed {
		return nil
	}
	for _, a := range m.Attachments {
		if err := s.returnFile(ctx, m, a); err != nil {
			return err
		}
	}
	switch {
	case text == "" || strings.Contains(text, echo):
		return nil
	case strings.HasPrefix(text, "/"):
		return s.say(ctx, m.Stream.ID, "I do not know "+escape(shortened(text))+". "+try)
	}
	return s.say(ctx, m.Stream.ID, echo+escape(shortened(text)))
}

// maxEcho is the most bytes of a text that the bot repeats.
const maxEcho = 4000

// shortened returns the beginning of a text that is too long to be repeated.
func shortened(text string) string {
	if len(text) <= maxEcho {
		return text
	}
	cut := maxEcho
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// mentions reports whether the EntityJSON of a message mentions a user.
func mentions(data string, id int64) bool {
	var entities map[string]struct {
		Type string `json:"type"`
		ID   []struct {
			Value any `json:"value"`
		} `json:"id"`
	}
	if json.Unmarshal([]byte(data), &entities) != nil {
		return false
	}
	for _, entity := range entities {
		for _, one := range entity.ID {
			if entity.Type == "com.symphony.user.mention" && fmt.Sprint(one.Value) == fmt.Sprint(id) {
				return true
			}
		}
	}
	return false
}

// maxReturned is the size of the largest file that the bot sends back.
const maxReturned = 10 << 20

// returnFile says which file has arrived, and sends it back.
func (s *session) returnFile(ctx context.Context, m message, a attachment) error {
	text := fmt.Sprintf("I got <b>%s</b>, %d bytes.", escape(a.Name), a.Size)
	if a.Size > maxReturned {
		return s.say(ctx, m.Stream.ID, text+" That is too much for me to send back.")
	}
	id, err := url.PathUnescape(a.ID) // in messages it is percent-encoded
	if err != nil {
		return err
	}
	query := url.Values{"fileId": {id}, "messageId": {m.ID}}
	content, err := s.pod.Do(ctx, http.MethodGet, "/agent/v1/stream/"+url.PathEscape(m.Stream.ID)+"/attachment?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	if err := read(content, "a file", nil); err != nil {
		return err
	}
	return s.send(ctx, m.Stream.ID, map[string]any{
		"message":    inMessage(text + " Here it is again:"),
		"attachment": map[string]string{"name": a.Name, "base64": string(content.Body)},
	})
}

// say sends MessageML, without its root element.
func (s *session) say(ctx context.Context, streamID, text string) error {
	return s.send(ctx, streamID, map[string]any{"message": inMessage(text)})
}

func inMessage(text string) string { return "<messageML>" + text + "</messageML>" }

func (s *session) send(ctx context.Context, streamID string, form map[string]any) error {
	object, err := json.Marshal(form)
	if err != nil {
		return err
	}
	var answer client.Answer
	answer, err = s.pod.DoForm(ctx, "/agent/v4/stream/"+url.PathEscape(streamID)+"/message/create", object)
	if err != nil {
		return err
	}
	return read(answer, "sending a message", nil)
}
