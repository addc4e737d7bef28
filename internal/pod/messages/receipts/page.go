package receipts

import (
	"encoding/base64"
	"net/url"
	"strconv"

	"podium/internal/apierr"
)

// start returns how many members are before the requested page.
func (in receiptsInput) start() (int, error) {
	if in.Before != "" && in.After != "" {
		return 0, apierr.Invalid("before and after: only one of them may be given")
	}
	cursor, back := in.After, false
	if in.Before != "" {
		cursor, back = in.Before, true
	}
	if cursor == "" {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	n, wrong := strconv.Atoi(string(text))
	if err != nil || wrong != nil || n < 0 {
		return 0, apierr.Invalid("Invalid cursor")
	}
	if back {
		n = max(0, n-receiptsPage)
	}
	return n, nil
}

func cursorAt(n int) string { return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(n))) }

// pagination returns the links around the page that begins at from; nil if it is the only page.
func (in receiptsInput) pagination(from int, more bool) *Pagination {
	if from == 0 && !more {
		return nil
	}
	path := "/pod/v1/admin/messages/" + url.PathEscape(string(in.MessageID)) + "/receipts?"
	p := &Pagination{Cursors: Cursors{Before: cursorAt(from)}}
	if from > 0 {
		p.Previous = path + "before=" + p.Cursors.Before
	}
	if more {
		p.Cursors.After = cursorAt(from + receiptsPage)
		p.Next = path + "after=" + p.Cursors.After
	}
	return p
}
