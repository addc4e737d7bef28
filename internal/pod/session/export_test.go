package session

import "context"

// SweepMost is how many rows a sweep clears away in one transaction.
const SweepMost = sweepMost

// SweepOnce clears expired rows away, as Sweep does every minute.
func (s *Service) SweepOnce(ctx context.Context) error { return s.sweepAll(ctx) }
