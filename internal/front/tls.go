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

// checkEvery is the shortest time between two checks whether the files have changed.
const checkEvery = time.Second

// Certificate is a certificate and its key, read from two files and again when they change. If a
// new pair is unusable, that is logged and the old pair kept.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	now               func() time.Time
	start             time.Time

	current atomic.Pointer[tls.Certificate]
	checked atomic.Int64 // when the files were last checked: nanoseconds after start

	mu   sync.Mutex
	seen [sha256.Size]byte // the hash of the files' content, or of the error of reading them
}

// LoadCertificate reads the two PEM files. The certificate's may contain a chain.
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

// forHandshake implements tls.Config.GetCertificate. The first handshake after checkEvery checks
// the files; concurrent handshakes use the current certificate.
func (c *Certificate) forHandshake(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	now, last := int64(c.now().Sub(c.start)), c.checked.Load()
	if now-last >= int64(checkEvery) && c.checked.CompareAndSwap(last, now) {
		c.refresh()
	}
	return c.current.Load(), nil
}

// refresh compares the content of the files, not their times: they are small, and the time may be
// the same after a change. Each state is tried, and an error logged, once. If the key is written
// after the certificate, the second check succeeds.
func (c *Certificate) refresh() {
	if !c.mu.TryLock() {
		return // another check is still running on a slow disk
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

// read reads the files. It also returns a hash of their content.
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
