package wire

import (
	"errors"
	"strconv"
	"strings"
)

// maxWhole is the longest spelling of a whole number, in bytes.
const maxWhole = 64

var errWhole = errors.New("a whole number is expected")

// ParseWhole reads a whole number as clients write it: in digits, or as a floating point number
// such as 843.0 or 8.43E2 (Java). It fails for a number with a fraction or beyond 64 bits, and for
// an exponent without a decimal point, which no known program writes.
func ParseWhole(text string) (int64, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	if len(text) > maxWhole {
		return 0, errWhole
	}
	digits, exponent, err := scientific(text)
	if err != nil {
		return 0, err
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	switch {
	case whole == "" || whole == "-":
		return 0, errWhole
	case exponent > len(fraction):
		whole += fraction + strings.Repeat("0", exponent-len(fraction))
	case exponent >= 0:
		whole, fraction = whole+fraction[:exponent], fraction[exponent:]
		if strings.Trim(fraction, "0") != "" {
			return 0, errWhole
		}
	default:
		return 0, errWhole
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, errWhole
	}
	return n, nil
}

// scientific splits a number into its digits, which may contain a point, and its exponent. It fails
// unless the exponent is between 0 and 18, so that the number can fit 64 bits.
func scientific(text string) (digits string, exponent int, err error) {
	at := strings.IndexAny(text, "eE")
	digits = text
	if at >= 0 {
		digits = text[:at]
		exponent, err = strconv.Atoi(text[at+1:])
		if err != nil || exponent < 0 || exponent > 18 || !strings.Contains(digits, ".") {
			return "", 0, errWhole
		}
	}
	whole, fraction, pointed := strings.Cut(digits, ".")
	if pointed && fraction == "" || strings.Trim(fraction, "0123456789") != "" || strings.Trim(strings.TrimPrefix(whole, "-"), "0123456789") != "" {
		return "", 0, errWhole
	}
	return digits, exponent, nil
}
