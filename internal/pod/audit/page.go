package audit

import (
	"net/url"
	"strconv"
	"strings"

	"podium/internal/apierr"
)

// Cursors are the numbers of pages, from 1, as published: the page after cursor k is k+1, the page
// before it is k-1.

// maxPage bounds what is skipped.
const maxPage = 10_000_000

// page returns the number of the page that is asked for.
func (in listInput) page() (int, error) {
	switch {
	case in.Before != "" && in.After != "":
		return 0, apierr.Invalid("before and after exclude each other")
	case in.After != "":
		number, err := pageOf("after", in.After)
		return number + 1, err
	case in.Before != "":
		number, err := pageOf("before", in.Before)
		if err == nil && number == 1 {
			err = apierr.Invalid("Invalid value for before: there is no page before the first")
		}
		return number - 1, err
	}
	return 1, nil
}

func pageOf(name, cursor string) (int, error) {
	n, err := strconv.Atoi(cursor)
	if err != nil || n < 1 || n > maxPage {
		return 0, apierr.Invalid("Invalid value for %s: a cursor of an earlier answer is expected", name)
	}
	return n, nil
}

// Pagination tells how to go on. It is always there, and so is its member cursors: one of the SDKs
// needs both.
type Pagination struct {
	Cursors  Cursors `json:"cursors"`
	Previous string  `json:"previous,omitempty" doc:"A link to the previous page; absent on the first."`
	Next     string  `json:"next,omitempty" doc:"A link to the next page; absent on the last."`
}

// Cursors are what to give as before or after.
type Cursors struct {
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// pagination returns the way on from a page.
func (in listInput) pagination(number int, more bool) Pagination {
	var p Pagination
	cursor := strconv.Itoa(number)
	if number > 1 {
		p.Cursors.Before, p.Previous = cursor, in.link("before", cursor)
	}
	if more {
		p.Cursors.After, p.Next = cursor, in.link("after", cursor)
	}
	return p
}

// link is another page of the same request. Published links begin their query with an ampersand.
func (in listInput) link(name, cursor string) string {
	var b strings.Builder
	b.WriteString(route + "?")
	add := func(name, value string) { b.WriteString("&" + name + "=" + url.QueryEscape(value)) }
	add("startTimestamp", strconv.FormatInt(int64(in.Start), 10))
	if in.End != nil {
		add("endTimestamp", strconv.FormatInt(int64(*in.End), 10))
	}
	if in.Limit != nil {
		add("limit", strconv.Itoa(*in.Limit))
	}
	if in.Initiator != nil {
		add("initiatorId", in.Initiator.String())
	}
	if in.Role != nil {
		add("role", string(*in.Role))
	}
	add(name, cursor)
	return b.String()
}
