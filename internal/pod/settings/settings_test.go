package settings_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/pod/settings"
	"podium/podtest"
)

const (
	protocols  = "/pod/v1/admin/system/protocols"
	extensions = "/pod/file_ext/v1/allowed_extensions"
)

func allowed(u *podtest.User) []string {
	var list []string
	u.Get(protocols + "/list").Want(200).Into(&list)
	return list
}

// TestProtocolsModel allows and disallows random schemes in one company: it lists exactly these,
// and other companies are unaffected.
func TestProtocolsModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, other := p.Bot("acme-admin"), p.Stranger("globex-admin")
		want := set(allowed(admin))
		names := rapid.SampledFrom([]string{"ftp", "http", "mailto", "sip", "tel", "x-1"})
		rapid.Check(t, func(r *rapid.T) {
			scheme := names.Draw(r, "scheme")
			if rapid.Bool().Draw(r, "allow") {
				admin.Post(protocols, map[string]string{"scheme": strings.ToUpper(scheme)}).Want(200)
				want[scheme] = true
			} else {
				status := 400
				if want[scheme] {
					status = 204
				}
				admin.Delete(protocols + "/" + scheme).Want(status)
				delete(want, scheme)
			}
			if got := allowed(admin); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
				r.Fatalf("%v, not %v", got, want)
			}
		})
		if got := allowed(other); !slices.Equal(got, []string{"ftp", "http", "https", "mailto"}) {
			t.Errorf("another company's: %v", got)
		}
	})
}

// TestExtensionsModel sets and removes random file types. Pages of any size, in both directions,
// show each once and in order, and the old operations show those that may be sent within the
// company.
func TestExtensionsModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		want := map[settings.Extension]settings.FileExtension{}
		for _, e := range walk(t, admin, 500) {
			want[e.Extension] = e
		}
		known := maps.Clone(want)
		names := rapid.SampledFrom([]settings.Extension{".pdf", ".zip", ".7z", ".cad", ".a", ".zzz", ".tar.xz"})
		rapid.Check(t, func(r *rapid.T) {
			name := names.Draw(r, "extension")
			if rapid.Bool().Draw(r, "remove") {
				admin.Delete(extensions + "/" + string(name)).Want(204)
				delete(want, name)
			} else {
				next := settings.FileExtension{
					Extension: name, Internal: rapid.Bool().Draw(r, "internal"), External: rapid.Bool().Draw(r, "external"),
					CrossPod: rapid.Bool().Draw(r, "cross pod"), Source: settings.Customer,
				}
				if _, ok := known[name]; ok && rapid.Bool().Draw(r, "system") {
					next.Source = settings.System
				}
				var got settings.FileExtension
				admin.Put(extensions+"/"+string(name), next).Want(200).Into(&got)
				if got != next {
					r.Fatalf("%v is answered with %v", next, got)
				}
				want[name] = next
			}
			limit := rapid.IntRange(1, 90).Draw(r, "limit")
			got := walk(t, admin, limit)
			if !maps.Equal(byName(got), want) || !slices.IsSortedFunc(got, func(a, b settings.FileExtension) int {
				return strings.Compare(string(a.Extension), string(b.Extension))
			}) {
				r.Fatalf("pages of %d show %v, not %v", limit, got, want)
			}
			var types []settings.Extension
			admin.Get("/pod/v1/files/allowedTypes").Want(200).Into(&types)
			got = slices.DeleteFunc(got, func(e settings.FileExtension) bool { return !e.Internal })
			if !slices.EqualFunc(types, got, func(e settings.Extension, f settings.FileExtension) bool { return e == f.Extension }) {
				r.Fatalf("allowed types are %v", types)
			}
		})
	})
}

// walk follows the links from the first page to the last, and back.
func walk(t *testing.T, u *podtest.User, limit int) []settings.FileExtension {
	t.Helper()
	read := func(path string) (page settings.FileExtensions) {
		u.Get(path).Want(200).Into(&page)
		if len(page.Data) > limit {
			t.Fatalf("%d on a page of %d", len(page.Data), limit)
		}
		return page
	}
	page := read(fmt.Sprintf("%s?limit=%d", extensions, limit))
	forwards := page.Data
	for page.Paging.Next != "" {
		page = read(page.Paging.Next)
		forwards = append(forwards, page.Data...)
	}
	backwards := page.Data
	for page.Paging.Previous != "" {
		page = read(page.Paging.Previous)
		backwards = append(page.Data, backwards...)
	}
	if !slices.Equal(forwards, backwards) {
		t.Fatalf("forwards %v, backwards %v", forwards, backwards)
	}
	return forwards
}

func byName(list []settings.FileExtension) map[settings.Extension]settings.FileExtension {
	m := map[settings.Extension]settings.FileExtension{}
	for _, e := range list {
		m[e.Extension] = e
	}
	return m
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}

// TestAtOnce checks that of concurrent removals of a scheme one succeeds, and that concurrent
// additions are recorded once.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		added := atOnce(func() int { return admin.Post(protocols, map[string]string{"scheme": "sip"}).Status })
		removed := atOnce(func() int { return admin.Delete(protocols + "/sip").Status })
		if added[200] != 8 || removed[204] != 1 || removed[400] != 7 {
			t.Errorf("added %v, removed %v", added, removed)
		}
		var trail struct{ Items []struct{ ActionName string } }
		since := p.Inner.DB.Now().Add(-time.Hour)
		admin.Get(fmt.Sprintf("/agent/v1/audittrail/privilegeduser?startTimestamp=%d&limit=50", since)).Want(200).Into(&trail)
		names := map[string]int{}
		for _, item := range trail.Items {
			names[item.ActionName]++
		}
		if names["uriProtocolAdded"] != 1 || names["uriProtocolRemoved"] != 1 {
			t.Errorf("on record: %v", names)
		}
	})
}

// atOnce calls do eight times concurrently and counts the answers.
func atOnce(do func() int) map[int]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	statuses := map[int]int{}
	for range 8 {
		all.Go(func() {
			status := do()
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
		})
	}
	all.Wait()
	return statuses
}

// TestMost checks that a company may add a thousand extensions and no more, and can still decide
// about those of the product.
func TestMost(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	p := podtest.Start(t)
	admin := p.Bot("acme-admin")
	put := func(name string) int {
		return admin.Put(extensions+"/"+name, map[string]any{"extension": name, "scope_internal": true}).Status
	}
	for i := range 1000 {
		if status := put(fmt.Sprintf(".own%d", i)); status != http.StatusOK {
			t.Fatalf("number %d: %d", i, status)
		}
	}
	if status := put(".more"); status != http.StatusBadRequest {
		t.Errorf("one more: %d", status)
	}
	for _, name := range []string{".own7", ".pdf"} {
		if status := put(name); status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
	}
	if got := walk(t, admin, 500); len(got) < 1060 {
		t.Errorf("%d are listed", len(got))
	}
}
