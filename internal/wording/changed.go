package wording

import "slices"

// Text is a text that a request gives.
type Text struct {
	Field string // its name, as clients know it
	Was   string // what stands in its place so far
	Value string
	Check func(field, value string) error // nil: Line
}

// Changed refuses the first text that is not what it was and that its check refuses. Texts that earlier versions
// have taken may stay, and are sent back by programs that change something else.
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

// ChangedList refuses the first value of a list that was not in it and is not a line.
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
