package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"podium/internal/client"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/openapi"
	"podium/internal/pod"
)

type callCommand struct {
	Operation string            `arg:"" help:"The operation's id: see podium operations."`
	Body      string            `placeholder:"FILE" help:"The request's JSON body; - for standard input."`
	Param     map[string]string `short:"p" placeholder:"NAME=VALUE" help:"A parameter of the path or the query. Repeatable."`
	caller
}

// caller is who calls which pod.
type caller struct {
	URL      string `name:"url" env:"PODIUM_URL" help:"The pod's address. Default: that of the podium dev in --data."`
	Username string `env:"PODIUM_USERNAME" help:"The caller's user name. Default: the administrator of the podium dev in --data."`
	Key      string `env:"PODIUM_KEY" type:"optionalpath" placeholder:"FILE" help:"The caller's private RSA key in PEM."`
	CA       string `name:"ca" env:"PODIUM_CA" type:"optionalpath" placeholder:"FILE" help:"Certificates to trust, in PEM."`
	Data     string `type:"path" default:"podium-dev" help:"The data folder of the podium dev that gives the defaults."`
}

// Run calls the operation and prints what the pod answers. An answer that is not of success
// makes the command fail.
func (c *callCommand) Run(ctx context.Context) error {
	operation, ok := findOperation(c.Operation)
	if !ok {
		return fmt.Errorf("there is no operation %q: see podium operations", c.Operation)
	}
	if err := c.defaults(); err != nil {
		return err
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	transport, err := c.transport()
	if err != nil {
		return err
	}
	caller := &client.Client{Base: c.URL, HTTP: transport}
	if !operation.Needs.Public() {
		if err := c.login(ctx, caller); err != nil {
			return err
		}
		// The session is of no use afterwards; a pod that cannot end it now lets it expire.
		defer caller.Do(context.WithoutCancel(ctx), http.MethodPost, "/sessionauth/v1/logout", nil)
	}
	answer, err := caller.Call(ctx, operation, c.Param, body)
	if err != nil {
		return err
	}
	return show(os.Stdout, answer)
}

func findOperation(id string) (op.Bound, bool) {
	for _, o := range pod.Catalogue() {
		if strings.EqualFold(o.ID, id) {
			return o, true
		}
	}
	return op.Bound{}, false
}

// defaults takes what is not given from the bootstrap file of a podium dev.
func (c *caller) defaults() error {
	if c.URL != "" && c.Username != "" && c.Key != "" {
		return nil
	}
	b, err := readBootstrap(c.Data)
	if errors.Is(err, os.ErrNotExist) {
		if c.URL != "" {
			return nil // enough for what needs no login
		}
		return fmt.Errorf("no --url, and no podium dev has written its bootstrap file into %s", c.Data)
	}
	if err != nil {
		return err
	}
	if c.URL == "" {
		c.URL = b.PodBaseURL
	}
	if c.Username == "" && c.Key == "" {
		c.Username, c.Key = b.AdminUsername, filepath.Join(c.Data, b.AdminPrivateKeyPath)
	}
	if ca := filepath.Join(c.Data, "tls", "ca.pem"); c.CA == "" && fileExists(ca) {
		c.CA = ca
	}
	return nil
}

func (c *callCommand) body() ([]byte, error) {
	switch c.Body {
	case "":
		return nil, nil
	case "-":
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(c.Body)
}

func (c *caller) transport() (*http.Client, error) {
	if c.CA == "" {
		return http.DefaultClient, nil
	}
	text, err := os.ReadFile(c.CA)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate", c.CA)
	}
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true, Proxy: http.ProxyFromEnvironment,
	}}, nil
}

func (c *caller) login(ctx context.Context, pod *client.Client) error {
	if c.Username == "" || c.Key == "" {
		return errors.New("the operation needs a caller: give --username and --key")
	}
	text, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	key, err := jose.ParsePrivateKey(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", c.Key, err)
	}
	return pod.Login(ctx, c.Username, key)
}

func show(w io.Writer, a client.Answer) error {
	var pretty bytes.Buffer
	if json.Indent(&pretty, a.Body, "", "  ") == nil {
		fmt.Fprintln(w, pretty.String())
	} else {
		w.Write(a.Body)
	}
	if a.Status >= 300 {
		if reason := a.Header.Get("Podium-Reason"); reason != "" {
			return fmt.Errorf("the pod answered %d: %s", a.Status, reason)
		}
		return fmt.Errorf("the pod answered %d", a.Status)
	}
	return nil
}

type operationsCommand struct{}

// Run prints the operations, a line each.
func (operationsCommand) Run() error {
	_, err := io.WriteString(os.Stdout, openapi.OperationsText(pod.Catalogue()))
	return err
}

type openapiCommand struct{}

// Run prints the API description.
func (openapiCommand) Run() error {
	return openapi.WriteJSON(os.Stdout, openapi.Describe(pod.Catalogue(), pod.Info()))
}
