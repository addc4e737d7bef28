package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	formed "podium/internal/client"
)

const (
	waitingUsers  = 50 // members of the room, with 20 feeds each
	feedsEach     = 20
	waitingReads  = 500 // of the first feeds
	waitingRounds = 40
)

// listener is a user of the part feeds, with a session and feeds.
type listener struct {
	session string
	feeds   []string
}

// listeners creates users who are members of the room, and their feeds.
func (f *feedBench) listeners(ctx context.Context) ([]listener, error) {
	admin, err := f.b.key.sessionOf(ctx, f.pod.address, adminName)
	if err != nil {
		return nil, err
	}
	var list []listener
	for i := range waitingUsers {
		l, err := f.listener(ctx, admin, fmt.Sprintf("listener.%d", i))
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	for i := range list { // when all have joined: a feed tells of later members
		for range feedsEach {
			var feed struct {
				ID string `json:"id"`
			}
			if err := f.post(ctx, list[i].session, "/agent/v5/datafeeds", struct{}{}, &feed); err != nil {
				return nil, err
			}
			list[i].feeds = append(list[i].feeds, feed.ID)
		}
	}
	return list, nil
}

func (f *feedBench) listener(ctx context.Context, admin, name string) (l listener, err error) {
	var made struct {
		Info struct {
			ID int64 `json:"id"`
		} `json:"userSystemInfo"`
	}
	attributes := map[string]any{
		"userName": name, "displayName": name, "emailAddress": name + "@acme.example", "accountType": "SYSTEM",
		"currentKey": map[string]string{"key": f.b.key.publicPEM(), "action": "SAVE"},
	}
	if err := f.post(ctx, admin, "/pod/v2/admin/user/create", map[string]any{"userAttributes": attributes, "roles": []string{"INDIVIDUAL"}}, &made); err != nil {
		return l, err
	}
	if err := f.post(ctx, f.session, "/pod/v1/room/"+f.room+"/membership/add", map[string]int64{"id": made.Info.ID}, nil); err != nil {
		return l, err
	}
	l.session, err = f.b.key.sessionOf(ctx, f.pod.address, name)
	return l, err
}

func (f *feedBench) post(ctx context.Context, session, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	c := &formed.Client{Base: "http://" + f.pod.address, HTTP: http.DefaultClient, Token: session}
	answer, err := c.Do(ctx, http.MethodPost, path, text)
	if err == nil && answer.Status/100 != 2 {
		err = fmt.Errorf("%s: %d %s", path, answer.Status, answer.Body)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(answer.Body, into)
	}
	return err
}

// message returns the rate and the processor time of a message, while no feed is read.
func (f *feedBench) message(ctx context.Context) (result, error) {
	const messages = 2000
	c, err := dial(ctx, f.pod.address)
	if err != nil {
		return result{}, err
	}
	defer c.close()
	cpu, began := f.pod.cpu(), time.Now()
	for range messages {
		if _, err := c.call(f.send); err != nil {
			return result{}, err
		}
	}
	return result{rate: messages / time.Since(began).Seconds(), cpu: (f.pod.cpu() - cpu) / messages}, nil
}

// waiting measures messages with few feeds in the room, creates a thousand, measures deliveries to
// half of them, and measures messages with all of them.
func (f *feedBench) waiting(ctx context.Context) error {
	var c comparison
	measure := func(into *[]result) error {
		for range f.b.pairs {
			one, err := f.message(ctx)
			if err != nil {
				return err
			}
			*into = append(*into, one)
		}
		return nil
	}
	if err := measure(&c.ceiling); err != nil {
		return err
	}
	users, err := f.listeners(ctx)
	if err != nil {
		return err
	}
	if err := f.fanOut(ctx, users); err != nil {
		return err
	}
	if err := measure(&c.ours); err != nil {
		return err
	}
	f.b.report.atMostCPU(fmt.Sprintf("send a message, with %d live feeds to two", waitingUsers*feedsEach+2), c, 1.1)
	return nil
}

// heardBy is one answer to a reader.
type heardBy struct {
	at  time.Time
	err error
}

// fanOut sends messages one by one to many readers that wait. It measures apart what the deliveries
// cost, and what it costs until all readers wait again.
func (f *feedBench) fanOut(ctx context.Context, users []listener) error {
	heard := make(chan heardBy, waitingReads)
	again := make([]chan struct{}, 0, waitingReads)
	for _, u := range users {
		for _, feed := range u.feeds {
			if len(again) == waitingReads {
				break
			}
			next := make(chan struct{}, 1)
			again = append(again, next)
			go f.wait(ctx, u.session, feed, next, heard)
		}
	}
	// Each reader first reads what was sent before there were readers.
	var last histogram
	var delivering, parking time.Duration
	for round := range waitingRounds + 1 {
		before := f.pod.cpu()
		for _, next := range again {
			next <- struct{}{}
		}
		time.Sleep(time.Second / 2) // until all wait again
		parked := f.pod.cpu()
		sent := time.Now()
		if _, err := ask(ctx, f.pod.address, f.send); err != nil {
			return err
		}
		var end time.Time
		for range waitingReads {
			one := <-heard
			if one.err != nil {
				return one.err
			}
			if one.at.After(end) {
				end = one.at
			}
		}
		if round > 0 {
			last.add(end.Sub(sent))
			parking += parked - before
			delivering += f.pod.cpu() - parked
		}
	}
	for _, next := range again {
		close(next)
	}
	each := func(d time.Duration) string {
		return fmt.Sprintf("%.1f µs of processor time", d.Seconds()*1e6/waitingReads/waitingRounds)
	}
	f.b.report.value(fmt.Sprintf("one message to %d readers that wait: the last one has it", waitingReads), milliseconds(last.quantile(.5))+" (median) after it was sent")
	f.b.report.value("such a delivery: from the happening to the written answer, with the message's share", each(delivering))
	f.b.report.value("the reader's next read, with its acknowledgement, until it waits", each(parking))
	return nil
}

// wait reads a feed each time that next says so, until next is closed. It reports the answers that
// have one new message.
func (f *feedBench) wait(ctx context.Context, session, feed string, next <-chan struct{}, heard chan<- heardBy) {
	c, err := dial(ctx, f.pod.address)
	if err != nil {
		heard <- heardBy{err: err}
		return
	}
	defer c.close()
	ack := ""
	for range next {
		n := 0
		for n == 0 {
			answer, err := c.call(request("POST", "/agent/v5/datafeeds/"+feed+"/read", session, map[string]string{"ackId": ack}))
			var e events
			if err == nil {
				err = json.Unmarshal(answer, &e)
			}
			if err != nil {
				heard <- heardBy{err: err}
				return
			}
			if n, ack = len(e.Events), e.AckID; n > 1 {
				heard <- heardBy{err: fmt.Errorf("%d events in an answer", n)}
				return
			}
		}
		heard <- heardBy{at: time.Now()}
	}
}
