package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/pod/inspector"
	"podium/internal/scan"
)

// storage is the settings of whatever opens the pod's database.
type storage struct {
	File     settingsFile  `name:"config" type:"optionalpath" env:"PODIUM_CONFIG" placeholder:"FILE" help:"Read settings from a YAML file, with the names of the flags. Flags and the environment override it. Default: podium.yaml, if it exists."`
	Database string        `env:"PODIUM_DATABASE" default:"podium.db" placeholder:"FILE|URL" secret:"database" help:"A file for SQLite, or postgres://… for PostgreSQL 15 or later."`
	Timeout  time.Duration `name:"database-timeout" env:"PODIUM_DATABASE_TIMEOUT" default:"10s" help:"The longest time of a statement on PostgreSQL. A longer one fails, and the request is answered 503."`
	Limit    time.Duration `name:"transaction-limit" env:"PODIUM_TRANSACTION_LIMIT" default:"0s" help:"The longest time that any transaction in Podium's PostgreSQL database may delay feeds; then it is ended. 0: no limit. The log names it after 10s."`
	NATS     string        `name:"nats" env:"PODIUM_NATS" placeholder:"URL" secret:"nats" help:"The NATS server by which nodes on one PostgreSQL database wake one another."`
	logging

	cache int // as db.Config has it; no setting
}

// logging is how a command tells what it does.
type logging struct {
	LogFormat string `env:"PODIUM_LOG_FORMAT" enum:"text,json" default:"text" help:"The format of log lines: ${enum}."`
	LogLevel  string `env:"PODIUM_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"The lowest level that is logged: ${enum}."`
}

// Validate refuses what is meant as an address but would be taken for a file's name, and then
// be told to everybody, password and all.
func (s storage) Validate() error {
	if !isPostgres(s.Database) && (strings.Contains(s.Database, "://") || passwordWord.MatchString(s.Database)) {
		return errors.New("database must be a file, or an address that begins with postgres://")
	}
	if s.Timeout < time.Second {
		return errors.New("database-timeout must be at least 1s")
	}
	if s.Limit < 0 || s.Limit > 0 && s.Limit < 10*time.Second {
		return errors.New("transaction-limit must be 0 or at least 10s")
	}
	return nil
}

// config returns how the database is opened.
func (s storage) config(log *slog.Logger) db.Config {
	return db.Config{URL: s.Database, Log: log, Cache: s.cache, Timeout: s.Timeout, TransactionLimit: s.Limit}
}

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres:") || strings.HasPrefix(database, "postgresql:")
}

// fileStorage is the settings of whatever opens the pod's blob store.
type fileStorage struct {
	Blobs string `env:"PODIUM_BLOBS" default:"podium-files" placeholder:"FOLDER|URL" help:"Where the files of messages are: a folder, or s3://BUCKET/PREFIX?endpoint=https://…&region=…. The environment holds the credentials of S3: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN."`
}

// Validate refuses addresses that would be taken for the name of a folder.
func (f fileStorage) Validate() error {
	if strings.Contains(f.Blobs, "://") && !f.isS3() || f.Blobs == "" {
		return errors.New("blobs must be a folder, or an address that begins with s3://")
	}
	return nil
}

func (f fileStorage) isS3() bool { return strings.HasPrefix(f.Blobs, "s3://") }

