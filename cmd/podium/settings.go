package main

import (
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

	"podium/internal/db"
)

// storage is the settings of whatever opens the pod's database.
type storage struct {
	File     settingsFile  `name:"config" type:"optionalpath" env:"PODIUM_CONFIG" placeholder:"FILE" help:"Read settings from a YAML file: the names are those of the flags. Flags and the environment go before it. Default: podium.yaml, if it is there."`
	Database string        `env:"PODIUM_DATABASE" default:"podium.db" placeholder:"FILE|URL" secret:"database" help:"A file for SQLite, or postgres://… for PostgreSQL 15 or later."`
	Timeout  time.Duration `name:"database-timeout" env:"PODIUM_DATABASE_TIMEOUT" default:"10s" help:"How long one statement may take on PostgreSQL. What takes longer fails, and the caller hears 503."`
	Limit    time.Duration `name:"transaction-limit" env:"PODIUM_TRANSACTION_LIMIT" default:"0s" help:"How long a transaction of whoever, in Podium's PostgreSQL database, may hold up feeds before it is ended; 0: for ever. The log names it after 10s."`
	NATS     string        `name:"nats" env:"PODIUM_NATS" placeholder:"URL" secret:"nats" help:"NATS server by which several nodes on one PostgreSQL wake one another."`
	logging

	cache int // as db.Config has it; no setting
}

// logging is how a command tells what it does.
type logging struct {
	LogFormat string `env:"PODIUM_LOG_FORMAT" enum:"text,json" default:"text" help:"How log lines are written: ${enum}."`
	LogLevel  string `env:"PODIUM_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"The least serious lines written: ${enum}."`
}

// Validate refuses what is meant as an address but would be taken for a file's name, and then
// be told to everybody, password and all.
func (s storage) Validate() error {
	if !isPostgres(s.Database) && (strings.Contains(s.Database, "://") || passwordWord.MatchString(s.Database)) {
		return errors.New("database is a file, or an address that begins with postgres://")
	}
	if s.Timeout < time.Second {
		return errors.New("database-timeout is at least 1s")
	}
	if s.Limit < 0 || s.Limit > 0 && s.Limit < 10*time.Second {
		return errors.New("transaction-limit is 0 or at least 10s")
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

// serving is the settings of `podium serve` beside those of storage.
type serving struct {
	Listen             string         `env:"PODIUM_LISTEN" default:":8080" placeholder:"ADDRESS" help:"Where clients connect."`
	Management         string         `env:"PODIUM_MANAGEMENT" default:"127.0.0.1:9080" placeholder:"ADDRESS" help:"Where /healthz, /readyz and /metrics are; empty: nowhere."`
	TLSCertificate     string         `name:"tls-certificate" env:"PODIUM_TLS_CERTIFICATE" type:"optionalpath" placeholder:"FILE" help:"Certificate chain in PEM. It is read again when it changes."`
	TLSKey             string         `name:"tls-key" env:"PODIUM_TLS_KEY" type:"optionalpath" placeholder:"FILE" help:"Private key in PEM."`
	ClientCertificates bool           `env:"PODIUM_CLIENT_CERTIFICATES" help:"Ask clients for certificates, for certificate login. Needs TLS."`
	TrustedProxies     []netip.Prefix `env:"PODIUM_TRUSTED_PROXIES" placeholder:"CIDR,…" help:"Proxies that are believed what they report of a client: its address, the host and the protocol that it asked for."`
	ProxyHeaders       string         `env:"PODIUM_PROXY_HEADERS" enum:"any,x-forwarded,forwarded" default:"any" help:"By which headers the proxies report it: ${enum}. Any: X-Forwarded-For, -Host and -Proto, or Forwarded where there is none of these."`
	Connections        int            `env:"PODIUM_CONNECTIONS" default:"0" help:"Connections of clients at once; 0: what the process's limit of open files allows, at most 65536."`
	Rate               float64        `env:"PODIUM_RATE" default:"400" help:"Requests per second from one address; 0: any number."`
	Logins             int            `env:"PODIUM_LOGINS" default:"64" help:"Logins at once; 0: any number."`
	LoginsPerAddress   int            `env:"PODIUM_LOGINS_PER_ADDRESS" default:"16" help:"Logins at once from one address; 0: as many as from all."`
	Writes             int            `env:"PODIUM_WRITES" default:"256" help:"Changes at once; what comes on top waits for a second and is then told to try again. 0: any number."`
	Reads              int            `env:"PODIUM_READS" default:"256" help:"Reads at once, likewise."`
	MaxBody            int64          `env:"PODIUM_MAX_BODY" default:"4194304" help:"The largest request body, in bytes."`
	MaxHeader          int            `env:"PODIUM_MAX_HEADER" default:"65536" help:"The largest request header, in bytes."`
	StrictBodies       bool           `env:"PODIUM_STRICT_BODIES" help:"Refuse JSON bodies with members that an operation does not know. Otherwise they are ignored, and named in the header Podium-Ignored."`
	HeaderTimeout      time.Duration  `env:"PODIUM_HEADER_TIMEOUT" default:"10s" help:"How long a request's header may take to arrive."`
	BodyTimeout        time.Duration  `env:"PODIUM_BODY_TIMEOUT" default:"30s" help:"How long a request's body may take to arrive."`
	IdleTimeout        time.Duration  `env:"PODIUM_IDLE_TIMEOUT" default:"2m" help:"How long a connection may be idle."`
	DrainDelay         time.Duration  `env:"PODIUM_DRAIN_DELAY" default:"1s" help:"How long a node that ends goes on taking requests once /readyz says no."`
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
	case s.MaxBody < 1<<10 || s.MaxHeader < 4<<10:
		return fmt.Errorf("max-body is at least 1024 and max-header at least 4096")
	case s.HeaderTimeout <= 0 || s.BodyTimeout <= 0 || s.IdleTimeout <= 0:
		return fmt.Errorf("header-timeout, body-timeout and idle-timeout are more than 0")
	}
	return nil
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
	// userInfo is what stands before the host, generously: for an address that cannot be read, or
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

// natsSecret is a password after a user's name, or a token, which stands alone.
var natsSecret = regexp.MustCompile(`(?s)^((?:[^:@]*://)?(?:[^:@]*:)?).*@`)
