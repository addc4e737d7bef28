package audit

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal/seal"
	"podium/internal/op"
	"podium/internal/wire"
)

var verifyTrail = op.Operation[Service]{
	ID:      "verifyAuditTrail",
	Route:   "GET /podium/v1/audittrail/verification",
	Tag:     "AuditTrail",
	Summary: "Verify a part of the company's sealed log, on which the audit trail is built.",
	About: "Each fact of the log has a seal: a number and a hash of the fact and the previous seal. Verifies " +
		"the seals behind number `after`, at most `limit` of them, with the signed checkpoints among them. " +
		"While `next` is there, ask again with it as `after`: the parts together are the whole chain.",
	Needs:  auth.All(auth.ViewPrivilegedUserAuditTrail),
	Handle: op.Read((*Service).verify),
}

// defaultPart is how many seals are verified if the request does not say.
const defaultPart = 5_000

type verifyInput struct {
	After *int64 `query:"after" required:"false" min:"0" max:"9007199254740991"`
	Limit *int   `query:"limit" required:"false" min:"1" max:"5000"`
}

// Verification is how far the log is sealed, and what its verification found.
type Verification struct {
	Whole      bool             `json:"whole" doc:"Nothing in the part was altered, removed, moved or inserted."`
	Verified   int64            `json:"verified" doc:"The number of the last seal that was verified."`
	Sealed     int64            `json:"sealed" doc:"The number of the newest seal."`
	Unsealed   int64            `json:"unsealed" doc:"Facts behind the newest seal, counted with the last part."`
	Next       *int64           `json:"next,omitempty" doc:"What to give as after for the next part; absent behind the last."`
	Newest     string           `json:"newest,omitempty" doc:"The hash of the last seal that was verified."`
	Checkpoint *TrailCheckpoint `json:"checkpoint,omitempty" doc:"The newest signed checkpoint. Keep it elsewhere: it shows if the end is cut off."`
	Broken     *TrailBreak      `json:"broken,omitempty" doc:"The first row that is not as it was written."`
}

// TrailCheckpoint is a place of the chain, signed with the company's key.
type TrailCheckpoint struct {
	Number    int64     `json:"number" doc:"The number of the seal."`
	Hash      string    `json:"hash"`
	At        wire.Time `json:"at"`
	KeyID     string    `json:"kid" doc:"The thumbprint of the company's key."`
	Signature string    `json:"signature"`
}

// TrailBreak names a row that was altered, removed, moved or inserted.
type TrailBreak struct {
	Table  string `json:"table" doc:"facts, seals or checkpoints."`
	Number int64  `json:"number" doc:"The number of its seal; 0 for a fact without one."`
	What   string `json:"what" doc:"What is wrong with it."`
}

func (s *Service) verify(tx *db.Tx, caller auth.Caller, in verifyInput) (Verification, error) {
	after, limit := int64(0), defaultPart
	if in.After != nil {
		after = *in.After
	}
	if in.Limit != nil {
		limit = *in.Limit
	}
	part, err := seal.VerifyPart(tx, caller.Company, seal.Keys(s.Keys(caller.Company)), after, limit)
	answer := Verification{
		Whole: err == nil, Verified: part.Sealed, Sealed: part.Head, Unsealed: part.Unsealed,
	}
	if part.Sealed > 0 {
		answer.Newest = part.Newest.String()
	}
	if c := part.Checkpoint; c.Number > 0 {
		answer.Checkpoint = &TrailCheckpoint{c.Number, c.Hash.String(), c.At, c.KeyID, c.Signature}
	}
	var broken *seal.Broken
	switch {
	case errors.Is(err, seal.ErrNoSeal):
		return Verification{}, apierr.Invalid("Invalid value for after: there is no seal of this number")
	case errors.As(err, &broken):
		answer.Broken = &TrailBreak{broken.Table, broken.Number, broken.What}
	case err != nil:
		return Verification{}, err
	case part.More:
		answer.Next = &part.Sealed
	}
	return answer, nil
}