// open returns the blob store. It fails if a bucket does not open; a folder is created later.
func (f fileStorage) open(ctx context.Context, log *slog.Logger) (blob.Store, error) {
	if !f.isS3() {
		folder, err := blob.OpenFolder(f.Blobs, log)
		if err != nil {
			return nil, fmt.Errorf("blobs: %w", err)
		}
		return folder, nil
	}
	bucket, err := blob.OpenS3(blob.S3Config{
		Address: f.Blobs, Key: os.Getenv("AWS_ACCESS_KEY_ID"), Secret: os.Getenv("AWS_SECRET_ACCESS_KEY"), Token: os.Getenv("AWS_SESSION_TOKEN"),
	})
	if err == nil {
		err = bucket.Check(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("blobs: %w", err)
	}
	return bucket, nil
}

// serving is the settings of `podium serve` beside those of storage.
type serving struct {
	Listen             string         `env:"PODIUM_LISTEN" default:":8080" placeholder:"ADDRESS" help:"The address for clients."`
	Management         string         `env:"PODIUM_MANAGEMENT" default:"127.0.0.1:9080" placeholder:"ADDRESS" help:"The address of /healthz, /readyz and /metrics; empty: none."`
	TLSCertificate     string         `name:"tls-certificate" env:"PODIUM_TLS_CERTIFICATE" type:"optionalpath" placeholder:"FILE" help:"Certificate chain in PEM. It is read again when it changes."`
	TLSKey             string         `name:"tls-key" env:"PODIUM_TLS_KEY" type:"optionalpath" placeholder:"FILE" help:"Private key in PEM."`
	ClientCertificates bool           `env:"PODIUM_CLIENT_CERTIFICATES" help:"Ask clients for certificates, for certificate login. Needs TLS."`
	TrustedProxies     []netip.Prefix `env:"PODIUM_TRUSTED_PROXIES" placeholder:"CIDR,…" help:"Networks of proxies whose reports of a client are believed: its address, and the host and protocol of its request."`
	ProxyHeaders       string         `env:"PODIUM_PROXY_HEADERS" enum:"any,x-forwarded,forwarded" default:"any" help:"The headers that the proxies write: ${enum}. any: X-Forwarded-For, -Host and -Proto, or Forwarded if none of these is present."`
	Connections        int            `env:"PODIUM_CONNECTIONS" default:"0" help:"Client connections at the same time; 0: as the limit of open files allows, at most 65536."`
	Rate               float64        `env:"PODIUM_RATE" default:"400" help:"Requests per second of one address; 0: no limit."`
	Logins             int            `env:"PODIUM_LOGINS" default:"64" help:"Logins at the same time; 0: no limit."`
	LoginsPerAddress   int            `env:"PODIUM_LOGINS_PER_ADDRESS" default:"16" help:"Logins at the same time of one address; 0: as many as --logins."`
	Writes             int            `env:"PODIUM_WRITES" default:"256" help:"Changes at the same time. More wait for up to a second and are then answered 429. 0: no limit."`
	Reads              int            `env:"PODIUM_READS" default:"256" help:"Reads at the same time, in the same way."`
	MaxBody            int64          `env:"PODIUM_MAX_BODY" default:"4194304" help:"The largest request body, in bytes."`
	MaxHeader          int            `env:"PODIUM_MAX_HEADER" default:"65536" help:"The largest request header, in bytes."`
	Scan               string         `env:"PODIUM_SCAN" placeholder:"ADDRESS" secret:"nats" help:"The scanner that is asked about files before they are stored: clamd:tcp://HOST:PORT, clamd:unix:/PATH, or an http or https address. Empty: none."`
	StrictBodies       bool           `env:"PODIUM_STRICT_BODIES" help:"Refuse JSON bodies with unknown members. By default they are ignored, and the header Podium-Ignored names them."`
	OlderFeedsRetired  bool           `env:"PODIUM_OLDER_FEEDS_RETIRED" help:"Answer 410 to the operations of datafeed 1, as the vendor does. By default they are answered."`
	PasswordSignIn     bool           `name:"password-sign-in" env:"PODIUM_PASSWORD_SIGN_IN" default:"true" negatable:"" help:"Let people sign in to the console by password."`
	Inspector          string         `env:"PODIUM_INSPECTOR" enum:"off,services,all" default:"off" help:"Whose calls the inspector records in memory, with their bodies and without their secrets: ${enum}. services: those of service accounts and applications."`
	NodeFigures        bool           `env:"PODIUM_NODE_FIGURES" help:"Show administrators the figures of the node where the pod has several companies. By default they are shown where it has one."`
	HeaderTimeout      time.Duration  `env:"PODIUM_HEADER_TIMEOUT" default:"10s" help:"How long a request's header may take to arrive."`
	BodyTimeout        time.Duration  `env:"PODIUM_BODY_TIMEOUT" default:"30s" help:"How long a request's body may take to arrive."`
	IdleTimeout        time.Duration  `env:"PODIUM_IDLE_TIMEOUT" default:"2m" help:"How long a connection may be idle."`
	DrainDelay         time.Duration  `env:"PODIUM_DRAIN_DELAY" default:"1s" help:"How long a stopping node still accepts requests after /readyz has reported it."`
}

// Validate names the settings that do not go together.
func (s serving) Validate() error {
	switch {
	case (s.TLSCertificate == "") != (s.TLSKey == ""):
		return fmt.Errorf("tls-certificate and tls-key go together")
	case s.ClientCertificates && s.TLSCertificate == "":
		return fmt.Errorf("client-certificates needs tls-certificate and tls-key")
	case s.DrainDelay < 0 || s.DrainDelay > 8*time.Second:
		return fmt.Errorf("drain-delay is at most 8s: a node ends within 10s")
	case s.Rate < 0 || s.Logins < 0 || s.LoginsPerAddress < 0 || s.Connections < 0 || s.Writes < 0 || s.Reads < 0:
		return fmt.Errorf("rate, connections, logins, logins-per-address, writes and reads are not negative")
	case !s.scans():
		return fmt.Errorf("scan is clamd:tcp://host:port, clamd:unix:/path, or an http or https address")
	case s.MaxBody < 1<<10 || s.MaxHeader < 4<<10:
		return fmt.Errorf("max-body is at least 1024 and max-header at least 4096")
	case s.HeaderTimeout <= 0 || s.BodyTimeout <= 0 || s.IdleTimeout <= 0:
		return fmt.Errorf("header-timeout, body-timeout and idle-timeout are more than 0")
	}
	return nil
}

// shown returns what clients are shown of the node itself.
func (s serving) shown() shown {
	whose := inspector.Whose(s.Inspector)
	if s.Inspector == "off" {
		whose = inspector.None
	}
	return shown{calls: whose, figures: s.NodeFigures}
}

// scans reports whether the scanner's address is empty or valid.
func (s serving) scans() bool { _, err := s.scanner(); return err == nil }

// scanner returns the scanner; nil: none.
func (s serving) scanner() (scan.Scanner, error) {
	if s.Scan == "" {
		return nil, nil
	}
	return scan.Open(s.Scan)
}

// log returns the logger that the settings ask for.
func (l logging) log(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.LogLevel)); err != nil {
		level = slog.LevelInfo // kong lets only known levels through
	}
	options := &slog.HandlerOptions{Level: level}
	if l.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func stderrLog(l logging) *slog.Logger { return l.log(os.Stderr) }

