package bulk

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is the character encoding of a file.
type Encoding string

// The encodings that are recognised.
const (
	UTF8        Encoding = "UTF-8"
	UTF16LE     Encoding = "UTF-16LE"
	UTF16BE     Encoding = "UTF-16BE"
	Windows1252 Encoding = "Windows-1252"
)

// Recognise returns the encoding of a file by its byte order mark. Without one it is UTF-16 by the
// position of zero bytes, UTF-8 if all of it is valid UTF-8, and otherwise Windows-1252, in which
// spreadsheets write CSV.
func Recognise(file io.ReadSeeker) (Encoding, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return UTF8, nil
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return UTF16LE, nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return UTF16BE, nil
	}
	if e := byZeros(head); e != "" {
		return e, nil
	}
	valid, err := validUTF8(io.MultiReader(bytes.NewReader(head), file))
	switch {
	case err != nil:
		return "", err
	case valid:
		return UTF8, nil
	}
	return Windows1252, nil
}

// byZeros recognises UTF-16 without a byte order mark: every second byte of the Latin letters,
// digits and commas of a header is zero.
func byZeros(head []byte) Encoding {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	enough := len(head) / 5
	switch {
	case zeros[1] > enough && zeros[0] == 0:
		return UTF16LE
	case zeros[0] > enough && zeros[1] == 0:
		return UTF16BE
	}
	return ""
}

// validUTF8 reports whether a whole text is valid UTF-8.
func validUTF8(text io.Reader) (bool, error) {
	buffer := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := text.Read(buffer[kept:])
		data := buffer[:kept+n]
		for len(data) > 0 && (utf8.FullRune(data) || err != nil) {
			r, size := utf8.DecodeRune(data)
			if r == utf8.RuneError && size == 1 {
				return false, nil
			}
			data = data[size:]
		}
		kept = copy(buffer, data)
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// Text returns a file's text in UTF-8 from its beginning, without a byte order mark.
func Text(file io.ReadSeeker, e Encoding) (io.Reader, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	decodings := map[Encoding]encoding.Encoding{
		UTF8:        unicode.UTF8BOM,
		UTF16LE:     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		UTF16BE:     unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		Windows1252: charmap.Windows1252,
	}
	decoding, ok := decodings[e]
	if !ok {
		return nil, errors.New("the encoding is UTF-8, UTF-16LE, UTF-16BE or Windows-1252")
	}
	return transform.NewReader(file, decoding.NewDecoder()), nil
}
