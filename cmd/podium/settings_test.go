package main_test

import (
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"podium/internal/db/dbtest"
)

// settings returns what podium config prints.
func (c command) settings(t testing.TB, flags ...string) map[string]any {
	t.Helper()
	r := c.run(t, append([]string{"config"}, flags...)...).want(0)
	var settings map[string]any
	if err := yaml.Unmarshal([]byte(r.stdout), &settings); err != nil {
		t.Fatalf("%v in\n%s", err, r.stdout)
	}
	return settings
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	want := `database: podium.db
database-timeout: 10s
transaction-limit: 0s
nats: ""
log-format: text
log-level: info
blobs: podium-files
listen: :8080
management: 127.0.0.1:9080
tls-certificate: ""
tls-key: ""
client-certificates: false
trusted-proxies: []
proxy-headers: any
connections: 0
rate: 400
logins: 64
logins-per-address: 16
writes: 256
reads: 256
max-body: 4194304
max-header: 65536
scan: ""
strict-bodies: false
older-feeds-retired: false
password-sign-in: true
inspector: "off"
node-figures: false
header-timeout: 10s
body-timeout: 30s
idle-timeout: 2m0s
drain-delay: 1s
`
	if got := run(t, "config").want(0); got.stdout != want || got.stderr != "" {
		t.Errorf("podium config prints\n%s%s", got.stdout, got.stderr)
	}
}

// A flag goes before the environment, that before the file, and that before the default. Of two
// files only the one that is named counts.
func TestWhichSettingCounts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write(t, filepath.Join(folder, "podium.yaml"), "listen: of-podium-yaml\nlogins: 5\n")
	write(t, filepath.Join(folder, "named.yaml"), "listen: of-named\n")
	write(t, filepath.Join(folder, "other.yaml"), "listen: of-other\n")
	for _, c := range []struct {
		name   string
		env    []string
		flags  []string
		listen string
		logins int
	}{
		{"the file podium.yaml", nil, nil, "of-podium-yaml", 5},
		{"a file that a flag names", nil, []string{"--config", "named.yaml"}, "of-named", 64},
		{"a file that the environment names", []string{"PODIUM_CONFIG=named.yaml"}, nil, "of-named", 64},
		{"two files named", []string{"PODIUM_CONFIG=named.yaml"}, []string{"--config", "other.yaml"}, "of-other", 64},
		{"podium.yaml by its name", nil, []string{"--config", "podium.yaml"}, "of-podium-yaml", 5},
		{"the environment", []string{"PODIUM_LISTEN=of-env"}, nil, "of-env", 5},
		{"the environment and a file", []string{"PODIUM_LISTEN=of-env", "PODIUM_CONFIG=named.yaml"}, nil, "of-env", 64},
		{"no file that the environment names", []string{"PODIUM_CONFIG="}, nil, "of-podium-yaml", 5},
		{"the environment, empty", []string{"PODIUM_LISTEN="}, nil, "", 5},
		{"a flag", []string{"PODIUM_LISTEN=of-env", "PODIUM_LOGINS=6"}, []string{"--listen", "of-flag"}, "of-flag", 6},
		{"a flag, empty", []string{"PODIUM_LISTEN=of-env"}, []string{"--listen", "", "--logins=7"}, "", 7},
		{"a flag with the default's value", []string{"PODIUM_LOGINS=6"}, []string{"--logins=64"}, "of-podium-yaml", 64},
	} {
		got := command{folder: folder, env: c.env}.settings(t, c.flags...)
		if got["listen"] != c.listen || got["logins"] != c.logins {
			t.Errorf("%s: %v, %v", c.name, got["listen"], got["logins"])
		}
	}
	if got := (command{}).settings(t); got["listen"] != ":8080" {
		t.Errorf("the default: %v", got["listen"])
	}
	empty := command{env: []string{"PODIUM_TLS_CERTIFICATE=", "PODIUM_TLS_KEY="}}.settings(t)
	if empty["tls-certificate"] != "" || empty["tls-key"] != "" {
		t.Errorf("files named by nothing: %v", empty)
	}
}

