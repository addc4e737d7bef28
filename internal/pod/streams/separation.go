package streams

// Separation is whether an information barrier separates members of a stream. A barrier removes no
// member: the stream stays as it is, inactive, until the barrier ends or, in a room, until the
// separated members have left. The zero Separation says that no barrier does.
type Separation int64

// The states of a stream with separated members.
const (
	// the stream would be active without the barrier (an IM or MIM: or without disabled accounts)
	Separated            Separation = 1
	SeparatedDeactivated Separation = 2 // a room that was also deactivated
)

// Open reports whether a room was not deactivated: it is active, or would be without a barrier.
// Such a room has an owner and an enabled member.
func (s Stream) Open() bool { return s.Active || s.Separation == Separated }
