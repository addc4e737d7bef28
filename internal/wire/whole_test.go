package wire_test

import (
	"math"
	"strings"
	"testing"

	"podium/internal/wire"
)

func TestParseWhole(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "-7": -7, "843.0": 843, "843.000": 843, "-843.0": -843, "13056700580843.0": 13056700580843,
		"1.3056700580843E13": 13056700580843, "1.0E10": 1e10, "1.50e1": 15, "9.223372036854775807E18": math.MaxInt64, "1.0E+3": 1000,
		"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64, "0.0": 0,
	} {
		if got, err := wire.ParseWhole(text); err != nil || got != want {
			t.Errorf("%s is read as %d, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "-", ".", ".0", "1.", "1.5", "1.05E1", "1e3", "1.0e", "1.0e-1", "1.0E99999999999", "1e400", "1.0E19", "9223372036854775808",
		"1e30", "0x10", "1_000", "1 ", " 1", "1.0.0", "1.0e1e1", "NaN", "Infinity", "1,0", "--1", "1.-5", "٣", strings.Repeat("1", 10_000),
		"1." + strings.Repeat("0", 100),
	} {
		if got, err := wire.ParseWhole(text); err == nil {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}
