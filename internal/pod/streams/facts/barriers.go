package facts

import (
	"podium/internal/journal"
	"podium/internal/wire"
)

// ClosedByBarrier is recorded when a stream becomes inactive because a barrier separates its
// members.
type ClosedByBarrier struct {
	Stream  Place          `json:"stream"`
	Company wire.CompanyID `json:"company"` // the barrier's
}

// Kind is the name of this fact in the log.
func (ClosedByBarrier) Kind() string { return "stream.barred" }

// Audience returns the companies in the stream. Those that the barrier is not of do not learn that
// there is one.
func (f ClosedByBarrier) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorHidden, func(company wire.CompanyID) journal.Fact {
		if company == f.Company {
			return f
		}
		return Closed{Stream: f.Stream}
	})
}

// AuditLine returns why the audit trail leaves this fact out.
func (ClosedByBarrier) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("The change of the barrier is audited.")
}

// OpenedAfterBarrier is recorded when a stream becomes active because no barrier separates its
// members any longer.
type OpenedAfterBarrier struct {
	Stream  Place          `json:"stream"`
	Company wire.CompanyID `json:"company"` // the barrier's
}

// Kind is the name of this fact in the log.
func (OpenedAfterBarrier) Kind() string { return "stream.unbarred" }

// Audience returns the companies in the stream. Those that the barrier is not of do not learn that
// there is one.
func (f OpenedAfterBarrier) Audience() journal.Audience {
	return f.Stream.Audience(journal.ActorHidden, func(company wire.CompanyID) journal.Fact {
		if company == f.Company {
			return f
		}
		return Opened{Stream: f.Stream}
	})
}

// AuditLine returns why the audit trail leaves this fact out.
func (OpenedAfterBarrier) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("The change of the barrier is audited.")
}

// Closed is what other companies hear of ClosedByBarrier.
type Closed struct {
	Stream Place `json:"stream"`
}

// Kind is the name of this fact in the log.
func (Closed) Kind() string { return "stream.closed" }

// Audience returns the company that hears of it.
func (Closed) Audience() journal.Audience { return journal.InStream(nil, journal.ActorHidden, nil) }

// AuditLine returns why the audit trail leaves this fact out.
func (Closed) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(ofOthers) }

// Opened is what other companies hear of OpenedAfterBarrier.
type Opened struct {
	Stream Place `json:"stream"`
}

// Kind is the name of this fact in the log.
func (Opened) Kind() string { return "stream.opened" }

// Audience returns the company that hears of it.
func (Opened) Audience() journal.Audience { return journal.InStream(nil, journal.ActorHidden, nil) }

// AuditLine returns why the audit trail leaves this fact out.
func (Opened) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(ofOthers) }

// ofOthers is why no trail shows what follows from a change in another company.
const ofOthers = "It follows from a change in another company, whose trail has that."
