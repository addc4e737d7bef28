package freemarker

import (
	"math/big"
	"strings"
)

// format writes a number with at least min and at most max digits behind the point, rounded half to
// even, and with commas between thousands if grouped.
func format(n *big.Rat, whole, min, max int, grouped bool) string {
	text := strings.TrimPrefix(roundHalfEven(n, max), "-")
	sign := ""
	if n.Sign() < 0 {
		sign = "-" // also of what is rounded to nothing, as Java writes it
	}
	head, tail, _ := strings.Cut(text, ".")
	for len(tail) > min && strings.HasSuffix(tail, "0") {
		tail = tail[:len(tail)-1]
	}
	for len(head) < whole {
		head = "0" + head
	}
	if whole == 0 && head == "0" && tail != "" {
		head = ""
	}
	if grouped {
		for i := len(head) - 3; i > 0; i -= 3 {
			head = head[:i] + "," + head[i:]
		}
	}
	if tail != "" {
		head += "." + tail
	}
	return sign + head
}

// roundHalfEven writes a number with just the digits behind the point.
func roundHalfEven(n *big.Rat, digits int) string {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	scaled := new(big.Rat).Mul(n, new(big.Rat).SetInt(scale))
	quotient, rest := new(big.Int).QuoRem(scaled.Num(), scaled.Denom(), new(big.Int))
	twice := new(big.Int).Abs(rest)
	twice.Lsh(twice, 1)
	if c := twice.Cmp(scaled.Denom()); c > 0 || c == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(int64(n.Sign())))
	}
	return new(big.Rat).SetFrac(quotient, scale).FloatString(digits)
}

// human writes a number as ${…} does: commas between thousands, at most three digits behind the
// point.
func human(n *big.Rat) string { return format(n, 1, 0, 3, true) }

// computer writes a number as ?c does: no commas, at most sixteen digits behind the point.
func computer(n *big.Rat) string { return format(n, 1, 0, 16, false) }

// formatted writes a number by a pattern such as 0.00 or #,##0.#, or by a name.
func formatted(n *big.Rat, pattern string) (string, bool) {
	switch pattern {
	case "number":
		return human(n), true
	case "computer", "c":
		return computer(n), true
	case "percent":
		return format(new(big.Rat).Mul(n, number(100)), 1, 0, 0, true) + "%", true
	case "currency":
		text := format(n, 1, 2, 2, true)
		if rest, negative := strings.CutPrefix(text, "-"); negative {
			return "-$" + rest, true
		}
		return "$" + text, true
	}
	start := strings.IndexAny(pattern, "0#.")
	if start < 0 {
		return "", false
	}
	end := strings.LastIndexAny(pattern, "0#.,") + 1
	prefix, digits, suffix := pattern[:start], pattern[start:end], pattern[end:]
	if strings.Trim(digits, "0#.,") != "" || strings.Count(digits, ".") > 1 || len(digits) > 64 {
		return "", false
	}
	head, tail, _ := strings.Cut(digits, ".")
	if strings.Contains(suffix, "%") {
		n = new(big.Rat).Mul(n, number(100))
	}
	text := format(n, strings.Count(head, "0"), strings.Count(tail, "0"), len(tail), strings.Contains(head, ","))
	if text == "" || text == "-" {
		text += "0"
	}
	return strings.ReplaceAll(prefix, "'", "") + text + strings.ReplaceAll(suffix, "'", ""), true
}
