package main_test

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"go.yaml.in/yaml/v3"

	"podium/internal/client"
	"podium/internal/jose"
)

// devPod is a running podium dev.
type devPod struct {
	*process
	folder string // its data
	port   int
}

// dev starts podium dev on a data folder, at ports of the system's choice.
func dev(t testing.TB, folder string, flags ...string) *devPod {
	t.Helper()
	for range 10 {
		d := beginDev(t, folder, flags...)
		d.await(d.stdout, "being up", func(said string) bool {
			return strings.Contains(said, "API explorer") || d.portTaken()
		})
		if !d.portTaken() {
			return d
		}
	}
	t.Fatal("no free ports")
	return nil
}

// beginDev starts podium dev and does not wait.
func beginDev(t testing.TB, folder string, flags ...string) *devPod {
	t.Helper()
	port := freePorts(t)
	args := append([]string{"dev", "--data", folder, "--port", strconv.Itoa(port), "--log-format", "json"}, flags...)
	return &devPod{process: start(t, args...), folder: folder, port: port}
}

// portTaken reports whether another process took the port meanwhile.
func (d *devPod) portTaken() bool {
	select {
	case <-d.ended:
		return strings.Contains(d.stderr.String(), "address already in use")
	default:
		return false
	}
}

// freePorts returns the first of two neighbouring ports that are free.
func freePorts(t testing.TB) int {
	t.Helper()
	for range 100 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := first.Addr().(*net.TCPAddr).Port
		second, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port+1))
		first.Close()
		if err == nil {
			second.Close()
			return port
		}
	}
	t.Fatal("no two neighbouring ports are free")
	return 0
}

// address returns where the first company answers (0), or the second (1).
func (d *devPod) address(i int) string { return "127.0.0.1:" + strconv.Itoa(d.port+i) }

func (d *devPod) acme() string   { return "http://" + d.address(0) }
func (d *devPod) globex() string { return "http://" + d.address(1) }

// key returns a key of the data folder.
func (d *devPod) key(name string) *rsa.PrivateKey {
	d.t.Helper()
	key, err := jose.ParsePrivateKey(read(d.t, d.folder, "keys", name+".pem"))
	if err != nil {
		d.t.Fatal(err)
	}
	return key
}

// login logs an account in by its key.
func (d *devPod) login(base, username string) *client.Client {
	d.t.Helper()
	return loginBy(d.t, base, username, d.key(username))
}

// works fails the test unless every account can log in.
func (d *devPod) works() {
	d.t.Helper()
	for _, username := range []string{"acme-admin", "acme-bot"} {
		wants(d.t, d.login(d.acme(), username), http.MethodGet, whoami, 200)
	}
	for _, username := range []string{"globex-admin", "globex-bot"} {
		wants(d.t, d.login(d.globex(), username), http.MethodGet, whoami, 200)
	}
	signed, err := client.SignLogin("acme-app", d.key("acme-app"), inAMinute())
	if err != nil {
		d.t.Fatal(err)
	}
	app := holding(d.t, d.acme(), "")
	a, err := app.Do(context.Background(), http.MethodPost, "/login/pubkey/app/authenticate", []byte(`{"token":"`+signed+`"}`))
	if err != nil || a.Status != 200 {
		d.t.Fatalf("the application's login: %d %s %v", a.Status, a.Body, err)
	}
}

// stop ends podium dev as Ctrl-C does.
func (d *devPod) stop() {
	d.t.Helper()
	d.signal(syscall.SIGINT)
	if code := d.code(); code != 0 {
		d.t.Fatalf("exit code %d\n%s", code, d.all())
	}
}

