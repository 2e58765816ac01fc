package encoder

import "unicode"

// The Python library's tables follow Unicode 8, which is older than Go's. It treats
// characters that have become a mark, punctuation or a control character since then as
// letters.

// isControl reports whether BERT drops r as a control character. That includes U+0085,
// which is white space elsewhere.
func isControl(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) && !unicode.Is(newer, r)
}

// isPunctuation reports whether BERT treats r, a character beyond ASCII, as a word of its
// own.
func isPunctuation(r rune) bool {
	return unicode.IsPunct(r) && !unicode.Is(newer, r) || r == '\u166D' || r == '\U000111C9'
}

// isAccent reports whether BERT drops r as a mark.
func isAccent(r rune) bool {
	return unicode.Is(unicode.Mn, r) && !unicode.Is(newer, r) || r == '\u1734'
}

// isCJK reports whether r is in one of BERT's blocks of Chinese characters.
func isCJK(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x2A6DF ||
		r >= 0x2A700 && r <= 0x2B73F || r >= 0x2B740 && r <= 0x2B81F || r >= 0x2B920 && r <= 0x2CEAF ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0x2F800 && r <= 0x2FA1F
}

// newer covers the marks, punctuation and control characters that were none in Unicode 8.
// To be short, its ranges also span characters of other classes in between.
var newer = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x061d, 0x061d, 1}, {0x07fd, 0x07fd, 1}, {0x0890, 0x08e2, 1}, {0x09fd, 0x09fe, 1},
		{0x0a76, 0x0a76, 1}, {0x0afa, 0x0aff, 1}, {0x0b55, 0x0b55, 1}, {0x0c04, 0x0c3c, 1},
		{0x0c77, 0x0c77, 1}, {0x0c84, 0x0c84, 1}, {0x0d00, 0x0d00, 1}, {0x0d3b, 0x0d3c, 1},
		{0x0d81, 0x0d81, 1}, {0x0eba, 0x0eba, 1}, {0x0ece, 0x0ece, 1}, {0x180f, 0x1886, 1},
		{0x1abf, 0x1ace, 1}, {0x1b7d, 0x1b7e, 1}, {0x1df6, 0x1dfb, 1}, {0x2e43, 0x2e5d, 1},
		{0xa82c, 0xa82c, 1}, {0xa8c5, 0xa8c5, 1}, {0xa8ff, 0xa8ff, 1}, {0xa9bd, 0xa9bd, 1},
	},
	R32: []unicode.Range32{
		{0x10d24, 0x10f89, 1}, {0x11070, 0x11074, 1}, {0x110c2, 0x110cd, 1}, {0x111c9, 0x111c9, 1},
		{0x111cf, 0x111cf, 1}, {0x1123e, 0x11241, 1}, {0x1133b, 0x1133b, 1}, {0x11438, 0x1145e, 1},
		{0x11660, 0x1166c, 1}, {0x116b9, 0x116b9, 1}, {0x1182f, 0x11fff, 1}, {0x12ff1, 0x13455, 1},
		{0x16e97, 0x16f4f, 1}, {0x16fe2, 0x16fe4, 1}, {0x1cf00, 0x1cf46, 1}, {0x1e000, 0x1e4ef, 1},
		{0x1e944, 0x1e95f, 1},
	},
}
