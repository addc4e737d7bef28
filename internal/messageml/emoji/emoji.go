// Package emoji has the short codes of emojis and the characters that they stand for, as the
// published Agent knows them. generate.py makes the table.
package emoji

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed table.txt
var table string

// byCode is made at the first use: 5,576 codes.
var byCode = sync.OnceValue(func() map[string]string {
	codes := make(map[string]string, 6000)
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		for _, code := range fields[1:] {
			codes[code] = fields[0]
		}
	}
	return codes
})

// Unicode returns the character of a short code, without colons, or "" if there is none. The case
// of letters matters.
func Unicode(code string) string { return byCode()[code] }
