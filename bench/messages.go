package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	formed "podium/internal/client"
)

// What the part messages does.
const (
	messageCallers = 64
	pageOfMessages = 50
)

// shortMessage is what is sent: a sentence with markup and a tag.
const shortMessage = `<messageML>Please see the <b>latest</b> numbers of <cash tag="ibm"/> in the report of this morning.</messageML>`

// messages compares sending and reading messages with bare handlers: one inserts a row, the other
// writes the same bytes.
func (b *bench) messages(ctx context.Context) error {
	ours, err := b.startPod(ctx, "messages", filepath.Join(b.dir, "messages.db"))
	if err != nil {
		return err
	}
	defer ours.stop()
	session, err := b.key.session(ctx, ours.address)
	if err != nil {
		return err
	}
	room, err := newRoom(ctx, ours, session, "Talk")
	if err != nil {
		return err
	}
	send, err := sendRequest(session, room, shortMessage)
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "messages", order{Kind: "sqlite inserts", Database: filepath.Join(b.dir, "messages-ceiling.db")})
	if err != nil {
		return err
	}
	row := repeat(request("POST", "/bench/v1/row", session, aRow), messageCallers)
	c, err := b.compare(ctx, "messages", b.load(ours, repeat(send, messageCallers)), b.load(ceiling, row))
	ceiling.stop()
	if err != nil {
		return err
	}
	b.report.comparedTo(fmt.Sprintf("send a message, SQLite, %d callers", messageCallers), c, 0.4)
	return b.readMessages(ctx, ours, session)
}

// readMessages compares a page of messages with a handler that has it ready.
func (b *bench) readMessages(ctx context.Context, ours *child, session string) error {
	room, err := newRoom(ctx, ours, session, "Page")
	if err != nil {
		return err
	}
	send, err := sendRequest(session, room, shortMessage)
	if err != nil {
		return err
	}
	for range pageOfMessages {
		if _, err := ask(ctx, ours.address, send); err != nil {
			return err
		}
	}
	page := request("GET", fmt.Sprintf("/agent/v4/stream/%s/message?since=0&limit=%d", room, pageOfMessages), session, nil)
	body, err := ask(ctx, ours.address, page)
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "messages", order{Kind: "constant", Body: body})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	c, err := b.compare(ctx, "a page of messages", b.load(ours, repeat(page, answerCallers)), b.load(ceiling, repeat(page, answerCallers)))
	if err != nil {
		return err
	}
	b.report.compared(fmt.Sprintf("a page of %d messages (%d bytes)", pageOfMessages, len(body)), c, 0.4)
	return nil
}

// newRoom creates a room and returns its id.
func newRoom(ctx context.Context, pod *child, session, name string) (string, error) {
	answer, err := ask(ctx, pod.address, request("POST", "/pod/v3/room/create", session, map[string]string{"name": name, "description": name}))
	if err != nil {
		return "", err
	}
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	err = json.Unmarshal(answer, &made)
	return made.Info.ID, err
}

// sendRequest returns the request that sends a message.
func sendRequest(session, stream, text string) ([]byte, error) {
	object, err := json.Marshal(map[string]string{"message": text})
	if err != nil {
		return nil, err
	}
	body, contentType, err := formed.EncodeForm(object)
	if err != nil {
		return nil, err
	}
	var r strings.Builder
	fmt.Fprintf(&r, "POST /agent/v4/stream/%s/message/create HTTP/1.1\r\nHost: localhost\r\nUser-Agent: podium-bench\r\n", stream)
	fmt.Fprintf(&r, "Accept: application/json\r\nsessionToken: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", session, contentType, len(body), body)
	return []byte(r.String()), nil
}

// sends is a side of several callers who send messages, each to a room of its own.
func (b *bench) sends(ctx context.Context, c *crowded) (side, error) {
	requests := make([][]byte, besideCallers)
	for i := range requests {
		room, err := newRoom(ctx, c.child, c.session, fmt.Sprintf("Talk %d", i))
		if err != nil {
			return nil, err
		}
		if requests[i], err = sendRequest(c.session, room, shortMessage); err != nil {
			return nil, err
		}
	}
	return load{address: c.address, cpu: c.cpu, requests: requests, warm: b.warm, round: b.round}.run, nil
}
