package parquetfile

import (
	"encoding/json"
	"strings"
)

// appendCell appends a cell as JSON, which has no NaN and no infinite numbers: they are texts, as
// in a JSON file that this program reads.
func appendCell(dst []byte, c Cell) []byte {
	switch {
	case c.Kind == Missing:
		return append(dst, "null"...)
	case c.Kind == Text, c.Kind == JSON && !json.Valid([]byte(c.Text)), c.Kind == Number && strings.ContainsAny(c.Text, "NI"):
		return appendText(dst, c.Text)
	}
	return append(dst, c.Text...)
}

const hexDigits = "0123456789abcdef"

// appendText appends a text as a JSON string.
func appendText(dst []byte, text string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, text[from:i]...)
		switch from = i + 1; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(dst, text[from:]...), '"')
}
