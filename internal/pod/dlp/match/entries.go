package match

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
)

// Entries returns the entries of a dictionary's content: UTF-8 with commas or line breaks between
// them. It fails with Invalid if the content is malformed, or an entry too long. In regular
// expressions a comma in brackets, or after a backslash, is part of the entry.
func Entries(content string, expressions bool) ([]string, error) {
	if !utf8.ValidString(content) || strings.ContainsRune(content, 0) {
		return nil, apierr.Invalid("data: text in UTF-8 is expected")
	}
	content = strings.TrimPrefix(content, "\ufeff")
	most, longest := MaxWords, maxWord
	separate := func(line string) []string { return strings.Split(line, ",") }
	if expressions {
		most, longest, separate = MaxExpressions, maxExpression, commas
	}
	var list []string
	known := make(map[string]bool)
	for line := range strings.FieldsFuncSeq(content, func(r rune) bool { return r == '\n' || r == '\r' }) {
		for _, entry := range separate(line) {
			entry = strings.TrimSpace(entry)
			switch {
			case entry == "" || known[entry]:
				continue
			case utf8.RuneCountInString(entry) > longest:
				return nil, apierr.Invalid("data: an entry has more than %d characters: %.60s", longest, entry)
			case len(list) == most:
				return nil, apierr.Invalid("data: there are more than %d entries", most)
			case !expressions && len(split(entry)) == 0:
				return nil, apierr.Invalid("data: an entry is not a word: %.60s", entry)
			}
			known[entry] = true
			list = append(list, entry)
		}
	}
	return list, nil
}

// commas divides a line at the commas that are not in brackets and not after a backslash.
func commas(line string) []string {
	var list []string
	begin, depth, class := 0, 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(' || c == '{':
			depth++
		case (c == ')' || c == '}') && depth > 0:
			depth--
		case c == ',' && depth == 0:
			list = append(list, line[begin:i])
			begin = i + 1
		}
	}
	return append(list, line[begin:])
}

// costOf returns how many steps a regular expression takes for a character, at most. It fails if
// that is more than maxCost, or the expression malformed. It does not write repetitions out.
func costOf(entry string) (int, error) {
	parsed, err := syntax.Parse(entry, syntax.Perl)
	var wrong *syntax.Error
	if errors.As(err, &wrong) {
		return 0, fmt.Errorf("%s", wrong.Code)
	}
	if err != nil {
		return 0, err
	}
	steps := cost(parsed)
	if steps > maxCost {
		return 0, errors.New("it repeats too much")
	}
	return steps, nil
}

// cost returns how many steps a regular expression takes for a character, or a number above
// maxCost.
func cost(re *syntax.Regexp) int {
	total := 1
	switch re.Op {
	case syntax.OpLiteral:
		total = len(re.Rune)
	case syntax.OpCharClass:
		total += len(re.Rune) / 32
	case syntax.OpRepeat:
		total = 0
	}
	for _, sub := range re.Sub {
		if total += cost(sub); total > maxCost {
			return maxCost + 1
		}
	}
	if re.Op == syntax.OpRepeat {
		total *= max(re.Min, re.Max, 1)
	}
	return min(total, maxCost+1)
}
