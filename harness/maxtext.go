package harness

import "unicode/utf8"

// MaxText is the number of code points of a text that a [Scorer] or a [PoolScorer] encodes by default.
const MaxText = 1 << 18

// Limit sets the largest number of code points of a text that is encoded, at least 1, in place of
// [MaxText]. Of a longer text, the first half of that number is encoded and, as what is asked often
// stands at the end, the last half. Routers that read the text itself get no more of it either. Its
// counts, such as the length, remain those of the whole text. Limit must not be called
// concurrently with other methods.
func (c *promptMaker) Limit(chars int) { c.maxText = chars }

// capText returns a text without its middle, a line break in its place, if the text has more than
// limit code points. It looks at no more than that many.
func capText(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end, start := 0, len(text)
	for range limit - limit/2 {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	for range limit / 2 {
		_, size := utf8.DecodeLastRuneInString(text[:start])
		start -= size
	}
	if start <= end {
		return text
	}
	return text[:end] + "\n" + text[start:]
}
