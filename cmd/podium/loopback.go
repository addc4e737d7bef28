package main

import (
	"net"
	"strconv"

	"podium/internal/front"
	"podium/internal/wire"
)

// listenOnLoopback opens a door of a company for this machine alone: at 127.0.0.1 and, where the
// machine has it, at ::1, which some clients take for localhost.
func (n *node) listenOnLoopback(port int, company wire.CompanyID, c front.Config) error {
	if err := n.listen(net.JoinHostPort(loopback, strconv.Itoa(port)), company, c); err != nil {
		return err
	}
	if !hasIPv6Loopback() {
		return nil
	}
	return n.listen(net.JoinHostPort("::1", strconv.Itoa(port)), company, c)
}

// hasIPv6Loopback reports whether the machine has the address ::1.
func hasIPv6Loopback() bool {
	listener, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	listener.Close()
	return true
}
