package complaint

import (
	"slices"
	"strings"
	"unicode"
)

// Names reports whether the error is about a parameter: it gives the parameter's name alone, in
// quotes, or at the beginning of its message. A prompt that the error repeats may hold the word too.
func (c Complaint) Names(parameter string) bool {
	for line := range strings.Lines(c.words) {
		line = strings.TrimSpace(line)
		if line == parameter || strings.HasPrefix(line, parameter+":") || strings.HasPrefix(line, parameter+" ") {
			return true
		}
	}
	return c.says("'"+parameter+"'", `"`+parameter+`"`, "`"+parameter+"`")
}

// Mentions reports whether the error has a parameter's name as a word anywhere.
func (c Complaint) Mentions(parameter string) bool {
	words := strings.FieldsFunc(c.words, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.Contains(words, parameter)
}

// Unknown reports whether the server does not have a parameter at all, whatever its value.
func (c Complaint) Unknown(parameter string) bool {
	return c.Mentions(parameter) && c.says("unsupported", "not supported", "does not support", "doesn't support", "not permitted", "extra_forbidden",
		"unrecognized", "unknown", "unexpected", "not allowed", "not enabled", "deprecated")
}
