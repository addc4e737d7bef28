package published

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Difference is one difference between our description and the published one, as a line of text:
// "POST /login/pubkey/authenticate: response field authorizationToken: missing".
type Difference string

// Compare returns the differences between our operations and the published ones, in the order of
// paths, methods and texts.
//
// It reports only what a client could notice. It ignores that a request may omit more than
// published, and whether the session is described as a parameter or as a security scheme.
func (s *Spec) Compare(doc *openapi3.T) []Difference {
	if s == nil {
		return nil
	}
	var all []Difference
	paths := doc.Paths.Map()
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		operations := paths[path].Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			c := comparison{name: method + " " + path}
			if theirs, ok := s.Find(method, path); !ok {
				c.say("not published")
			} else {
				c.pathNames(path, theirs.Path)
				c.parameters(operations[method], theirs)
				c.request(operations[method], theirs)
				c.responses(operations[method], theirs)
			}
			slices.SortFunc(c.found, cmp.Compare[Difference])
			all = append(all, slices.Compact(c.found)...)
		}
	}
	return all
}

// comparison compares one operation.
type comparison struct {
	name  string
	found []Difference
}

func (c *comparison) say(format string, args ...any) {
	c.found = append(c.found, Difference(c.name+": "+fmt.Sprintf(format, args...)))
}

func (c *comparison) pathNames(our, their string) {
	theirs := strings.Split(their, "/")
	for i, segment := range strings.Split(our, "/") {
		if isParameter(segment) && segment != theirs[i] {
			c.say("parameter %s in path: published as %s", segment, theirs[i])
		}
	}
}

func (c *comparison) request(our *openapi3.Operation, their *Operation) {
	var ours, theirs openapi3.Content
	if our.RequestBody != nil {
		ours = our.RequestBody.Value.Content
	}
	if their.RequestBody != nil {
		theirs = their.RequestBody.Value.Content
	}
	switch {
	case ours == nil && theirs == nil:
	case ours == nil:
		c.say("request body: missing")
	case theirs == nil:
		c.say("request body: not published")
	default:
		if our.RequestBody.Value.Required && !their.RequestBody.Value.Required {
			c.say("request body: required, published optional")
		}
		c.fields("request", fields(schemaOf(ours)), fields(schemaOf(theirs)))
	}
}

func (c *comparison) responses(our *openapi3.Operation, their *Operation) {
	ours, theirs := our.Responses.Map(), their.Responses.Map()
	for _, status := range slices.Sorted(maps.Keys(ours)) {
		response := theirs[status]
		switch {
		case response == nil && !everywhere(status):
			c.say("status %s: not published", status)
		case response != nil && status < "300":
			answer, published := schemaOf(ours[status].Value.Content), schemaOf(response.Value.Content)
			switch {
			case answer == nil && published != nil:
				c.say("response body of %s: missing", status)
			case answer != nil && published == nil:
				c.say("response body of %s: not published", status)
			default:
				c.fields("response", fields(answer), fields(published))
			}
		}
	}
	for _, status := range slices.Sorted(maps.Keys(theirs)) {
		if ours[status] == nil && !everywhere(status) {
			c.say("status %s: missing", status)
		}
	}
}

// everywhere reports whether clients ignore if a status is described or not. 404 is not such a
// status: it is published which operations answer it, and the frame follows that.
func everywhere(status string) bool {
	n, err := strconv.Atoi(status)
	return err != nil || n != 404 && (slices.Contains(always, n) || slices.Contains(frames, n))
}

// schemaOf returns the schema of JSON or, without JSON, of the first type by name.
func schemaOf(content openapi3.Content) *openapi3.SchemaRef {
	media := content.Get("application/json")
	if media == nil {
		for _, name := range slices.Sorted(maps.Keys(content)) {
			media = content[name]
			break
		}
	}
	if media == nil {
		return nil
	}
	return media.Schema
}