// files returns every file below a folder.
func files(t testing.TB, folder string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		path, err = filepath.Rel(folder, path)
		list = append(list, filepath.ToSlash(path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

var devFiles = []string{
	"bdk/java/acme-admin.yaml", "bdk/java/acme-bot.yaml", "bdk/java/globex-admin.yaml", "bdk/java/globex-bot.yaml",
	"bdk/python/acme-admin.yaml", "bdk/python/acme-bot.yaml", "bdk/python/globex-admin.yaml", "bdk/python/globex-bot.yaml",
	"bootstrap.json",
	"keys/acme-admin.pem", "keys/acme-app.pem", "keys/acme-bot.pem", "keys/demo-bot.pem", "keys/globex-admin.pem", "keys/globex-bot.pem",
	"podium.db", "podium.db-shm", "podium.db-wal",
}

func TestDevBegins(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	d := dev(t, folder)
	if got := files(t, folder); !slices.Equal(got, devFiles) {
		t.Errorf("the folder holds %q", got)
	}
	for _, name := range append(files(t, filepath.Join(folder, "keys")), "") {
		info, err := os.Stat(filepath.Join(folder, "keys", name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read keys/%s: %v %v", name, info.Mode(), err)
		}
	}
	d.works()

	var b map[string]string
	if err := json.Unmarshal([]byte(read(t, folder, "bootstrap.json")), &b); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"podBaseUrl": d.acme(), "adminUsername": "acme-admin", "adminPrivateKeyPath": "keys/acme-admin.pem",
		"botUsername": "acme-bot", "botPrivateKeyPath": "keys/acme-bot.pem",
		"secondPodBaseUrl": d.globex(), "secondPodAdminUsername": "globex-admin", "secondPodAdminPrivateKeyPath": "keys/globex-admin.pem",
	}
	if !maps.Equal(b, want) {
		t.Errorf("bootstrap.json is %v", b)
	}
	for _, text := range []string{d.acme(), d.globex(), filepath.Join(folder, "keys", "acme-admin.pem"), "alice, bob, carol, adam", "dave, erin, gina"} {
		if !strings.Contains(d.stdout.String(), text) {
			t.Errorf("%s is not told:\n%s", text, d.stdout)
		}
	}
}

// bdk is a configuration of a BDK, as far as podium dev writes one.
type bdk struct {
	Scheme string
	Host   string
	Port   int
	SSL    struct {
		TrustStore credential `yaml:"trustStore"`
	} `yaml:"ssl"`
	Bot struct {
		Username    string
		PrivateKey  credential `yaml:"privateKey"`
		Certificate credential
	}
	App struct {
		AppID       string     `yaml:"appId"`
		PrivateKey  credential `yaml:"privateKey"`
		Certificate credential
	}
}

type credential struct{ Path, Password string }

// readBDK reads a configuration. What it does not know fails the test.
func readBDK(t testing.TB, folder, kit, name string) (c bdk) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, folder, "bdk", kit, name)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

// A folder that was named relatively gives configurations that can be read from anywhere.
func TestDevKits(t *testing.T) {
	t.Parallel()
	work := t.TempDir()
	port := freePorts(t)
	d := &devPod{process: command{folder: work}.start(t, "dev", "--port", strconv.Itoa(port)), folder: filepath.Join(work, "podium-dev"), port: port}
	d.says(d.stdout, "API explorer")
	for _, kit := range []string{"java", "python"} {
		for username, port := range map[string]int{
			"acme-admin": d.port, "acme-bot": d.port, "globex-admin": d.port + 1, "globex-bot": d.port + 1,
		} {
			want := bdk{Scheme: "http", Host: "127.0.0.1", Port: port}
			want.Bot.Username, want.Bot.PrivateKey.Path = username, filepath.Join(d.folder, "keys", username+".pem")
			if username == "acme-bot" {
				want.App.AppID, want.App.PrivateKey.Path = "acme-app", filepath.Join(d.folder, "keys", "acme-app.pem")
			}
			got := readBDK(t, d.folder, kit, username+".yaml")
			if got != want {
				t.Errorf("%s, %s: %+v", kit, username, got)
			}
			if !filepath.IsAbs(got.Bot.PrivateKey.Path) || !exists(got.Bot.PrivateKey.Path) {
				t.Errorf("%s, %s: there is no %s", kit, username, got.Bot.PrivateKey.Path)
			}
		}
	}
}

// The demo bot answers in both companies. It has no account with --no-bot, and gets one on the data
// of an earlier run without it.
func TestDevBot(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	without := dev(t, folder, "--no-bot")
	if exists(folder, "keys", "demo-bot.pem") || strings.Contains(without.stdout.String(), "demo-bot") {
		t.Errorf("there is a demo bot:\n%s", without.stdout)
	}
	without.stop()
	d := dev(t, folder)
	d.answers(d.login(d.acme(), "acme-admin"))
	d.answers(d.login(d.globex(), "globex-admin"))
	d.stop()
	if err := os.Remove(filepath.Join(folder, "keys", "demo-bot.pem")); err != nil {
		t.Fatal(err)
	}
	secure := dev(t, folder, "--tls")
	byKey := secure.byTLS(0, "")
	if err := byKey.Login(context.Background(), "acme-admin", secure.key("acme-admin")); err != nil {
		t.Fatal(err)
	}
	secure.answers(byKey)
}

// answers opens an IM of a caller with the demo bot, and says /help until the bot answers: at first
// the bot may not listen yet.
func (d *devPod) answers(caller *client.Client) {
	d.t.Helper()
	post := func(path, body string, out any) {
		d.t.Helper()
		a, err := caller.Do(context.Background(), http.MethodPost, path, []byte(body))
		if err != nil || a.Status >= 300 {
			d.t.Fatalf("%s: %d %s %v", path, a.Status, a.Body, err)
		}
		if err := json.Unmarshal(a.Body, out); err != nil {
			d.t.Fatal(err)
		}
	}
	a, err := caller.Do(context.Background(), http.MethodGet, "/pod/v2/user?local=true&username=demo-bot", nil)
	var bot struct {
		ID          int64
		DisplayName string
	}
	if err != nil || json.Unmarshal(a.Body, &bot) != nil || bot.DisplayName != "Podium Bot" {
		d.t.Fatalf("the demo bot: %d %s %v", a.Status, a.Body, err)
	}
	var feed, stream struct{ ID string }
	post("/agent/v5/datafeeds", "{}", &feed)
	post("/pod/v1/im/create", "["+strconv.FormatInt(bot.ID, 10)+"]", &stream)
	ack := ""
	for {
		a, err := caller.DoForm(context.Background(), "/agent/v4/stream/"+stream.ID+"/message/create", []byte(`{"message": "<messageML>/help</messageML>"}`))
		if err != nil || a.Status != 200 {
			d.t.Fatalf("%d %s %v", a.Status, a.Body, err)
		}
		var read struct {
			AckID  string
			Events json.RawMessage
		}
		post("/agent/v5/datafeeds/"+feed.ID+"/read", `{"ackId":"`+ack+`"}`, &read)
		if ack = read.AckID; strings.Contains(string(read.Events), "What I understand") {
			return
		}
	}
}

// On Linux a listener of any address would answer at 127.0.0.2 too.
func TestDevIsForThisMachineAlone(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir())
	for i := range 2 {
		if conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.2", strconv.Itoa(d.port+i))); err == nil {
			conn.Close()
			t.Errorf("%s answers", conn.RemoteAddr())
		}
	}
	if a := get(t, d.acme()+"/healthz", ""); a.Status != 404 {
		t.Errorf("/healthz: %d", a.Status)
	}
}

