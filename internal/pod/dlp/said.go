package dlp

import (
	"context"

	"podium/internal/auth"
	"podium/internal/wire"
)

// Stream is a room as a violation shows it: the published V1DLPStream.
type Stream struct {
	Name        string        `json:"name"`
	CreatorName string        `json:"creatorPrettyName"`
	Public      bool          `json:"publicRoom"`
	CrossPod    bool          `json:"crossPod"`
	External    bool          `json:"allowExternal"`
	Creator     string        `json:"creatorId" doc:"The number of the user."`
	Description string        `json:"roomDescription"`
	ID          wire.StreamID `json:"streamId"`
	State       string        `json:"state" doc:"CREATED."`
	Type        string        `json:"type" doc:"ROOM."`
	Disabled    wire.Time     `json:"lastDisabled" doc:"Always 0."`
	CanInvite   bool          `json:"memberAddUserEnabled"`
	Active      bool          `json:"active"`
	Listed      bool          `json:"discoverable"`
	ReadOnly    bool          `json:"readOnly"`
	CopyDenied  bool          `json:"copyDisabled"`
	Foreign     bool          `json:"externalOwned"`
	Muted       bool          `json:"sendMessageDisabled" doc:"Always false."`
	Moderated   bool          `json:"moderated" doc:"Always false."`
	History     bool          `json:"shareHistoryEnabled"`
	Diagnostic  *string       `json:"diagnostic"`
}

// Signal is a signal as a violation shows it: the published V1DLPSignal.
type Signal struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Rules      string  `json:"rules"`
	Diagnostic *string `json:"diagnostic"`
}

// CheckSignal returns what the policies of the author's company find in a signal, or nil. Only
// users of that company see signals. Set the id by About before Enforce.
func (s *Service) CheckSignal(ctx context.Context, author auth.Caller, name, rules string) (*Violation, error) {
	found, err := s.Check(ctx, author.Company, Content{Kind: SignalMeta, Texts: []string{name, rules}})
	if err != nil {
		return nil, err
	}
	v := found.In(false)
	if v != nil {
		v.Company, v.Requester, v.Kind, v.Doing = author.Company, author.User, SignalKind, "signal"
		v.Said = Signal{Name: name, Rules: rules}
	}
	return v, nil
}

// About returns the violation of CheckSignal with the id of the signal. v may be nil.
func (v *Violation) About(id string) *Violation {
	if v == nil {
		return nil
	}
	of := *v
	signal, _ := v.Said.(Signal)
	signal.ID = id
	of.Entity, of.WireID, of.Said = id, id, signal
	return &of
}
