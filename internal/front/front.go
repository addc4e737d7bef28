// Package front is everything between the socket and the operation frame: HTTP/1.1 and HTTP/2, TLS
// and its certificate, limits of time, size and rate, client addresses behind proxies, and ending a
// node without cutting off requests.
//
// Not inside: operations, sessions and rights, whether a client's certificate is trusted, the limit
// of a body's size, and the management listener.
//
// Every answer of this package is JSON, {"code": 429, "message": "…"}. Only requests that net/http
// cannot parse (malformed, or too large a header) are answered by net/http, in plain text.
package front

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// The defaults of Config.
const (
	DefaultMaxHeaderBytes    = 64 << 10
	DefaultReadHeaderTimeout = 10 * time.Second
	DefaultIdleTimeout       = 2 * time.Minute // longer than load balancers keep a connection
	DefaultBodyTimeout       = 30 * time.Second
)

const (
	// writeTimeout limits the time for the client to receive a piece of an answer. The handler's
	// time is not limited.
	writeTimeout = 30 * time.Second

	// unreadBytes is how much is read and dropped of a body that the handler leaves unread, so that
	// the client receives the answer.
	unreadBytes = 64 << 20

	// maxStreams is the most concurrent requests on one HTTP/2 connection.
	maxStreams = 250

	pingTimeout = 30 * time.Second
)

// Config configures a Server. A zero field has a default, or is off if its comment says so.
type Config struct {
	Handler http.Handler
	Log     *slog.Logger
	Drain   *Drain // nil: long polls are not told that the node ends

	Certificate *Certificate // for ServeTLS
	// ask for a certificate, require none, and verify only that the client has its key
	RequestClientCertificates bool

	MaxHeaderBytes    int           // of all header lines of a request together, roughly
	ReadHeaderTimeout time.Duration // to receive a request's header
	IdleTimeout       time.Duration // until a connection without requests is closed
	BodyTimeout       time.Duration // to receive a request's body, from the end of its header

	TrustedProxies []netip.Prefix // whose headers about the client are trusted; empty: no proxy's
	ProxyHeaders   ProxyHeaders   // which headers those are
	Connections    *Connections   // limits the connections; nil: no limit
	Limits         Limits
}

// Server answers requests on any number of listeners, until Shutdown.
type Server struct {
	http        http.Server
	connections *Connections
	drain       *Drain
}

// New returns a server that does not listen yet. It fails if the configuration is incomplete.
func New(c Config) (*Server, error) {
	if c.Handler == nil || c.Log == nil {
		return nil, errors.New("front: a server needs a handler and a log")
	}
	if c.Drain != nil && c.Drain.grace >= shutdownLimit {
		return nil, fmt.Errorf("front: a grace of %v leaves no time to finish in, out of %v", c.Drain.grace, shutdownLimit)
	}
	s := &Server{
		http: http.Server{
			Handler:                      middleware(c),
			DisableGeneralOptionsHandler: true, // "OPTIONS *" counts like any request
			MaxHeaderBytes:               cmp.Or(c.MaxHeaderBytes, DefaultMaxHeaderBytes),
			ReadHeaderTimeout:            cmp.Or(c.ReadHeaderTimeout, DefaultReadHeaderTimeout),
			IdleTimeout:                  cmp.Or(c.IdleTimeout, DefaultIdleTimeout),
			ErrorLog:                     errorLog(c.Log),
			Protocols:                    new(http.Protocols),
			HTTP2: &http.HTTP2Config{
				MaxConcurrentStreams: maxStreams,
				SendPingTimeout:      pingTimeout,
			},
		},
		connections: c.Connections,
		drain:       c.Drain,
	}
	s.http.Protocols.SetHTTP1(true)
	s.http.Protocols.SetHTTP2(true)
	s.http.Protocols.SetUnencryptedHTTP2(true)
	if c.Certificate != nil {
		s.http.TLSConfig = tlsConfig(c)
	}
	if c.Connections != nil {
		s.http.ConnState = c.Connections.hear
	}
	if s.drain == nil {
		s.drain = NewDrain(0, nil)
	}
	return s, nil
}

// middleware wraps the handler with what the configuration asks for. The deadlines are outermost,
// because they also apply to requests that are turned away.
func middleware(c Config) http.Handler {
	h := c.Handler
	if c.Limits.Rate > 0 {
		h = limitRate(h, newRates(c.Limits, time.Now))
	}
	if len(c.TrustedProxies) > 0 {
		h = resolveClient(h, c.TrustedProxies, c.ProxyHeaders)
	}
	h = limitBodyTime(h, cmp.Or(c.BodyTimeout, DefaultBodyTimeout), unreadBytes)
	return limitAnswerTime(h, writeTimeout)
}

// Serve answers requests without TLS until Shutdown begins, and then returns nil at once: the
// caller must wait for Shutdown before the program ends.
func (s *Server) Serve(l net.Listener) error {
	return ended(s.http.Serve(s.listener(l)))
}

// ServeTLS answers requests with TLS, like Serve.
func (s *Server) ServeTLS(l net.Listener) error {
	if s.http.TLSConfig == nil {
		return errors.New("front: TLS needs a certificate")
	}
	return ended(s.http.ServeTLS(s.listener(l), "", ""))
}

// listener adds the limits to a listener.
func (s *Server) listener(l net.Listener) net.Listener {
	if s.connections != nil {
		l = &boundedListener{Listener: l, all: s.connections}
	}
	return patientListener{l, writeTimeout}
}

func ended(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func tlsConfig(c Config) *tls.Config {
	config := &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: c.Certificate.forHandshake,
	}
	if c.RequestClientCertificates {
		config.ClientAuth = tls.RequestClientCert
	}
	return config
}