// Clients that take ::1 for localhost reach both companies too, where the machine has it.
func TestDevAtBothLoopbackAddresses(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir())
	hosts := []string{"127.0.0.1"}
	if probe, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		probe.Close()
		hosts = append(hosts, "::1")
	}
	for i := range 2 {
		for _, host := range hosts {
			if a := get(t, "http://"+net.JoinHostPort(host, strconv.Itoa(d.port+i))+public, ""); a.Status != 200 {
				t.Errorf("%s, company %d: %d", host, i, a.Status)
			}
		}
	}
}

// A browser at the root is led to the console, relative to where it is; a program hears 404.
func TestDevRoot(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir())
	browser := newHTTP(t)
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, c := range []struct {
		method, accept string
		status         int
	}{
		{"GET", "text/html,application/xhtml+xml,*/*;q=0.8", 302}, {"HEAD", "text/html", 302},
		{"POST", "text/html", 404}, {"GET", "*/*", 404}, {"GET", "application/json", 404}, {"GET", "", 404},
	} {
		request, err := http.NewRequest(c.method, d.acme()+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", c.accept)
		a := send(t, browser, request)
		if a.Status != c.status || (a.Header.Get("Location") == "console/") != (c.status == 302) {
			t.Errorf("%s, accepting %q: %d %v", c.method, c.accept, a.Status, a.Header)
		}
	}
}

