package op

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/wire"
)

// plan describes how a request becomes an input of one type. It is made once for each operation.
type plan struct {
	fields    []field
	peer      int       // the index of the field of type Peer; -1: none
	json      int       // the index of the field Body; -1: none
	shape     *shape    // of the body
	form      *formPlan // of a multipart body; nil: none
	unlimited []string  // the values without declared limits
}

// field is a parameter of the path, the query or the header.
type field struct {
	index    int
	in, name string
	fallback string
	required bool
	limits   limits
}

func planFor(t reflect.Type) *plan {
	p := &plan{peer: -1, json: -1}
	missing := func(path string) { p.unlimited = append(p.unlimited, path) }
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Type == reflect.TypeFor[Peer]():
			p.peer = i
			continue
		case f.Name == "Body":
			p.json = i
			p.shape = shapeOf(f.Type, f.Tag, missing)
			continue
		case f.Name == "Form":
			p.form = planForm(i, f.Type, missing)
			continue
		}
		parameter := field{index: i, fallback: f.Tag.Get("default"), limits: compileLimits(f.Type, f.Tag)}
		for _, in := range []string{"path", "query", "header"} {
			if name, ok := f.Tag.Lookup(in); ok {
				parameter.in, parameter.name = in, name
			}
		}
		if parameter.in == "" {
			panic(fmt.Sprintf("input %s: nothing says where the field %s comes from", t, f.Name))
		}
		parameter.required = parameter.in == "query" && parameter.fallback == "" && f.Tag.Get("required") != "false" &&
			f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Slice
		p.fields = append(p.fields, parameter)
		if parameter.limits.lacking(f.Type) {
			missing(parameter.name)
		}
	}
	return p
}

// checkPath panics unless the parameters of the path and of the input are the same.
func (p *plan) checkPath(id, route string) {
	for _, f := range p.fields {
		if f.in == "path" && !strings.Contains(route, "{"+f.name+"}") {
			panic(fmt.Sprintf("operation %s: the path has no parameter %s", id, f.name))
		}
	}
}

// parameters sets all fields of the input except the body.
func (p *plan) parameters(x *exchange, v reflect.Value) error {
	if p.peer >= 0 {
		v.Field(p.peer).Set(reflect.ValueOf(x.peer()))
	}
	if err := x.readQuery(p); err != nil {
		return err
	}
	for i := range p.fields {
		f := &p.fields[i]
		text := x.parameter(i, f)
		if text == "" {
			text = f.fallback
		}
		if text == "" {
			if f.required {
				return f.invalid("it is required")
			}
			continue
		}
		if err := f.set(v.Field(f.index), text); err != nil {
			return err
		}
	}
	return nil
}

// parameter returns the text of a plan's i-th parameter; empty if absent.
func (x *exchange) parameter(i int, f *field) string {
	switch f.in {
	case "path":
		return x.r.PathValue(f.name)
	case "header":
		return x.r.Header.Get(f.name)
	}
	if x.query == nil {
		return ""
	}
	return x.query[i]
}

func (f *field) set(v reflect.Value, text string) error {
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return f.invalid("it is not valid text")
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if v.Kind() == reflect.Slice {
		n, each := 0, *f
		each.limits.refusal = "" // the published words are of the list's length
		for part := range strings.SplitSeq(text, ",") {
			if n++; f.limits.items(n, false) != "" {
				return f.refuse(f.limits.items(n, false))
			}
			element := reflect.New(v.Type().Elem()).Elem()
			if err := each.one(element, strings.TrimSpace(part)); err != nil {
				return err
			}
			v.Set(reflect.Append(v, element))
		}
		return f.refuse(f.limits.items(n, true))
	}
	return f.one(v, text)
}

func (f *field) one(v reflect.Value, text string) error {
	if v.Kind() == reflect.String {
		if err := f.refuse(f.limits.text(text)); err != nil {
			return err
		}
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			var refused *apierr.Error
			if errors.As(err, &refused) {
				return err // the type has its own text
			}
			return f.invalid(err.Error())
		}
		if v.CanInt() {
			return f.refuse(f.limits.number(v.Int()))
		}
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := parseBool(text)
		if err != nil {
			return f.invalid("true or false is expected")
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := wire.ParseWhole(text)
		if err != nil {
			return f.invalid(err.Error())
		}
		v.SetInt(n)
		return f.refuse(f.limits.number(n))
	default:
		panic("a parameter cannot be of type " + v.Type().String())
	}
	return nil
}

// refuse returns the refusal of a value by a limit; nil if wrong is empty.
func (f *field) refuse(wrong string) error {
	switch {
	case wrong == "":
		return nil
	case f.limits.refusal != "":
		return apierr.Invalid("%s", f.limits.refusal)
	}
	return f.invalid(wrong)
}

func (f *field) invalid(why string) error {
	return apierr.Invalid("Invalid value for %s: %s", f.name, why)
}

// parseBool accepts true and false in any case, because the Python SDK sends True and False.
func parseBool(text string) (bool, error) {
	switch {
	case strings.EqualFold(text, "true"), text == "1":
		return true, nil
	case strings.EqualFold(text, "false"), text == "0":
		return false, nil
	}
	return false, strconv.ErrSyntax
}

// peer returns the other end of the request.
func (x *exchange) peer() Peer {
	p := Peer{Address: x.address, UserAgent: x.r.UserAgent(), Site: "http://" + x.r.Host, request: x.r}
	if len(p.UserAgent) > 1000 {
		p.UserAgent = p.UserAgent[:1000]
	}
	p.UserAgent = strings.ToValidUTF8(p.UserAgent, "?")
	// the scheme is the one that a trusted proxy reports
	if isSecure(x.r) {
		p.Site = "https://" + x.r.Host
	}
	if x.r.TLS != nil {
		p.Certificates = x.r.TLS.PeerCertificates
	}
	return p
}
