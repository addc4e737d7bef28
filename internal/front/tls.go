package front

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// checkEvery is how often, at most, a handshake looks whether the files have changed.
const checkEvery = time.Second

// Certificate is a certificate and its key, read from two files and read again when
// they have changed. A pair that cannot be used is logged, and the old one kept.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	now               func() time.Time
	start             time.Time

	current atomic.Pointer[tls.Certificate]
	checked atomic.Int64 // when the files were last looked at: nanoseconds after start

	mu   sync.Mutex
	seen [sha256.Size]byte // what the files held then, or how they could not be read
}

// LoadCertificate reads the two PEM files; the certificate's may hold a chain.
func LoadCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	return loadCertificate(certFile, keyFile, log, time.Now)
}

func loadCertificate(certFile, keyFile string, log *slog.Logger, now func() time.Time) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log, now: now, start: now()}
	pair, held, err := c.read()
	if err != nil {
		return nil, err
	}
	c.seen = held
	c.current.Store(pair)
	return c, nil
}

// forHandshake is for tls.Config. The handshake that finds it time to look at the
// files looks; those beside it go on with what there is.
func (c *Certificate) forHandshake(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	now, last := int64(c.now().Sub(c.start)), c.checked.Load()
	if now-last >= int64(checkEvery) && c.checked.CompareAndSwap(last, now) {
		c.refresh()
	}
	return c.current.Load(), nil
}

// refresh compares what the files hold, not their times: they are small, and a time
// may stand still between two changes. Each state is tried, and complained of, once;
// if the key is written after the certificate, the second look succeeds.
func (c *Certificate) refresh() {
	if !c.mu.TryLock() {
		return // a look at a slow disk is still under way
	}
	defer c.mu.Unlock()
	pair, held, err := c.read()
	switch {
	case held == c.seen:
	case err != nil:
		c.log.Warn("the new TLS certificate cannot be used, the old one is kept", "error", err)
	default:
		c.current.Store(pair)
		c.log.Info("new TLS certificate", "subject", pair.Leaf.Subject.String(), "expires", pair.Leaf.NotAfter)
	}
	c.seen = held
}

// read reads the files, and says by a hash what they hold.
func (c *Certificate) read() (*tls.Certificate, [sha256.Size]byte, error) {
	cert, err := os.ReadFile(c.certFile)
	if err != nil {
		return nil, sha256.Sum256([]byte(err.Error())), fmt.Errorf("read the TLS certificate: %w", err)
	}
	key, err := os.ReadFile(c.keyFile)
	if err != nil {
		return nil, sha256.Sum256([]byte(err.Error())), fmt.Errorf("read the TLS key: %w", err)
	}
	held := sha256.Sum256(append(append(cert[:len(cert):len(cert)], 0), key...))
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, held, fmt.Errorf("TLS certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	return &pair, held, nil
}
