package demobot

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// escape returns a text as MessageML. A dollar or a hash sign is written as a reference: the pod
// reads both as the start of an expression of a template. Characters that XML does not have are
// left out.
func escape(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case strings.ContainsRune(`<>&"'$#[]{}`, r):
			fmt.Fprintf(&out, "&#%d;", r)
		case r == '\n':
			out.WriteString("<br/>")
		case r == '\t' || r >= ' ' && r != '\uFFFE' && r != '\uFFFF':
			out.WriteRune(r)
		}
	}
	return out.String()
}

// plain returns the text of PresentationML, without its elements. Blocks become lines.
func plain(presentation string) string {
	d := xml.NewDecoder(strings.NewReader(presentation))
	d.Strict, d.Entity = false, xml.HTMLEntity
	var out strings.Builder
	for {
		token, err := d.Token()
		if err != nil { // the end; of text that is no XML, what was read
			return strings.TrimSpace(out.String())
		}
		switch t := token.(type) {
		case xml.CharData:
			out.Write(t)
		case xml.StartElement:
			if t.Name.Local == "br" {
				out.WriteByte('\n')
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "p", "li", "tr", "div", "pre":
				out.WriteByte('\n')
			}
		}
	}
}

// member is a member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// members returns the members of a JSON object in their order.
func members(object []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.Join(errors.New("the values of a form are not a JSON object"), err)
	}
	var list []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: fmt.Sprint(name)}
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	if _, err := d.Token(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return list, nil
}

// shown returns a submitted value as people read it: a text without quotation marks, anything else
// as JSON.
func shown(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}
