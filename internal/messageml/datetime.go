package messageml

import (
	"strconv"

	"podium/internal/messageml/jsontree"
)

// dateTime is a moment that each reader's client shows in its own zone.
var dateTime = &kind{name: "dateTime", class: "datetime", bit: inOther, attributes: texts("value", "format"),
	numbered: true,
	check: func(b *builder, e *element) error {
		e.children = nil
		if err := e.requireText("value"); err != nil {
			return err
		}
		if err := e.oneOf("format", "format", "date_time", "date", "time", "time_secs"); err != nil {
			return err
		}
		value := e.attr("value")
		if !isOffsetDateTime(value) {
			return refuse(`Attribute "value" has invalid date format`)
		}
		e.entity = &entity{text: value}
		var err error
		e.entity.id, err = b.entry(e, "datetime", func() *jsontree.Object {
			var format jsontree.Value
			if given, ok := e.get("format"); ok {
				format = given
			}
			data := jsontree.NewObject().With("value", value).With("type", dateTimeType+".datetime").With("format", format)
			return jsontree.NewObject().With("type", dateTimeType).With("version", "1.0").With("data", data)
		})
		return err
	},
	write: func(w *writer, e *element) {
		w.raw("<span>")
		w.open("time")
		w.attr("data-entity-id", e.entity.id)
		w.attr("datetime", e.attr("value"))
		w.given(e, "format", "data-format")
		w.end()
		w.escape(e.entity.text)
		w.close("time")
		w.raw("</span>")
	},
}

// timeTag is what a dateTime became. It is taken back, so that a bot can send again what it read.
var timeTag = &kind{name: "time", class: "datetime", bit: inOther, attributes: texts("data-entity-id", "datetime", "data-format"),
	check: func(b *builder, e *element) error {
		if err := e.require("data-entity-id"); err != nil {
			return err
		}
		return e.only(inText)
	},
	write: func(w *writer, e *element) {
		w.open("time")
		w.given(e, "data-entity-id", "data-entity-id")
		w.given(e, "datetime", "datetime")
		w.given(e, "data-format", "data-format")
		w.end()
		w.children(e)
		w.close("time")
	},
}

// isOffsetDateTime reports whether Java's ISO_OFFSET_DATE_TIME reads the text: date, T, time with
// optional seconds and fraction, and an offset of at most 18 hours.
func isOffsetDateTime(text string) bool {
	if len(text) < len("2020-01-01T00:00Z") || !isDate(text[:10]) || text[10] != 'T' && text[10] != 't' {
		return false
	}
	rest := text[11:]
	if !inRange(rest, 0, 23) || rest[2] != ':' || !inRange(rest[3:], 0, 59) {
		return false
	}
	rest = rest[5:]
	if len(rest) > 2 && rest[0] == ':' {
		if !inRange(rest[1:], 0, 59) {
			return false
		}
		rest = rest[3:]
		if len(rest) > 1 && rest[0] == '.' {
			n := 1
			for n < len(rest) && '0' <= rest[n] && rest[n] <= '9' {
				n++
			}
			if n > 10 {
				return false
			}
			rest = rest[n:]
		}
	}
	return isOffset(rest)
}

// isOffset reports whether the text is Z, ±hh:mm or ±hh:mm:ss, of at most 18 hours.
func isOffset(text string) bool {
	if text == "Z" || text == "z" {
		return true
	}
	if len(text) != 6 && len(text) != 9 || text[0] != '+' && text[0] != '-' || !inRange(text[1:], 0, 18) ||
		text[3] != ':' || !inRange(text[4:], 0, 59) {
		return false
	}
	seconds := "00"
	if len(text) == 9 {
		if text[6] != ':' || !inRange(text[7:], 0, 59) {
			return false
		}
		seconds = text[7:]
	}
	return text[1:3] != "18" || text[4:6] == "00" && seconds == "00"
}

// inRange reports whether the text begins with two digits that are a number of the range.
func inRange(text string, min, max int) bool {
	if len(text) < 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9' {
		return false
	}
	n := int(text[0]-'0')*10 + int(text[1]-'0')
	return min <= n && n <= max
}

// isDate reports whether the text is a day that there is, as yyyy-mm-dd.
func isDate(text string) bool {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' || !inRange(text[5:], 1, 12) || !inRange(text[8:], 1, 31) {
		return false
	}
	year, err := strconv.Atoi(text[:4])
	if err != nil || text[0] == '+' || text[0] == '-' {
		return false
	}
	month, _ := strconv.Atoi(text[5:7])
	day, _ := strconv.Atoi(text[8:])
	return day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
