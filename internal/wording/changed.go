package wording

import "slices"

// Text is a text in a request.
type Text struct {
	Field string // its name in the API
	Was   string // the stored value
	Value string
	Check func(field, value string) error // nil: Line
}

// Changed checks each text whose value differs from the stored one, and returns the first error.
// Texts that earlier versions accepted may stay, because programs that change something else send
// them back.
func Changed(texts ...Text) error {
	for _, t := range texts {
		if t.Value == t.Was {
			continue
		}
		check := t.Check
		if check == nil {
			check = Line
		}
		if err := check(t.Field, t.Value); err != nil {
			return err
		}
	}
	return nil
}

// ChangedList returns an error for the first value that was not in the stored list and is not a
// line.
func ChangedList(field string, were, values []string) error {
	for _, value := range values {
		if slices.Contains(were, value) {
			continue
		}
		if err := Line(field, value); err != nil {
			return err
		}
	}
	return nil
}
