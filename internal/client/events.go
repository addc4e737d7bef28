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

// maxEvent is the longest line of a stream, in bytes.
const maxEvent = 1 << 20

// Follow calls an operation that answers with events. It calls hear with each event until the
// stream ends, ctx ends, or hear returns an error. after is the id of the last event that was
// received; empty: from now on. The answer's status is 200 if there was a stream; otherwise it is
// the refusal.
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

// readEvents splits a stream into events. It drops an event that is cut off.
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
