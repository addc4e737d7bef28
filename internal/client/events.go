package client

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Event is one server-sent event.
type Event struct {
	Name, ID, Data string
}

// maxEvent is the longest line of a stream that is taken, in bytes.
const maxEvent = 1 << 20

// Follow calls an operation that answers with events, and gives each to hear, until the stream
// ends, ctx does, or hear says no. after is the id of the event to go on behind; empty: from now on. The
// answer is that of a refusal; its status is 200 where there was a stream.
func (c *Client) Follow(ctx context.Context, path, after string, hear func(Event) error) (Answer, error) {
	header := http.Header{"Accept": {"text/event-stream"}}
	if after != "" {
		header.Set("Last-Event-ID", after)
	}
	response, err := c.send(ctx, http.MethodGet, path, nil, header)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	answer := Answer{Status: response.StatusCode, Header: response.Header}
	if !isStream(response) {
		answer.Body, err = io.ReadAll(response.Body)
		return answer, err
	}
	return answer, readEvents(response.Body, hear)
}

func isStream(r *http.Response) bool { return r.Header.Get("Content-Type") == "text/event-stream" }

// readEvents takes a stream apart. What ends within an event is not heard.
func readEvents(r io.Reader, hear func(Event) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxEvent)
	var e Event
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "":
			if e.Data != "" {
				if err := hear(e); err != nil {
					return err
				}
			}
			e = Event{}
		case name == "event":
			e.Name = value
		case name == "id":
			e.ID = value
		case name == "data":
			e.Data += value
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("the stream broke off: %w", err)
	}
	return nil
}
