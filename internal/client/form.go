package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// FormFile is a file in a form, as EncodeForm reads it. Content and Base64 are its content in two
// spellings; one of them is enough.
type FormFile struct {
	Name    string `json:"name"`
	Content string `json:"content"`
	Base64  []byte `json:"base64"`
}

// EncodeForm returns the multipart body of a form that is written as a JSON object, and its media
// type. The members are the parts, in their order: a text, a number, true or false, or a FormFile.
// An array is several parts of one name.
func EncodeForm(object []byte) (body []byte, contentType string, err error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, "", errors.New("the parts of a form must be a JSON object")
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, "", err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, "", err
		}
		var several []json.RawMessage
		if json.Unmarshal(value, &several) != nil {
			several = []json.RawMessage{value}
		}
		for _, one := range several {
			if err := addPart(w, fmt.Sprint(name), one); err != nil {
				return nil, "", err
			}
		}
	}
	err = w.Close()
	return out.Bytes(), w.FormDataContentType(), err
}

// quoted escapes a text between quotation marks, as browsers do.
var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// addPart writes one part of a form.
func addPart(w *multipart.Writer, name string, value json.RawMessage) error {
	if value[0] != '{' {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		return w.WriteField(name, text)
	}
	var file FormFile
	if err := json.Unmarshal(value, &file); err != nil {
		return fmt.Errorf("the part %s: %w", name, err)
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="` + quoted.Replace(name) + `"; filename="` + quoted.Replace(file.Name) + `"`},
		"Content-Type":        {"application/octet-stream"},
	})
	if err == nil {
		_, err = part.Write(append([]byte(file.Content), file.Base64...))
	}
	return err
}