// Every setting can be set by its flag, its variable and its line in the file, and is then told
// so by podium config.
func TestEverySetting(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, value := range map[string]any{
		"database": "other.db", "nats": "nats://127.0.0.1:1", "log-format": "json", "log-level": "debug", "listen": "127.0.0.1:1",
		"management": "", "trusted-proxies": []any{"10.0.0.0/8", "2001:db8::/32"}, "rate": 0.5, "logins": 3, "max-body": 2048,
		"max-header": 8192, "header-timeout": "3s", "body-timeout": "1m0s", "idle-timeout": "1h0m0s", "drain-delay": "0s", "strict-bodies": true, "older-feeds-retired": true, "inspector": "services", "node-figures": true,
		"blobs": "s3://files?region=eu", "scan": "clamd:tcp://127.0.0.1:3310",
	} {
		document, err := yaml.Marshal(map[string]any{name: value})
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "file.yaml"), string(document))
		text := strings.TrimSpace(strings.TrimPrefix(string(document), name+":"))
		if text == `""` {
			text = ""
		}
		if _, list := value.([]any); list {
			text = "10.0.0.0/8,2001:db8::/32"
		}
		variable := "PODIUM_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		for how, got := range map[string]map[string]any{
			"flag":     command{folder: folder}.settings(t, "--"+name+"="+text),
			"variable": command{folder: folder, env: []string{variable + "=" + text}}.settings(t),
			"file":     command{folder: folder}.settings(t, "--config", "file.yaml"),
		} {
			list, isList := got[name].([]any)
			if isList && !slices.Equal(list, value.([]any)) || !isList && got[name] != value {
				t.Errorf("%s by the %s: %#v", name, how, got[name])
			}
		}
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for document, texts := range map[string][]string{
		"nosuch: 1":                      {`"nosuch"`, "database", "drain-delay"},
		"Listen: x":                      {`"Listen"`},
		"config: x":                      {`"config"`},
		"data: x":                        {`"data"`},
		"listen: {address: x}":           {"listen is one value"},
		"listen: [a, b]":                 {"listen is one value"},
		"listen:":                        {"listen has no value"},
		"rate: fast":                     {"--rate", `"fast"`},
		"rate: -1":                       {"rate", "negative"},
		"scan: tcp://127.0.0.1:3310":     {"scan", "clamd:tcp"},
		"blobs: gs://files":              {"blobs", "s3://"},
		"logins: 1.5":                    {"--logins", "1.5"},
		"logins: true":                   {"--logins", "true"},
		"max-body: 1":                    {"max-body", "1024"},
		"body-timeout: 30":               {"--body-timeout", "unit"},
		"body-timeout: 0s":               {"body-timeout", "more than 0"},
		"drain-delay: 9s":                {"drain-delay", "8s"},
		"client-certificates: perhaps":   {"--client-certificates", `"perhaps"`},
		"client-certificates: true":      {"client-certificates", "tls-certificate"},
		"tls-certificate: x.pem":         {"tls-certificate", "tls-key"},
		"tls-key: x.pem":                 {"tls-certificate", "tls-key"},
		"log-format: xml":                {"--log-format", `"xml"`, `"json"`},
		"log-level: loud":                {"--log-level", `"loud"`, `"warn"`},
		"trusted-proxies: 10.0.0.1":      {"--trusted-proxies", "10.0.0.1"},
		"trusted-proxies: [10.0.0.0/33]": {"--trusted-proxies", "10.0.0.0/33"},
		"listen: a\nlisten: b":           {"listen", "already defined"},
		"- listen":                       {"settings file", "line 1"},
		"listen: 'x":                     {"settings file"},
	} {
		write(t, filepath.Join(folder, "bad.yaml"), document)
		for _, args := range [][]string{{"config"}, {"serve"}} {
			command{folder: folder}.run(t, append(args, "--config", "bad.yaml")...).fails(2, texts...)
		}
		command{folder: folder, env: []string{"PODIUM_CONFIG=bad.yaml"}}.run(t, "config").fails(2, texts...)
	}
	for _, c := range []struct {
		env  string
		args []string
		want []string
	}{
		{"", []string{"serve", "--nosuch"}, []string{"--nosuch"}},
		{"", []string{"serve", "--rate", "fast"}, []string{"--rate", `"fast"`}},
		{"", []string{"serve", "--log-format", "xml"}, []string{"--log-format", `"xml"`}},
		{"", []string{"serve", "--client-certificates"}, []string{"client-certificates", "tls-certificate"}},
		{"", []string{"serve", "more"}, []string{"more"}},
		{"", []string{"serve", "--config", "none.yaml"}, []string{"none.yaml"}},
		{"PODIUM_RATE=fast", []string{"serve"}, []string{"PODIUM_RATE", `"fast"`}},
		{"PODIUM_LOG_LEVEL=loud", []string{"serve"}, []string{"--log-level", `"loud"`}},
		{"PODIUM_CLIENT_CERTIFICATES=true", []string{"serve"}, []string{"client-certificates", "tls-certificate"}},
		{"", []string{"nosuch"}, []string{"nosuch"}},
		{"", nil, []string{"dev", "serve"}},
	} {
		command{folder: folder, env: []string{c.env}}.run(t, c.args...).fails(2, c.want...)
	}
	write(t, filepath.Join(folder, "podium.yaml"), "nosuch: 1")
	command{folder: folder}.run(t, "serve").fails(2, "podium.yaml", `"nosuch"`)
	if got := files(t, folder); !slices.Equal(got, []string{"bad.yaml", "podium.yaml"}) {
		t.Errorf("there is now %q", got)
	}
}

