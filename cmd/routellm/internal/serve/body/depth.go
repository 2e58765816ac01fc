package body

import "strings"

// deepestBody is the number of levels to which a body's values may nest. Servers end between 128
// and 1,000 levels, some of them with an error that looks like their own.
const deepestBody = 128

// tooDeep reports whether values of a valid JSON text nest too deeply.
func tooDeep(raw string) bool {
	if strings.Count(raw, "[")+strings.Count(raw, "{") <= deepestBody {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++ // the next character is escaped
		case quoted:
		case c == '[' || c == '{':
			depth++
			if depth > deepestBody {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}
