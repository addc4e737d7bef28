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
)

// plan says how a request becomes an input of one type. It is made once for each operation.
type plan struct {
	fields []field
	peer   int // the index of the field of type Peer, -1 for none
	json   int // the index of the field Body, -1 for none
}

// field is a parameter of the path, the query or the header.
type field struct {
	index    int
	in, name string
	fallback string
	required bool
	min, max *int64
}

func planFor(t reflect.Type) *plan {
	p := &plan{peer: -1, json: -1}
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Type == reflect.TypeFor[Peer]():
			p.peer = i
			continue
		case f.Name == "Body":
			p.json = i
			continue
		}
		parameter := field{index: i, fallback: f.Tag.Get("default"), min: bound(f, "min"), max: bound(f, "max")}
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
	}
	return p
}

func bound(f reflect.StructField, tag string) *int64 {
	text, ok := f.Tag.Lookup(tag)
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("field %s: %s is not a number", f.Name, tag))
	}
	return &n
}

// checkPath panics unless the input takes just the parameters that the path has.
func (p *plan) checkPath(id, route string) {
	for _, f := range p.fields {
		if f.in == "path" && !strings.Contains(route, "{"+f.name+"}") {
			panic(fmt.Sprintf("operation %s: the path has no parameter %s", id, f.name))
		}
	}
}

// parameters fills in all but the body.
func (p *plan) parameters(x *exchange, v reflect.Value) error {
	if p.peer >= 0 {
		v.Field(p.peer).Set(reflect.ValueOf(x.peer()))
	}
	for i := range p.fields {
		f := &p.fields[i]
		text := x.parameter(f)
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

// parameter is a parameter's text; empty when it is not given. In the query None and null are not
// given either: the Python SDK sends None for an argument that is left out.
func (x *exchange) parameter(f *field) string {
	switch f.in {
	case "path":
		return x.r.PathValue(f.name)
	case "header":
		return x.r.Header.Get(f.name)
	}
	if x.r.URL.RawQuery == "" {
		return ""
	}
	if x.query == nil {
		x.query = x.r.URL.Query()
	}
	text := strings.Join(x.query[f.name], ",") // one list may be written as several parameters
	if text == "None" || text == "null" {
		return ""
	}
	return text
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
		for part := range strings.SplitSeq(text, ",") {
			element := reflect.New(v.Type().Elem()).Elem()
			if err := f.one(element, strings.TrimSpace(part)); err != nil {
				return err
			}
			v.Set(reflect.Append(v, element))
		}
		return nil
	}
	return f.one(v, text)
}

func (f *field) one(v reflect.Value, text string) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			var refused *apierr.Error
			if errors.As(err, &refused) {
				return err // the type has its own words
			}
			return f.invalid(err.Error())
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
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return f.invalid("a whole number is expected")
		}
		if f.min != nil && n < *f.min {
			return f.invalid(fmt.Sprintf("it must be at least %d", *f.min))
		}
		if f.max != nil && n > *f.max {
			return f.invalid(fmt.Sprintf("it must be at most %d", *f.max))
		}
		v.SetInt(n)
	default:
		panic("a parameter cannot be of type " + v.Type().String())
	}
	return nil
}

func (f *field) invalid(why string) error {
	return apierr.Invalid("Invalid value for %s: %s", f.name, why)
}

// parseBool takes true and false however they are spelled: the Python SDK sends True and
// False.
func parseBool(text string) (bool, error) {
	switch {
	case strings.EqualFold(text, "true"), text == "1":
		return true, nil
	case strings.EqualFold(text, "false"), text == "0":
		return false, nil
	}
	return false, strconv.ErrSyntax
}

// peer is the other end of the request.
func (x *exchange) peer() Peer {
	p := Peer{Address: x.address, UserAgent: x.r.UserAgent(), Site: "http://" + x.r.Host}
	if len(p.UserAgent) > 1000 {
		p.UserAgent = p.UserAgent[:1000]
	}
	p.UserAgent = strings.ToValidUTF8(p.UserAgent, "?")
	if x.r.TLS != nil {
		p.Site = "https://" + x.r.Host
		p.Certificates = x.r.TLS.PeerCertificates
	}
	return p
}
