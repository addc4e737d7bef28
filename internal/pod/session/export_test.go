package session

import "context"

// SweepMost is how many rows a sweep deletes in one transaction.
const SweepMost = sweepMost

// SweepOnce deletes expired rows, as Sweep does every minute.
func (s *Service) SweepOnce(ctx context.Context) error { return s.sweepAll(ctx) }
