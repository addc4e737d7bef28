package messageml

import (
	"podium/internal/messageml/jsontree"
)

// maxJSON is the longest JSON in an attribute, in UTF-16 units.
const maxJSON = 1024

// interval is how one kind of picker describes days or times that cannot be picked.
type interval struct {
	noun   string // as error texts call it: "Date interval"
	single string // the member that names one: "day"
	list   string // the type of a single one: "date"
	days   bool   // days of the week may be named
	check  func(value string) error
}

var dateInterval = interval{noun: "Date interval", single: "day", list: "date", days: true, check: func(value string) error {
	if !isDate(value) {
		return refuse(`"%s" is not a valid date in ISO_8601 format`, value)
	}
	return nil
}}

var timeInterval = interval{noun: "Time interval", single: "time", list: "time", check: func(value string) error {
	if !isTime(value) {
		return refuse(`"%s" is not a valid time, only HH:mm:ss format is allowed`, value)
	}
	return nil
}}

// read checks an attribute of intervals and returns it with their types, as it is written out. What
// came back as PresentationML has the types already.
func (kind interval) read(e *element, name string) error {
	text, ok := e.get(name)
	if !ok {
		return nil
	}
	if length(text) > maxJSON {
		return refuse(`Attribute "%s" exceed maximum allowed length (%d)`, name, maxJSON)
	}
	v, err := jsontree.Parse(text)
	if err != nil {
		return refuse(`Error parsing json in attribute "%s": %s`, name, err.Error())
	}
	list, ok := v.(*jsontree.Array)
	if v == nil {
		return kind.unknown()
	}
	if !ok {
		return refuse(`Error parsing json in attribute "%s": an array is expected`, name)
	}
	typed := &jsontree.Array{}
	for _, item := range list.Items {
		if item == nil {
			return kind.unknown()
		}
		object, ok := item.(*jsontree.Object)
		if !ok {
			return refuse(`Error parsing json in attribute "%s": an object is expected`, name)
		}
		one, err := kind.one(e, name, object)
		if err != nil {
			return err
		}
		typed.Items = append(typed.Items, one)
	}
	if !e.presented {
		e.set(name, jsontree.Text(typed))
	}
	return nil
}

func (kind interval) unknown() error { return refuse("%s 'type' is unknown or null", kind.noun) }

// one checks one interval: a single day or time, a range, or days of the week.
func (kind interval) one(e *element, name string, o *jsontree.Object) (*jsontree.Object, error) {
	for _, member := range o.Names() {
		known := member == kind.single || member == "from" || member == "to" || kind.days && member == "daysOfWeek" || e.presented && member == "type"
		if !known {
			return nil, refuse(`Error parsing json in attribute "%s": Unrecognized field "%s"`, name, member)
		}
	}
	text := func(member string) (string, bool) {
		v, ok := o.Get(member)
		s, isText := v.(string)
		return s, ok && isText
	}
	single, hasSingle := text(kind.single)
	from, hasFrom := text("from")
	to, hasTo := text("to")
	days, _ := o.Get("daysOfWeek")
	week, hasDays := days.(*jsontree.Array)
	switch {
	case hasSingle && !hasFrom && !hasTo && !hasDays:
		return jsontree.NewObject().With("type", kind.list).With(kind.single, single), kind.check(single)
	case hasFrom && hasTo && !hasSingle && !hasDays:
		if err := kind.check(from); err != nil {
			return nil, err
		}
		return jsontree.NewObject().With("type", "range").With("from", from).With("to", to), kind.check(to)
	case hasDays && !hasSingle && !hasFrom && !hasTo:
		for _, day := range week.Items {
			n, ok := day.(jsontree.Number)
			if i, whole := n.Int(); !ok || !whole || !i.IsInt64() || i.Int64() < 0 || i.Int64() > 6 {
				return nil, refuse("'daysOfWeek' out of range [0-6]")
			}
		}
		return jsontree.NewObject().With("type", "weekdays").With("daysOfWeek", week), nil
	}
	return nil, kind.unknown()
}

// isTime reports whether the text is a time as HH:mm:ss.
func isTime(text string) bool {
	return len(text) == 8 && inRange(text, 0, 23) && text[2] == ':' && inRange(text[3:], 0, 59) && text[5] == ':' && inRange(text[6:], 0, 59)
}

// list writes an attribute of JSON: in single quotes, but as it was where it came back.
func (w *writer) list(e *element, name, as string) {
	text, ok := e.get(name)
	switch {
	case ok && e.presented:
		w.attr(as, text)
	case ok:
		w.json(as, text)
	}
}
