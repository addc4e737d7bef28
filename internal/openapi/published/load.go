package published

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
)

// Folder is the environment variable that names the folder of the published files.
const Folder = "PODIUM_PUBLISHED_SPEC"

// files lists the published files with the prefixes under which the pod answers their operations.
// If two describe the same operation, the earlier counts, because the deprecated files repeat all
// operations of their siblings.
var files = []struct {
	name     string
	prefixes []string
}{
	{"pod-api-public.yaml", []string{"/pod"}},
	{"pod-api-public-deprecated.yaml", []string{"/pod"}},
	{"login-api-public.yaml", []string{"/login", "/relay"}},
	{"authenticator-api-public.yaml", []string{"/sessionauth", "/keyauth"}},
	{"authenticator-api-public-deprecated.yaml", []string{"/sessionauth", "/keyauth"}},
	{"agent-api-public.yaml", []string{"/agent"}},
	{"agent-api-public-deprecated.yaml", []string{"/agent"}},
	{"users-api-public.yaml", []string{""}},
	{"profile-manager-api.yaml", []string{"/profile-manager"}},
	{"community-connect-public-api.yaml", []string{"/connect-service"}},
	{"files-api-public.yaml", []string{""}},
}

// load reads the files once in a process: it takes a second or two.
var load = sync.OnceValues(func() (*Spec, error) { return read(os.Getenv(Folder)) })

// Load returns the published description. If the environment names no folder, it returns nil and
// logs that: a nil Spec has no operations and reports no errors.
func Load(t testing.TB) *Spec {
	t.Helper()
	if os.Getenv(Folder) == "" {
		t.Logf("NOT CHECKED against the published description: %s names no folder", Folder)
		return nil
	}
	spec, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func read(folder string) (*Spec, error) {
	spec := &Spec{}
	for _, file := range files {
		doc, err := readFile(filepath.Join(folder, file.name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
		if err := mend(file.name, doc); err != nil {
			return nil, err
		}
		for i, prefix := range file.prefixes {
			spec.add(prefix, i > 0, doc)
		}
	}
	return spec, nil
}

// readFile reads one file, Swagger 2 or OpenAPI 3. It does not validate the document, because two
// of them are invalid as a whole.
func readFile(name string) (*openapi3.T, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	location := &url.URL{Path: filepath.ToSlash(name)}
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	if !bytes.HasPrefix(data, []byte("swagger:")) {
		return loader.LoadFromDataWithPath(data, location)
	}
	var old openapi2.T
	if err := openapi2.UnmarshalFromData(data, &old); err != nil {
		return nil, err
	}
	return openapi2conv.ToV3WithLoader(&old, loader, location)
}
