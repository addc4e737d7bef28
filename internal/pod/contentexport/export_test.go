package contentexport

// SetMost sets how many messages a file holds.
func (s *Service) SetMost(n int) { s.most = n }
