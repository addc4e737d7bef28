package dlp

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

// TestBlocksHaveEachWord checks that each word of a text, and each pair of words, is in a block,
// and that no block has a part of a word.
func TestBlocksHaveEachWord(t *testing.T) {
	t.Parallel()
	for _, length := range []int{1, 7, 100, 1000} {
		for _, size := range []int{0, 10, blockSize - 1, blockSize, blockSize + 1, 3*blockSize + 12_345} {
			var words []string
			number := make(map[string]int)
			for n := 0; n < size; {
				word := fmt.Sprint("w", len(words), strings.Repeat("x", len(words)%length))
				number[word] = len(words)
				words = append(words, word)
				n += len(word) + 1
			}
			last := 0 // of the block before
			err := eachBlock(iotest.HalfReader(strings.NewReader(strings.Join(words, " "))), func(block string) error {
				for i, word := range strings.Fields(block) {
					n, known := number[word]
					if !known || i == 0 && n > last || i > 0 && n != last+1 {
						t.Fatalf("length %d, size %d: %q follows word %d", length, size, word, last)
					}
					last = n
				}
				return nil
			})
			if err != nil || len(words) > 0 && last != len(words)-1 {
				t.Errorf("length %d, size %d: %d of %d words, %v", length, size, last, len(words), err)
			}
		}
	}
	long := strings.Repeat("x", 2*blockSize)
	blocks := 0
	if err := eachBlock(strings.NewReader(long), func(string) error { blocks++; return nil }); err != nil || blocks > 3 {
		t.Errorf("a text without white space has %d blocks: %v", blocks, err)
	}
}
