package openapi

import (
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/auth"
	"podium/internal/op"
)

func (d *description) operation(b *op.Bound) *openapi3.Operation {
	return &openapi3.Operation{
		OperationID: b.ID,
		Tags:        []string{b.Tag},
		Summary:     b.Summary,
		Description: about(b),
		Deprecated:  b.Deprecated,
		Parameters:  d.parameters(b),
		RequestBody: d.requestBody(b.In),
		Responses:   d.responses(b),
		Security:    security(b),
	}
}

// about returns the operation's description and, below it, which callers it admits.
func about(b *op.Bound) string {
	var parts []string
	if b.About != "" {
		parts = append(parts, b.About)
	}
	parts = append(parts, b.Needs.Describe())
	if !b.Needs.Public() && !b.Needs.OfApps() {
		parts = append(parts, auth.DescribeOpens(b.Opens))
	}
	return strings.Join(parts, "\n\n")
}

// The names of the security schemes.
const (
	sessionToken    = "sessionToken"
	keyManagerToken = "keyManagerToken"
	bearer          = "bearer"
	queryToken      = "token"
)

func securitySchemes() openapi3.SecuritySchemes {
	schemes := map[string]*openapi3.SecurityScheme{
		sessionToken: {Type: "apiKey", In: "header", Name: sessionToken,
			Description: "The token that a login answered with."},
		keyManagerToken: {Type: "apiKey", In: "header", Name: keyManagerToken,
			Description: "The token that a login at the key manager answered with; the Agent's operations take it beside a session token."},
		bearer: {Type: "http", Scheme: "bearer", BearerFormat: "JWT",
			Description: "The authorizationToken of a login, or an access token of /login/idm/tokens."},
		queryToken: {Type: "apiKey", In: "query", Name: queryToken,
			Description: "An access token of /login/idm/tokens, in the query."},
	}
	refs := openapi3.SecuritySchemes{}
	for name, scheme := range schemes {
		refs[name] = &openapi3.SecuritySchemeRef{Value: scheme}
	}
	return refs
}

// security returns the credentials that the operation accepts, any one of them; nil for a public
// operation.
func security(b *op.Bound) *openapi3.SecurityRequirements {
	if b.Needs.Public() {
		return nil
	}
	if b.TokenInQuery {
		return &openapi3.SecurityRequirements{{bearer: {}}, {queryToken: {}}}
	}
	if b.Needs.Scope() != "" {
		return &openapi3.SecurityRequirements{{bearer: {}}}
	}
	if b.Needs.BySession() {
		return &openapi3.SecurityRequirements{{sessionToken: {}}}
	}
	either := openapi3.SecurityRequirements{{sessionToken: {}}, {bearer: {}}}
	if b.KeyManagerToken {
		either = append(either, openapi3.SecurityRequirement{sessionToken: {}, keyManagerToken: {}})
	}
	return &either
}

func (d *description) requestBody(in reflect.Type) *openapi3.RequestBodyRef {
	if form, ok := in.FieldByName("Form"); ok {
		return &openapi3.RequestBodyRef{Value: &openapi3.RequestBody{Required: true, Content: openapi3.Content{
			"multipart/form-data": openapi3.NewMediaType().WithSchema(d.form(form.Type)),
		}}}
	}
	body, ok := in.FieldByName("Body")
	if !ok {
		return nil
	}
	schema := d.schemas.of(body.Type, inRequest)
	if schema.Value.Properties == nil {
		limit(schema.Value, body.Type, body.Tag)
	}
	return &openapi3.RequestBodyRef{Value: &openapi3.RequestBody{
		Description: body.Tag.Get("doc"),
		Required:    body.Type.Kind() != reflect.Pointer,
		Content:     openapi3.NewContentWithJSONSchemaRef(schema),
	}}
}

// form returns the schema of a multipart body. It is described in place.
func (d *description) form(t reflect.Type) *openapi3.Schema {
	form := openapi3.NewObjectSchema()
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("part")
		var part *openapi3.Schema
		if f.Type == reflect.TypeFor[[]op.Upload]() {
			part = openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema().WithFormat("binary"))
		} else {
			part = d.schemas.of(f.Type, inRequest).Value
		}
		limit(part, f.Type, f.Tag)
		part.Description = f.Tag.Get("doc")
		if text, ok := f.Tag.Lookup("default"); ok {
			part.Default = defaultOf(part, text)
		}
		form.WithProperty(name, part)
		if f.Tag.Get("required") == "true" {
			form.Required = append(form.Required, name)
		}
	}
	return form
}
