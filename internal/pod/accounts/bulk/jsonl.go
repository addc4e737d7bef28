package bulk

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"podium/internal/pod/accounts"
)

// jsonSource reads a JSON Lines file.
type jsonSource struct {
	scanner *bufio.Scanner
	number  int
	line    int
}

// NewJSONL reads a JSON Lines text: an object on each line, with the members of the published
// V2UserAttributes, and roles, status and currentKey (a text, or an object with key). It also
// accepts the answers of the published operations (userAttributes, userSystemInfo, roles).
func NewJSONL(text io.Reader) Source {
	s := &jsonSource{scanner: bufio.NewScanner(text)}
	s.scanner.Buffer(make([]byte, 0, 64<<10), maxRow)
	return s
}

func (s *jsonSource) Next() (Row, error) {
	for s.scanner.Scan() {
		s.line++
		data := bytes.TrimSpace(s.scanner.Bytes())
		if len(data) == 0 {
			continue
		}
		s.number++
		row := Row{Number: s.number, Line: s.line}
		row.Err = readObject(data, &row.Account)
		defaults(&row.Account)
		return row, nil
	}
	if err := s.scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return Row{}, fmt.Errorf("line %d has more than %d bytes", s.line+1, maxRow)
	} else if err != nil {
		return Row{}, err
	}
	return Row{}, io.EOF
}

func readObject(data []byte, a *accounts.New) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return errors.New("the line is not a JSON object")
	}
	for name, value := range members {
		if string(value) == "null" {
			continue
		}
		switch name {
		case "userAttributes":
			if err := readObject(value, a); err != nil {
				return err
			}
			continue
		case "userSystemInfo":
			if err := readSystemInfo(value, a); err != nil {
				return err
			}
			continue
		case "features", "apps", "groups", "disclaimers", "avatar", "previousKey":
			continue // other members of an answer of the pod
		}
		c, ok := columnNamed(name)
		if !ok {
			return fmt.Errorf("there is no attribute %q", name)
		}
		if c.list != nil && json.Unmarshal(value, c.list(a)) == nil {
			continue
		}
		cell, err := cellOf(c, value)
		if err != nil {
			return err
		}
		if err := c.set(a, cell); err != nil {
			return err
		}
	}
	return nil
}

func readSystemInfo(value json.RawMessage, a *accounts.New) error {
	var info struct {
		Status string `json:"status"`
	}
	if err := json.Unmarshal(value, &info); err != nil {
		return wrong("userSystemInfo", "an object is expected")
	}
	return setStatus(a, info.Status)
}

// cellOf returns a member's value in the form of a CSV cell.
func cellOf(c column, value json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, nil
	}
	var texts []string
	if c.name == "roles" && json.Unmarshal(value, &texts) == nil {
		return strings.Join(texts, "\n"), nil
	}
	if c.ignored {
		return "", nil
	}
	var key struct {
		Key string `json:"key"`
	}
	if c.name == "currentKey" && json.Unmarshal(value, &key) == nil {
		return key.Key, nil
	}
	if c.list != nil || c.name == "roles" {
		return "", wrong(c.name, "an array of strings is expected")
	}
	return "", wrong(c.name, "a string is expected")
}
