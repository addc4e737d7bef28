package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// Place is how far an export is. The zero Place is before the first line.
type Place struct {
	Number     int64 // of the last fact
	Hash       Hash  // of its seal
	Checkpoint int64 // the number of the last checkpoint
	cursor     journal.Cursor
}

// Export writes at most limit sealed facts after a place as JSON Lines, in the order of the chain.
// Each fact is a line with its number and hash; after the last fact of a batch follows a line
// {"checkpoint": …}. Earlier lines stay valid; if the last one belongs to another chain, Export
// fails.
func Export(tx *db.Tx, w io.Writer, company wire.CompanyID, from Place, limit int) (Place, error) {
	if err := from.find(tx, company); err != nil {
		return from, err
	}
	src := stored(tx, company)
	seals, err := src.seals(from.Number, limit)
	if err != nil {
		return from, err
	}
	facts, err := src.facts(from.cursor, len(seals))
	if err != nil {
		return from, err
	}
	checkpoints, err := src.checkpoints(from.Checkpoint, len(seals)+1)
	if err != nil {
		return from, err
	}
	var out bytes.Buffer
	at := from
	signed := func() { // the checkpoints up to the last written fact
		for len(checkpoints) > 0 && checkpoints[0].Number <= at.Number {
			fmt.Fprintf(&out, "{\"checkpoint\":%s}\n", checkpoints[0])
			at.Checkpoint = checkpoints[0].Number
			checkpoints = checkpoints[1:]
		}
	}
	signed()
	for i, s := range seals {
		if i >= len(facts) || facts[i].Cursor != s.Cursor || s.Number != at.Number+1 {
			return from, fmt.Errorf("the chain is broken at number %d: see `podium audit verify`", at.Number+1)
		}
		line, err := line(s, facts[i])
		if err != nil {
			return from, err
		}
		out.Write(line)
		at.Number, at.Hash, at.cursor = s.Number, s.Hash, s.Cursor
		signed()
	}
	_, err = w.Write(out.Bytes())
	return at, err
}

// find finds the cursor of a place in the log.
func (p *Place) find(tx *db.Tx, company wire.CompanyID) error {
	if p.Number == 0 || p.cursor != (journal.Cursor{}) {
		return nil
	}
	s, err := db.One(tx, scanSeal, selectSeals+` WHERE company = $1 AND number = $2`, company, p.Number)
	if err != nil {
		return fmt.Errorf("company %d has no sealed fact of number %d: %w", company, p.Number, err)
	}
	if p.Hash != (Hash{}) && p.Hash != s.Hash {
		return fmt.Errorf("the fact of number %d is not the one of company %d's chain", p.Number, company)
	}
	p.cursor = s.Cursor
	return nil
}

// line returns a fact with its seal as JSON, with a member for each column. The fact is embedded as
// JSON if that does not change its stored text.
func line(s Seal, fact journal.Raw) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"number":%d`, s.Number)
	for i, name := range journal.Columns() {
		value := fact.Values[i]
		if text, ok := value.(string); ok && name == "data" && plain(text) {
			value = json.RawMessage(text)
		}
		var member bytes.Buffer
		encoder := json.NewEncoder(&member)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(value); err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, `,"%s":%s`, name, bytes.TrimSuffix(member.Bytes(), []byte("\n")))
	}
	fmt.Fprintf(&b, `,"hash":"%s"}`+"\n", s.Hash)
	return b.Bytes(), nil
}

// plain reports whether a text is JSON without spaces, so that it is unchanged within other JSON.
func plain(text string) bool {
	var compact bytes.Buffer
	return json.Compact(&compact, []byte(text)) == nil && compact.String() == text
}

// Resume parses a line of an export, and moves the place after it.
func (p *Place) Resume(line []byte) error {
	var read struct {
		Number     int64           `json:"number"`
		Hash       Hash            `json:"hash"`
		Checkpoint json.RawMessage `json:"checkpoint"`
	}
	if err := json.Unmarshal(line, &read); err != nil {
		return fmt.Errorf("a line is not one of an export: %w", err)
	}
	if read.Checkpoint != nil {
		c, err := ParseCheckpoint(read.Checkpoint)
		p.Checkpoint = c.Number
		return err
	}
	if read.Number < 1 {
		return fmt.Errorf("a line is not one of an export")
	}
	p.Number, p.Hash, p.cursor = read.Number, read.Hash, journal.Cursor{}
	return nil
}
