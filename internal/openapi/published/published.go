// Package published checks our operations against the OpenAPI and Swagger files that the API's
// owner publishes. It is for tests only. It reads the files from the folder in the environment
// variable PODIUM_PUBLISHED_SPEC, which the Makefile sets if there is one. The files are no part of
// this project.
//
// It checks the operations that we answer and their shapes: whether an answer fits, and where our
// description differs. It does not report published operations that we lack.
package published

import (
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Spec is the published description. A nil Spec has no operations and reports no errors.
type Spec struct {
	operations []*Operation
}

// Operation is one published operation.
type Operation struct {
	*openapi3.Operation
	Method, Path string // with the prefix and the parameters in braces

	parameters openapi3.Parameters // including those of the path
	again      bool                // the same operation is published under another prefix
	secured    bool                // it requires credentials beside its parameters
	segments   []string
}

// add adds the operations of a file that no earlier file has. again: the file has been added under
// another prefix.
func (s *Spec) add(prefix string, again bool, doc *openapi3.T) {
	for _, path := range doc.Paths.InMatchingOrder() {
		item := doc.Paths.Value(path)
		for method, operation := range item.Operations() {
			full := strings.TrimSuffix(prefix+path, "/")
			if _, known := s.Find(method, full); known {
				continue
			}
			secured := len(doc.Security) > 0
			if operation.Security != nil {
				secured = len(*operation.Security) > 0
			}
			s.operations = append(s.operations, &Operation{
				Operation: operation, Method: method, Path: full,
				parameters: append(append(openapi3.Parameters{}, item.Parameters...), operation.Parameters...),
				secured:    secured, again: again,
				segments: strings.Split(full, "/"),
			})
		}
	}
}

// Operations returns every published operation; one with several prefixes once.
func (s *Spec) Operations() []*Operation {
	return slices.DeleteFunc(slices.Clone(s.operations), func(o *Operation) bool { return o.again })
}

// Find returns the operation of a route such as GET /pod/v1/im/{id}/info, whatever its parameters
// are called.
func (s *Spec) Find(method, route string) (*Operation, bool) {
	return s.find(method, route, func(segment, asked string) bool {
		return segment == asked || isParameter(segment) && isParameter(asked)
	})
}

// answering returns the operation that answers a request's path. A literal segment takes precedence
// over a parameter.
func (s *Spec) answering(method, path string) (*Operation, bool) {
	path, _, _ = strings.Cut(path, "?")
	return s.find(method, path, func(segment, asked string) bool {
		if isParameter(segment) {
			return asked != ""
		}
		plain, err := url.PathUnescape(asked)
		return err == nil && segment == plain
	})
}

func (s *Spec) find(method, path string, fits func(segment, asked string) bool) (*Operation, bool) {
	if s == nil {
		return nil, false
	}
	asked := strings.Split(strings.TrimSuffix(path, "/"), "/")
	var best *Operation
	for _, o := range s.operations {
		if o.Method == method && o.fits(asked, fits) && (best == nil || o.literalBefore(best)) {
			best = o
		}
	}
	return best, best != nil
}

func (o *Operation) fits(asked []string, fits func(segment, asked string) bool) bool {
	if len(asked) != len(o.segments) {
		return false
	}
	for i, segment := range o.segments {
		if !fits(segment, asked[i]) {
			return false
		}
	}
	return true
}

// literalBefore reports whether o has a literal at the first segment where the two differ in having
// a parameter.
func (o *Operation) literalBefore(other *Operation) bool {
	for i, segment := range o.segments {
		if a, b := isParameter(segment), isParameter(other.segments[i]); a != b {
			return b
		}
	}
	return false
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }
