package dlp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
)

// Kind is what a violation is about.
type Kind string

// The kinds.
const (
	MessageKind Kind = "MESSAGE"
	StreamKind  Kind = "STREAM"
	SignalKind  Kind = "SIGNAL"
)

// Retention is how long violations are kept, with the files of blocked messages.
const Retention = 90 * 24 * time.Hour

// Violation is what policies have found in something that a user says, and what happens to it.
type Violation struct {
	Action  Action // the gravest
	Matches []Match

	// What the user says. The caller of In sets these.
	Company   wire.CompanyID // of the author
	Requester wire.UserID    // the author
	Kind      Kind
	Entity    string // the id of the message, stream or signal, in standard Base64
	WireID    string // the same as answers have it
	Said      any    // as answers show it: a struct that is JSON
	Files     []FileRef
	Doing     string // "message", "room creation": what a refusal names
}

// FileRef names the content of a file of a message.
type FileRef struct {
	ID     string `json:"id"` // as clients name it, without percent-encoding
	SHA256 string `json:"sha256"`
}

// In returns the violation of the policies whose scope is that of the readers, or nil. external
// says that readers of other companies get it.
func (f Found) In(external bool) *Violation {
	scope := Internal
	if external {
		scope = External
	}
	v := &Violation{}
	for _, m := range f.matches {
		if !slices.Contains(m.Scopes, scope) {
			continue
		}
		v.Matches = append(v.Matches, m)
		if m.Action == Block || m.Action == Warn && v.Action != Block || v.Action == "" {
			v.Action = m.Action
		}
	}
	if len(v.Matches) == 0 {
		return nil
	}
	return v
}

// Blocks reports whether the policies do not let the content through.
func (v *Violation) Blocks() bool { return v.Action == Block }

// Refusal returns the refusal of what is blocked.
func (v *Violation) Refusal() error {
	if v.Kind != MessageKind {
		return apierr.ComplianceIn(v.Doing)
	}
	text, file := apierr.Finding{In: "TEXT"}, apierr.Finding{In: "FILE"}
	for _, m := range v.Matches {
		if m.Action == LogOnly {
			continue
		}
		of := &text
		if m.File != nil {
			of = &file
		}
		of.Policies = append(of.Policies, m.result())
	}
	var findings []apierr.Finding
	for _, f := range []apierr.Finding{text, file} {
		if len(f.Policies) > 0 {
			findings = append(findings, f)
		}
	}
	return apierr.Compliance(findings...)
}

func (m Match) result() apierr.PolicyResult {
	r := apierr.PolicyResult{Name: m.Name, Status: m.Action.Upper(), Scopes: []string{}, Reasons: m.Terms}
	for _, scope := range m.Scopes {
		r.Scopes = append(r.Scopes, strings.ToUpper(string(scope)))
	}
	return r
}

// Record stores the violation.
func (v *Violation) Record(tx *db.Tx) error {
	number, err := tx.Next("places")
	if err != nil {
		return err
	}
	id := fmt.Sprintf("%s-%s-%d", v.Kind, v.Entity, tx.Now())
	if v.Kind != MessageKind { // a room may be changed twice in a millisecond
		id += fmt.Sprintf(".%d", number)
	}
	matches, err := json.Marshal(v.Matches)
	if err != nil {
		return err
	}
	said, err := json.Marshal(v.Said)
	if err != nil {
		return err
	}
	files, err := json.Marshal(orEmpty(v.Files))
	if err != nil {
		return err
	}
	return tx.Exec(`
		INSERT INTO dlp_violations (company, kind, at, number, id, entity, requester, action, matches, content, files, size)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		v.Company, v.Kind, tx.Now(), number, id, v.WireID, v.Requester, v.Action.Upper(), string(matches), string(said), string(files), len(matches)+len(said))
}

// Blocked is the error of a transaction in which something is blocked. Write records its violation.
type Blocked struct{ Violation *Violation }

func (b *Blocked) Error() string { return "blocked: " + b.Violation.Doing }

// Enforce records a violation, in the transaction that writes what the user says, or fails with
// *Blocked. v may be nil.
func (v *Violation) Enforce(tx *db.Tx) error {
	switch {
	case v == nil:
		return nil
	case v.Blocks():
		return &Blocked{v}
	}
	return v.Record(tx)
}

// Write runs fn in a transaction. If fn fails with *Blocked, nothing of it is written, but the
// violation is recorded, and the error is the refusal.
func Write[T any](ctx context.Context, d *db.DB, fn func(*db.Tx) (T, error)) (T, error) {
	out, err := db.Write(ctx, d, fn)
	var b *Blocked
	if !errors.As(err, &b) {
		return out, err
	}
	_, err = db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, b.Violation.Record(tx) })
	if err == nil {
		err = b.Violation.Refusal()
	}
	return out, err
}
