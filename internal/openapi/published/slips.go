package published

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// slip is an obvious mistake in the schemas of a published file. Its sample answers are ignored,
// because they are wrong in more places (404 with "code": 403, arrays around single objects,
// numbers where the schema has strings).
type slip struct {
	file, schema string
	// false: the mistake is no longer there
	mend func(doc *openapi3.T, schema *openapi3.Schema) bool
}

// slips lists the known mistakes.
var slips = []slip{
	// Requires `visible`, which is not defined; the property is `listed`.
	{"users-api-public.yaml", "AppUser", notRequired("visible")},

	// Require `rootCause`, which is not defined: a remainder of an error's schema.
	{"profile-manager-api.yaml", "ReadGroup", notRequired("rootCause")},
	{"profile-manager-api.yaml", "CreateGroup", notRequired("rootCause")},
	{"profile-manager-api.yaml", "UpdateGroup", notRequired("rootCause")},
	{"profile-manager-api.yaml", "ReadMember", notRequired("rootCause")},
	{"profile-manager-api.yaml", "Profile", notRequired("rootCause")},
	{"profile-manager-api.yaml", "Type", notRequired("rootCause")},

	// Requires `paging` and does not define it; the other lists of the file have a Pagination.
	{"pod-api-public.yaml", "FileExtensionsResponse", paging},
	{"pod-api-public-deprecated.yaml", "FileExtensionsResponse", paging},

	// Has an object as details; that of the published sample of a 451 is an array.
	{"agent-api-public.yaml", "V2Error", anything("details")},
	{"agent-api-public-deprecated.yaml", "V2Error", anything("details")},
}

// mend corrects the known mistakes of a file. It fails if one is no longer there.
func mend(file string, doc *openapi3.T) error {
	for _, s := range slips {
		if s.file != file {
			continue
		}
		ref := doc.Components.Schemas[s.schema]
		if ref == nil || !s.mend(doc, ref.Value) {
			return fmt.Errorf("%s: the slip in %s is no longer there: take it off the list", file, s.schema)
		}
	}
	return nil
}

func notRequired(name string) func(*openapi3.T, *openapi3.Schema) bool {
	return func(_ *openapi3.T, schema *openapi3.Schema) bool {
		found := false
		parts := []*openapi3.Schema{schema}
		for _, part := range schema.AllOf {
			if part.Ref == "" {
				parts = append(parts, part.Value)
			}
		}
		for _, part := range parts {
			if i := slices.Index(part.Required, name); i >= 0 && part.Properties[name] == nil {
				part.Required = slices.Delete(slices.Clone(part.Required), i, i+1)
				found = true
			}
		}
		return found
	}
}

// anything lets a property be of any type.
func anything(name string) func(*openapi3.T, *openapi3.Schema) bool {
	return func(_ *openapi3.T, schema *openapi3.Schema) bool {
		ref := schema.Properties[name]
		if ref == nil || ref.Value.Type == nil {
			return false
		}
		ref.Value.Type = nil
		return true
	}
}

func paging(doc *openapi3.T, schema *openapi3.Schema) bool {
	pagination := doc.Components.Schemas["Pagination"]
	if schema.Properties["paging"] != nil || pagination == nil {
		return false
	}
	schema.Properties["paging"] = pagination
	return true
}
