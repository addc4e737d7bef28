package inspector

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

// Call is a recorded request with what became of it.
type Call struct {
	ID         string           `json:"id"`
	Node       string           `json:"node" doc:"The node that answered, and that has the record."`
	Timestamp  wire.Time        `json:"timestamp" doc:"When the request came."`
	Took       int64            `json:"tookMicros" doc:"Until the answer was written."`
	Trace      string           `json:"traceId"`
	Operation  string           `json:"operation,omitempty" doc:"Missing if the path is of none."`
	Method     string           `json:"method"`
	Path       string           `json:"path" doc:"With the query. Secrets are masked."`
	Status     int              `json:"status"`
	User       wire.UserID      `json:"userId,omitempty" doc:"Of the session. Of a login, who logged in or tried to."`
	Username   string           `json:"username,omitempty"`
	App        string           `json:"appId,omitempty" doc:"The application of the session."`
	Session    auth.SessionKind `json:"session,omitempty" doc:"The kind of session: user, app, obo or keymanager. Missing without a live one: then nothing proves userId and username."`
	Address    string           `json:"address"`
	UserAgent  string           `json:"userAgent,omitempty"`
	Reason     string           `json:"reason,omitempty" doc:"Of a refusal, as in the pod's log."`
	Sent       int64            `json:"requestSize"`
	Answered   int64            `json:"answerSize"`
	Events     int              `json:"eventCount,omitempty" doc:"Of a read of a feed: how many events it was given."`
	AckedEarly bool             `json:"acknowledges,omitempty" doc:"Of a read of a feed: it acknowledges the events of an earlier one."`
}

// Detail is a call with its bodies.
type Detail struct {
	Call
	Request      Part         `json:"request"`
	Answer       Part         `json:"answer"`
	Missing      *Missing     `json:"missing,omitempty" doc:"What the caller lacks for the operation."`
	Used         []auth.Right `json:"usedRights,omitempty"`
	Given        []Given      `json:"events,omitempty" doc:"The events that a read of a feed was given."`
	AckID        string       `json:"ackId,omitempty" doc:"What acknowledges the events."`
	Acknowledged wire.Time    `json:"acknowledged,omitempty" doc:"When a later read has acknowledged the events."`
	By           string       `json:"acknowledgedBy,omitempty" doc:"The call that did."`

	company wire.CompanyID
	number  int64  // in this node's record
	acks    string // the ackId of the request
	size    int    // about how many bytes it takes
}

// Given is an event that a feed was given.
type Given struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// signInChapter is the chapter of the sign-ins to the console. The bodies sent to it are not kept.
const signInChapter = "signin"

// detailOf returns an exchange without its secrets. Nothing of it refers to the exchange.
func detailOf(in op.Inspected) *Detail {
	m := &masker{}
	m.credentials(in.Header, in.URL)
	c := in.Caller
	d := &Detail{
		Call: Call{
			Timestamp: wire.TimeOf(in.Began), Took: in.Took.Microseconds(), Trace: in.Trace, Method: in.Method, Status: in.Status,
			User: c.User, Username: c.Username, App: c.App, Session: c.Kind, Address: in.Address, UserAgent: clip(header(in.Header).get("User-Agent"), maxHeader),
			Sent: in.Sent.Size, Answered: in.Answered.Size,
		},
		Used: in.Used, company: c.Company,
	}
	template := ""
	if b := in.Operation; b != nil {
		d.Operation, template = b.ID, b.Path
		if in.Unmet {
			d.Missing = missing(*b, c)
		}
		if b.Chapter == feedChapter {
			d.readEvents(in)
		}
	}
	if c.Kind == "" {
		d.claim(in)
	}
	if b := in.Operation; b != nil && b.Chapter == signInChapter {
		in.Sent.Bytes = nil // passwords and codes of links, whatever form they are sent in
	}
	path := m.address(in.URL, template)
	d.Request = m.part(in.Header, requestHeaders, in.Sent)
	d.Answer = m.part(in.Answer, answerHeaders, in.Answered)
	m.hidePart(&d.Request)
	m.hidePart(&d.Answer)
	d.Path, d.Reason = clip(m.hide(path), 4*maxHeader), clip(m.hide(in.Reason), 4*maxHeader)
	d.UserAgent, d.Method = m.hide(d.UserAgent), clip(m.hide(d.Method), maxHeader)
	d.size = d.weigh()
	return d
}

