package harness

import "unicode/utf8"

// MaxText is the number of code points of a text that a [Scorer] encodes by default.
const MaxText = 1 << 20

// Limit sets the largest number of code points of a text that is encoded, at least 1, in place of
// [MaxText]. Routers that read the text itself get no more of it either. Its counts, such as the
// length, remain those of the whole text. Limit must not be called concurrently with other methods.
func (c *Scorer) Limit(chars int) { c.maxText = chars }

// capText returns the first limit code points of a text.
func capText(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := 0
	for ; limit > 0 && end < len(text); limit-- {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return text[:end]
}
