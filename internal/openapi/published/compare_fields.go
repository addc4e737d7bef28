package published

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// fields compares two bodies; where is "request" or "response". It does not look inside a value
// that differs.
func (c *comparison) fields(where string, ours, theirs map[string]field) {
	paths := slices.Sorted(maps.Keys(ours))
	for path := range theirs {
		if _, both := ours[path]; !both {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	var closed []string // paths inside which nothing is compared
	for _, path := range paths {
		if slices.ContainsFunc(closed, func(outer string) bool { return within(path, outer) }) {
			continue
		}
		our, answered := ours[path]
		their, published := theirs[path]
		name := where + " field " + path
		if path == "" {
			name = where + " body"
		}
		switch {
		case !answered:
			c.say("%s: missing", name)
			closed = append(closed, path)
		case !published:
			c.say("%s: not published", name)
			closed = append(closed, path)
		case their.kind == "any" || their.open && our.kind == "object":
			closed = append(closed, path)
		case !compatible(where, our.kind, their.kind):
			c.say("%s: %s, published %s", name, our.kind, their.kind)
			closed = append(closed, path)
		default:
			c.field(where, name, our, their)
		}
	}
}

// compatible reports whether a value of type our is accepted as type their.
func compatible(where, our, their string) bool {
	return our == their || where == "response" && our == "integer" && their == "number"
}

func (c *comparison) field(where, name string, our, their field) {
	from, to := our, their // the writer's and the reader's field
	word := "not published"
	if where == "request" {
		from, to = their, our
		word = "not taken"
	} else if their.required && !our.required {
		c.say("%s: optional, published required", name)
	}
	if to.values == nil {
		return
	}
	for _, value := range from.values {
		if value != nil && !slices.Contains(to.values, value) {
			c.say("%s: value %v: %s", name, value, word)
		}
	}
}

// sentAlways lists parameters that are published for some operations, that every client sends to
// every operation, and that none of ours requires.
var sentAlways = []string{"keymanagertoken", "user-agent"}

func (c *comparison) parameters(our *openapi3.Operation, their *Operation) {
	const session = "header sessiontoken"
	ours, theirs := byPlace(our.Parameters), byPlace(their.parameters)
	asks := our.Security != nil && len(*our.Security) > 0
	if ours[session] == nil && !asks && theirs[session] != nil {
		c.say("parameter sessionToken in header: missing")
	}
	if asks && theirs[session] == nil && !their.secured {
		c.say("parameter sessionToken in header: not published")
	}
	delete(theirs, session)
	delete(ours, session)
	for _, place := range slices.Sorted(maps.Keys(theirs)) {
		p, q := ours[place], theirs[place]
		_, name, _ := strings.Cut(place, " ")
		switch {
		case p == nil && !(q.In == "header" && slices.Contains(sentAlways, name)):
			c.say("parameter %s in %s: missing", q.Name, q.In)
		case p != nil:
			c.parameter(p, q)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(ours)) {
		p := ours[place]
		switch {
		case theirs[place] != nil:
		case p.Required:
			c.say("parameter %s in %s: not published, and required", p.Name, p.In)
		default:
			c.say("parameter %s in %s: not published", p.Name, p.In)
		}
	}
}

func (c *comparison) parameter(our, their *openapi3.Parameter) {
	name := "parameter " + our.Name + " in " + our.In
	switch {
	case our.Required && !their.Required:
		c.say("%s: required, published optional", name)
	case !our.Required && their.Required:
		c.say("%s: optional, published required", name)
	}
	if our.Schema == nil || their.Schema == nil {
		return
	}
	// A list with commas is also text: only single values can differ in type.
	is, should := kind(our.Schema.Value), kind(their.Schema.Value)
	if is != should && is != "string" && is != "array" && should != "array" && should != "any" {
		c.say("%s: %s, published %s", name, is, should)
	}
}

// byPlace returns the parameters of query and header by "query name" or "header name"; header names
// are in lower case. Path parameters are compared as parts of the path.
func byPlace(parameters openapi3.Parameters) map[string]*openapi3.Parameter {
	found := map[string]*openapi3.Parameter{}
	for _, ref := range parameters {
		p := ref.Value
		switch p.In {
		case openapi3.ParameterInHeader:
			found["header "+strings.ToLower(p.Name)] = p
		case openapi3.ParameterInQuery:
			found["query "+p.Name] = p
		}
	}
	return found
}