// hideInDatabase returns a database's address with its passwords hidden.
func hideInDatabase(address string) string {
	if !isPostgres(address) {
		return address
	}
	u, err := url.Parse(address)
	if err == nil && u.Opaque == "" && !strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") {
		query := u.Query()
		for _, name := range []string{"password", "sslpassword"} {
			if query.Has(name) {
				query.Set(name, "hidden")
			}
		}
		u.RawQuery = query.Encode()
		if _, given := u.User.Password(); given {
			u.User = url.UserPassword(u.User.Username(), "hidden")
		}
		return u.String()
	}
	return passwordWord.ReplaceAllString(userInfo.ReplaceAllString(address, "${1}hidden@"), "${1}hidden")
}

var (
	// userInfo matches the part before the host, generously: for an address that cannot be read, or
	// that is read wrongly because signs in the password are not escaped.
	userInfo = regexp.MustCompile(`(?s)(://).*@`)

	// passwordWord is a password in an address written as words: host=… password=….
	passwordWord = regexp.MustCompile(`(?i)((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)`)
)

// hideInNATS returns the addresses of NATS servers with passwords and tokens hidden.
func hideInNATS(addresses string) string {
	list := strings.Split(addresses, ",")
	for i, address := range list {
		list[i] = natsSecret.ReplaceAllString(address, "${1}hidden@")
	}
	return strings.Join(list, ",")
}

// natsSecret matches a password after a user's name, or a token without a name.
var natsSecret = regexp.MustCompile(`(?s)^((?:[^:@]*://)?(?:[^:@]*:)?).*@`)