const password = "sEcr3t"

func TestConfigHidesPasswords(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"postgres://u:sEcr3t@h:5432/db?sslmode=disable":  "postgres://u:hidden@h:5432/db?sslmode=disable",
		"postgresql://u:sEcr3t@[::1]/db":                 "postgresql://u:hidden@[::1]/db",
		"postgres://u:sEcr3t@/db?host=h":                 "postgres://u:hidden@/db?host=h",
		"postgres://u:sEcr3t@h1:1,h2:2/db":               "postgres://u:hidden@h1:1,h2:2/db",
		"postgres://u:%40sEcr3t@h/db":                    "postgres://u:hidden@h/db",
		"postgres://u@h/db?password=sEcr3t&sslmode=x":    "postgres://u@h/db?password=hidden&sslmode=x",
		"postgres:///db?user=u&sslpassword=sEcr3t":       "postgres:///db?sslpassword=hidden&user=u",
		"postgres://u:%zzsEcr3t@h/db":                    "postgres://hidden@h/db",
		"postgres://u:a/sEcr3t@h/db":                     "postgres://hidden@h/db",
		"postgres://u:1/sEcr3t@h/db":                     "postgres://hidden@h/db",
		"postgres://u:1#sEcr3t@h/db":                     "postgres://hidden@h/db",
		"postgres://u:1?sEcr3t@h/db":                     "postgres://hidden@h/db",
		"postgres://u:a sEcr3t@h/db":                     "postgres://hidden@h/db",
		"postgres:host=h password=sEcr3t user=u":         "postgres:host=h password=hidden user=u",
		"postgres:host=h PASSWORD = sEcr3t":              "postgres:host=h PASSWORD = hidden",
		`postgres:password='sE cr3t \' sEcr3t' host=h`:   "postgres:password=hidden host=h",
		"postgres:host=h sslpassword=sEcr3t user=u@here": "postgres:host=h sslpassword=hidden user=u@here",
		"postgres://h/db":                                "postgres://h/db",
		"postgres://u@h/db":                              "postgres://u@h/db",
		"folder/a@b.db":                                  "folder/a@b.db",
		"sqlite:a.db":                                    "sqlite:a.db",
	} {
		if got := (command{}).settings(t, "--database", address)["database"]; got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
	for address, want := range map[string]string{
		"nats://u:sEcr3t@h:4222": "nats://u:hidden@h:4222",
		"nats://sEcr3t@h:4222":   "nats://hidden@h:4222",
		"u:sEcr3t@h:4222":        "u:hidden@h:4222",
		"sEcr3t@h":               "hidden@h",
		"nats://u:sEcr3t@h1,tls://u:sEcr3t@h2, u:sEcr3t@h3":  "nats://u:hidden@h1,tls://u:hidden@h2, u:hidden@h3",
		"nats://h1:4222,nats://u:sE@sEcr3t@h2:4222":          "nats://h1:4222,nats://u:hidden@h2:4222",
		"nats://h1:4222,h2":                                  "nats://h1:4222,h2",
		"nats://u:sEcr3t/x@h,nats://u:sEcr3t:sEcr3t@h2:4222": "nats://u:hidden@h,nats://u:hidden@h2:4222",
	} {
		if got := (command{}).settings(t, "--nats", address)["nats"]; got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
	// What looks like an address and is none would be a file's name, and no secret.
	for _, address := range []string{"postgre://u:sEcr3t@h/db", " postgres://u:sEcr3t@h/db", "host=h password=sEcr3t", "mysql://u:sEcr3t@h/db"} {
		for _, args := range [][]string{{"config"}, {"serve"}, {"company", "list"}, {"company", "create", "--id=1", "--name=Acme"}} {
			r := run(t, append(args, "--database", address)...)
			r.fails(2, "database")
			if strings.Contains(r.stderr, password) {
				t.Errorf("podium %q tells the password: %s", args, r.stderr)
			}
		}
	}
}

// What podium config prints is a file of settings.
func TestConfigReadBack(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{
		nil,
		{"--listen=:1", "--management=", "--rate=0.25", "--drain-delay=1500ms", "--log-format=json", "--nats=nats://u:sEcr3t@h:4222"},
		{"--trusted-proxies=10.0.0.0/8,2001:db8::/32", "--database=postgres:host=h password=sEcr3t", "--max-body=123456789"},
		{"--tls-certificate=a.pem", "--tls-key=b.pem", "--client-certificates", "--log-level=error", "--idle-timeout=36h"},
	} {
		c := command{folder: t.TempDir()}
		printed := c.run(t, append([]string{"config"}, flags...)...).want(0).stdout
		if strings.Contains(printed, password) {
			t.Errorf("%q: the password is told:\n%s", flags, printed)
		}
		write(t, filepath.Join(c.folder, "back.yaml"), printed)
		if back := c.run(t, "config", "--config", "back.yaml").want(0).stdout; back != printed {
			t.Errorf("%q: read back, it is\n%s, not\n%s", flags, back, printed)
		}
	}
}

// However an address is wrong, its password is not told.
func TestPasswordsAreNeverTold(t *testing.T) {
	t.Parallel()
	refused := closedPort(t)
	host, port, err := net.SplitHostPort(refused)
	if err != nil {
		t.Fatal(err)
	}
	for _, database := range []string{
		"postgres://u:sEcr3t@" + refused + "/db",
		"postgres://u@" + refused + "/db?password=sEcr3t",
		"postgres:host=" + host + " port=" + port + " user=u password=sEcr3t",
		"postgres://u:sEcr3t@" + refused + "," + refused + "/db",
		"postgres://u:sEcr3t%zz@" + refused + "/db",
		"postgres://u:sEcr3t@" + refused + "/db?sslmode=nonsense",
		"postgres://u:sEcr3t@" + refused + "/db?connect_timeout=x",
	} {
		for _, args := range [][]string{
			{"serve", "--listen", "127.0.0.1:0", "--management", ""}, {"company", "list"}, {"company", "create", "--id=1", "--name=Acme"},
		} {
			r := run(t, append(args, "--log-level", "debug", "--database", database)...)
			r.fails(1)
			if strings.Contains(r.stderr, password) {
				t.Errorf("podium %q tells the password:\n%s", r.args, r.stderr)
			}
		}
	}
	r := run(t, "serve", "--database", "podium.db", "--listen", "127.0.0.1:0", "--management", "", "--nats", "u:sEcr3t@h:x y")
	r.fails(1, "NATS")
	if strings.Contains(r.stderr, password) {
		t.Error(r.stderr)
	}
	s := serve(t, dbtest.URL(t, dbtest.SQLite), "--log-level", "debug", "--nats", "nats://u:sEcr3t@"+refused+",nats://sEcr3t@"+refused)
	s.says(s.stderr, "trouble with NATS")
	s.kill()
	if strings.Contains(s.all(), password) {
		t.Errorf("the password is told:\n%s", s.all())
	}
}

// closedPort returns an address at which no process listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A wrong password is refused by a running server, and no output contains it.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	address := regexp.MustCompile(`//[^@/]*@`).ReplaceAllString(dbtest.URL(t, dbtest.Postgres), "//unknown:sEcr3t@")
	r := run(t, "company", "list", "--log-level", "debug", "--database", address)
	r.fails(1)
	if strings.Contains(r.stderr, password) {
		t.Error(r.stderr)
	}
}