func TestDevExplorer(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir())
	var document struct {
		OpenAPI string
		Paths   map[string]any
	}
	a := get(t, d.acme()+"/openapi.json", "")
	if err := json.Unmarshal(a.Body, &document); err != nil || !strings.HasPrefix(document.OpenAPI, "3.1") || document.Paths[whoami] == nil {
		t.Errorf("%d %.200s %v", a.Status, a.Body, err)
	}
	if a := get(t, d.globex()+"/docs", ""); a.Status != 200 || !strings.Contains(a.Header.Get("Content-Type"), "html") {
		t.Errorf("/docs: %d %v", a.Status, a.Header)
	}
}

func TestDevGoesOnAndBeginsAnew(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first := dev(t, folder)
	key := read(t, folder, "keys", "acme-bot.pem")
	token := first.login(first.acme(), "acme-bot").Token
	first.stop()
	if exists(folder, "bootstrap.json") {
		t.Error("bootstrap.json is still there, and no pod answers")
	}

	second := dev(t, folder)
	if read(t, folder, "keys", "acme-bot.pem") != key {
		t.Error("the bot has another key")
	}
	wants(t, holding(t, second.acme(), token), http.MethodGet, whoami, 200)
	if !strings.Contains(read(t, folder, "bootstrap.json"), second.acme()+`"`) {
		t.Error("bootstrap.json names another address")
	}
	second.works()
	second.stop()

	write(t, filepath.Join(folder, "mine.txt"), "mine")
	if err := os.Mkdir(filepath.Join(folder, "mine"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "mine", "podium.db"), "mine")
	third := dev(t, folder, "--fresh")
	if read(t, folder, "keys", "acme-bot.pem") == key {
		t.Error("the bot has the old key")
	}
	wants(t, holding(t, third.acme(), token), http.MethodGet, whoami, 401)
	third.works()
	want := append([]string{"mine.txt", "mine/podium.db"}, devFiles...)
	slices.Sort(want)
	if got := files(t, folder); !slices.Equal(got, want) {
		t.Errorf("the folder holds %q", got)
	}
	if read(t, folder, "mine.txt") != "mine" || read(t, folder, "mine", "podium.db") != "mine" {
		t.Error("a foreign file is another one now")
	}
}

func TestDevPortTaken(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for i, name := range []string{"Acme", "Globex"} {
		port, other := portsTaken(t, i)
		write(t, filepath.Join(folder, "bootstrap.json"), "of a pod that was killed")
		run(t, "dev", "--data", folder, "--port", strconv.Itoa(port)).fails(1, name, other.Addr().String(), "address already in use", "--port")
		if exists(folder, "bootstrap.json") {
			t.Error("there is a bootstrap.json")
		}
		other.Close()
	}
	dev(t, folder).works()
	for _, port := range []string{"0", "65535", "-1"} {
		run(t, "dev", "--data", t.TempDir(), "--port="+port).fails(2, "--port must be between")
	}
}

// portsTaken is two ports in a row, the one at an index of which is taken.
func portsTaken(t *testing.T, index int) (first int, taken net.Listener) {
	t.Helper()
	for range 100 { // another process may take a free port first
		first = freePorts(t)
		taken, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(first+index))
		if err == nil {
			return first, taken
		}
	}
	t.Fatal("no port can be taken")
	return 0, nil
}

func TestDevKeyMissing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	dev(t, folder).stop()
	port := strconv.Itoa(freePorts(t))
	file := filepath.Join(folder, "keys", "acme-bot.pem")
	write(t, file, "damaged")
	run(t, "dev", "--data", folder, "--port", port).fails(1, file, "--fresh")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	run(t, "dev", "--data", folder, "--port", port).fails(1, file, "--fresh")
	if exists(file) || exists(folder, "bootstrap.json") {
		t.Errorf("there is now %q", files(t, folder))
	}
	dev(t, folder, "--fresh").works()
}
