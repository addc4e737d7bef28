package op

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"path"
	"reflect"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
)

// formPlan describes how a multipart body becomes the field Form of an input.
type formPlan struct {
	index int // of the field Form
	parts []formPart
}

// formPart is a part of a multipart body, or several of the same name: a text, a switch, or files.
type formPart struct {
	field
	files bool
}

// The limits of a multipart body that no declaration changes.
const (
	maxParts    = 256
	maxFileName = 255 // characters
)

// planForm returns the plan of a form's type.
func planForm(index int, t reflect.Type, missing func(string)) *formPlan {
	p := &formPlan{index: index}
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := f.Tag.Lookup("part")
		if !ok {
			panic(fmt.Sprintf("form %s: nothing says which part the field %s is", t, f.Name))
		}
		part := formPart{
			field: field{index: i, in: "part", name: name, fallback: f.Tag.Get("default"), limits: compileLimits(f.Type, f.Tag)},
			files: f.Type == reflect.TypeFor[[]Upload](),
		}
		part.required = f.Tag.Get("required") == "true"
		switch {
		case part.files && part.limits.MaxItems == 0, !part.files && part.limits.lacking(f.Type):
			missing(name)
		}
		p.parts = append(p.parts, part)
	}
	return p
}

// read reads a multipart body into a form. Files go to temporary files while they arrive. Parts
// that the form does not have are skipped and named in the header Podium-Ignored; an empty part
// counts as absent.
func (p *formPlan) read(f *Frame, b *Bound, x *exchange, form reflect.Value) error {
	kind, parameters, err := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return apierr.UnsupportedType("multipart/form-data")
	}
	limit := max(b.MaxBody, f.MaxBody)
	body, err := openBody(x, limit)
	if err != nil || body == nil {
		return bodyError(x, err, limit)
	}
	var unknown ignored
	defer func() { unknown.tell(x.w.Header()) }()
	whole := &closed{Reader: body, mark: []byte("--" + parameters["boundary"] + "--")}
	reader := multipart.NewReader(whole, parameters["boundary"])
	given := make([]bool, len(p.parts))
	for n := 0; ; n++ {
		part, err := reader.NextPart()
		switch {
		case err == io.EOF && whole.seen:
			return p.complete(form, given)
		case err == io.EOF: // a part may be missing
			return errForm
		case err != nil:
			return formError(x, err, limit)
		case n == maxParts:
			return apierr.Invalid("The request body has more than %d parts", maxParts)
		}
		i := p.named(part.FormName())
		if i < 0 {
			unknown.addPart(part.FormName())
			continue
		}
		got, err := p.parts[i].read(f, x, part, form.Field(p.parts[i].index))
		if err != nil {
			return formError(x, err, limit)
		}
		if got && given[i] && !p.parts[i].files {
			return p.parts[i].invalid("it is given more than once")
		}
		given[i] = given[i] || got
	}
}

// formError returns the client's error for a form that cannot be read.
func formError(x *exchange, err error, limit int64) error {
	var refused *apierr.Error
	if errors.As(err, &refused) {
		return refused
	}
	var failed *spoolError
	if errors.As(err, &failed) {
		return failed.error
	}
	var malformed textproto.ProtocolError
	if strings.HasPrefix(err.Error(), "multipart:") || errors.Is(err, multipart.ErrMessageTooLarge) || errors.As(err, &malformed) {
		return errForm
	}
	return bodyError(x, err, limit)
}

var errForm = apierr.Invalid("The request body is not a valid multipart form")

// closed reads a form and notices whether its last boundary comes. Without that, the form may be a
// part of what the client meant to send.
type closed struct {
	io.Reader
	mark []byte
	tail []byte // the last bytes read, one less than the mark has
	seen bool
}

func (c *closed) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.seen || n == 0 {
		return n, err
	}
	fresh := p[:n]
	c.tail = append(c.tail, fresh[:min(n, len(c.mark))]...)
	c.seen = bytes.Contains(c.tail, c.mark) || bytes.Contains(fresh, c.mark)
	if n > len(c.mark) {
		c.tail = append(c.tail[:0], fresh[n-len(c.mark)+1:]...)
	} else if extra := len(c.tail) - len(c.mark) + 1; extra > 0 {
		c.tail = append(c.tail[:0], c.tail[extra:]...)
	}
	return n, err
}

func (p *formPlan) named(name string) int {
	for i := range p.parts {
		if p.parts[i].name == name {
			return i
		}
	}
	return -1
}

// complete sets what was not given to its default.
func (p *formPlan) complete(form reflect.Value, given []bool) error {
	for i := range p.parts {
		part := &p.parts[i]
		switch {
		case given[i]:
		case part.required:
			return part.invalid("it is required")
		case part.fallback != "":
			if err := part.set(form.Field(part.index), part.fallback); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads one part into a field of the form. got is false for an empty part.
func (part *formPart) read(f *Frame, x *exchange, in *multipart.Part, v reflect.Value) (got bool, err error) {
	if !part.files {
		text, err := part.text(f, x, in)
		if err != nil || text == "" {
			return false, err
		}
		return true, part.set(v, text)
	}
	name, err := part.fileName(in)
	if err != nil {
		return false, err
	}
	upload, err := x.spool(f, in)
	if err != nil || name == "" && upload.Size == 0 {
		return false, err
	}
	if name == "" {
		return false, part.invalid("the file has no name")
	}
	if wrong := part.limits.items(v.Len()+1, false); wrong != "" {
		return false, part.refuse(wrong)
	}
	upload.Name, upload.Type = name, in.Header.Get("Content-Type")
	v.Set(reflect.Append(v, reflect.ValueOf(upload)))
	return true, nil
}

// text reads a part that is a text. It stops at the first byte beyond what the limit allows.
func (part *formPart) text(f *Frame, x *exchange, in io.Reader) (string, error) {
	most := int64(maxWord)
	if part.limits.MaxLength > 0 {
		most = int64(part.limits.MaxLength) * utf8.UTFMax
	}
	if f.Bodies != nil {
		in = &budgeted{in, f.Bodies, x, 0}
	}
	text := buffer()
	defer release(text)
	if _, err := text.ReadFrom(io.LimitReader(in, most+1)); err != nil {
		return "", err
	}
	if int64(text.Len()) > most {
		return "", part.refuse(fmt.Sprintf("it has more than %d characters", most/utf8.UTFMax))
	}
	return text.String(), nil
}

// FileName returns the name of a file without folders. Some clients send the path of the file on
// their machine.
func FileName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

// fileName returns a file's name, or an empty text for a part without a name.
func (part *formPart) fileName(in *multipart.Part) (string, error) {
	_, parameters, err := mime.ParseMediaType(in.Header.Get("Content-Disposition"))
	if err != nil {
		return "", part.invalid("the Content-Disposition cannot be read")
	}
	name := parameters["filename"]
	if name == "" {
		return "", nil
	}
	switch name = FileName(name); {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", part.invalid("the file's name is not valid text")
	case utf8.RuneCountInString(name) > maxFileName:
		return "", part.invalid(fmt.Sprintf("the file's name has more than %d characters", maxFileName))
	case name == "." || name == ".." || name == "/":
		return "", part.invalid("the file has no name")
	}
	return name, nil
}
