package openapi

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/op"
)

// usual lists the statuses that every operation may answer beside its success.
var usual = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError}

func (d *description) responses(b *op.Bound) *openapi3.Responses {
	responses := openapi3.NewResponsesWithCapacity(6)
	success := openapi3.NewResponse().WithDescription(http.StatusText(b.Success))
	switch {
	case b.Form.Events:
		success.WithDescription("Server-sent events; the data of each is this JSON.").
			WithContent(openapi3.NewContentWithSchemaRef(d.schemas.of(b.Form.Content, inResponse), []string{"text/event-stream"}))
	case b.Form.Once:
		success.WithContent(openapi3.NewContentWithSchema(binary(), []string{b.Produces}))
	case b.Produces != "":
		success.WithContent(openapi3.NewContentWithSchema(binary(), []string{b.Produces}))
		success.Headers = openapi3.Headers{"ETag": fileHeader("Names the content."), "Cache-Control": fileHeader("For how long it may be kept.")}
	case b.Success != http.StatusNoContent:
		success.WithJSONSchemaRef(d.schemas.of(b.Form.Content, inResponse))
	}
	if b.Deprecated {
		success.Headers = openapi3.Headers{"X-Warning": {Value: &openapi3.Header{Parameter: openapi3.Parameter{
			Description: "That the operation is deprecated.", Schema: openapi3.NewStringSchema().NewRef(),
		}}}}
	}
	if b.Form.Tagged {
		success.Headers = openapi3.Headers{"Etag": versionHeader()}
	}
	responses.Set(strconv.Itoa(b.Success), &openapi3.ResponseRef{Value: success})
	listed := slices.Concat(usual, b.Also)
	if b.Needs.Public() && !b.Lists(http.StatusUnauthorized) {
		listed = slices.DeleteFunc(listed, func(s int) bool { return s == http.StatusUnauthorized })
	}
	if b.Produces != "" && !b.Form.Once {
		listed = append(listed, http.StatusNotModified)
	}
	if b.Form.Optional {
		listed = append(listed, http.StatusNoContent)
	}
	for _, status := range listed {
		if status != b.Success {
			responses.Set(strconv.Itoa(status), d.shared(b, status))
		}
	}
	return responses
}

// binary returns the schema of a file.
func binary() *openapi3.Schema { return openapi3.NewStringSchema().WithFormat("binary") }

func fileHeader(description string) *openapi3.HeaderRef {
	return &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
		Description: description, Schema: openapi3.NewStringSchema().NewRef(),
	}}}
}

// versionHeader describes the header ETag.
func versionHeader() *openapi3.HeaderRef {
	return &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: openapi3.Parameter{
		Description: "The version of what is answered, for If-Match of a later change.",
		Schema:      openapi3.NewStringSchema().NewRef(),
	}}}
}

// shared returns the component of an answer that is the same for many operations: an error, or 204.
func (d *description) shared(b *op.Bound, status int) *openapi3.ResponseRef {
	name := strings.ReplaceAll(http.StatusText(status), " ", "")
	if name == "" {
		// published statuses that no RFC defines, such as 452
		name = "Status" + strconv.Itoa(status)
	}
	body := reflect.TypeFor[op.Error]()
	switch {
	case status == http.StatusUnavailableForLegalReasons:
		body = reflect.TypeFor[op.Blocked]()
	case b.Errors != nil && status >= http.StatusBadRequest:
		body = reflect.TypeOf(b.Errors(op.Error{}))
		name = body.Name() + name
	}
	if d.doc.Components.Responses[name] == nil {
		response := openapi3.NewResponse().WithDescription(describeStatus(status))
		if status >= http.StatusBadRequest {
			response.WithJSONSchemaRef(d.schemas.of(body, inResponse))
		}
		d.doc.Components.Responses[name] = &openapi3.ResponseRef{Value: response}
	}
	return &openapi3.ResponseRef{
		Ref:   "#/components/responses/" + name,
		Value: d.doc.Components.Responses[name].Value,
	}
}

func describeStatus(status int) string {
	switch status {
	case http.StatusNoContent:
		return "There is no content."
	case http.StatusNotModified:
		return "The client has the current version: its If-None-Match names it."
	case http.StatusBadRequest:
		return "The request is wrong; the message names the field."
	case http.StatusUnauthorized:
		return "No live session came with the request, or the login was refused."
	case http.StatusForbidden:
		return "The caller lacks a right; the header Podium-Reason names it."
	case http.StatusNotFound:
		return "What the request names does not exist, or is hidden from the caller."
	case http.StatusPreconditionFailed:
		return "It has changed since the caller read it; this request changed nothing."
	case http.StatusUnavailableForLegalReasons:
		return "Compliance does not let the message through; the request changed nothing."
	case 452:
		return "An information barrier separates the users; the request changed nothing."
	case http.StatusInternalServerError:
		return "The pod failed; the request changed nothing."
	}
	if text := http.StatusText(status); text != "" {
		return text + "."
	}
	return "See the message."
}