// weigh returns about how many bytes a call takes.
func (d *Detail) weigh() int {
	n := 1024 + len(d.Path) + len(d.Reason) + len(d.UserAgent) + 64*len(d.Given)
	for _, p := range []Part{d.Request, d.Answer} {
		if p.Body != nil {
			n += len(*p.Body)
		}
		for _, h := range p.Headers {
			n += 32 + len(h.Name) + len(h.Value)
		}
		for _, f := range p.Form {
			n += 64 + len(f.Name) + len(f.Value) + len(f.File)
		}
	}
	return n
}

// feedChapter is the chapter whose operations give events.
const feedChapter = "feeds"

// readEvents takes the events of an answer of a feed, in its present form (an object) or an older
// one (an array), and what the request acknowledges.
func (d *Detail) readEvents(in op.Inspected) {
	type given struct {
		ID        string `json:"id"`
		MessageID string `json:"messageId"`
		Type      string `json:"type"`
		V2Type    string `json:"v2messageType"`
	}
	var asked, told struct {
		AckID  string  `json:"ackId"`
		Events []given `json:"events"`
	}
	_ = json.Unmarshal(in.Sent.Bytes, &asked) // a body of another form acknowledges nothing
	d.acks = asked.AckID
	d.AckedEarly = asked.AckID != ""
	if in.Status != 200 || in.Answered.Size > int64(len(in.Answered.Bytes)) {
		return
	}
	if json.Unmarshal(in.Answered.Bytes, &told) != nil {
		_ = json.Unmarshal(in.Answered.Bytes, &told.Events) // other operations of the chapter tell none
	}
	for _, g := range told.Events {
		if g.ID == "" {
			g.ID = g.MessageID
		}
		if g.Type == "" {
			g.Type = g.V2Type
		}
		if g.Type != "" {
			d.Given = append(d.Given, Given{g.ID, g.Type})
		}
	}
	d.AckID, d.Events = told.AckID, len(d.Given)
}

var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.(eyJ[A-Za-z0-9_-]+)`)

// claim says whose call it is that came without a live session: whom the token of a successful
// login names, or else the token that was sent. Nothing proves the latter.
func (d *Detail) claim(in op.Inspected) {
	var texts []string
	if in.Operation != nil && in.Operation.Login {
		if in.Status == 200 {
			texts = append(texts, string(in.Answered.Bytes))
		}
		texts = append(texts, string(in.Sent.Bytes))
	} else {
		texts = append(texts, header(in.Header).get("Sessiontoken"), header(in.Header).get("Authorization"))
		for _, c := range header(in.Header).cookies() {
			if c.Name == op.SessionCookie(in.Caller.Company) {
				texts = append(texts, c.Value)
			}
		}
	}
	for _, text := range texts {
		found := jwt.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		payload, err := base64.RawURLEncoding.DecodeString(found[1])
		var claims struct {
			Subject string `json:"sub"`
			User    string `json:"userId"`
			App     string `json:"appGroupId"`
		}
		if err != nil || json.Unmarshal(payload, &claims) != nil {
			continue
		}
		d.Username, d.App = clip(strings.ToValidUTF8(claims.Subject, "?"), 128), clip(strings.ToValidUTF8(claims.App, "?"), 128)
		if id, err := wire.ParseUserID(claims.User); err == nil && id.Company() == in.Caller.Company {
			d.User = id
		}
		return
	}
}
