package body

import (
	"cmp"
	"slices"
)

// Edit puts a text in the place of the bytes from At to End.
type Edit struct {
	At, End int
	Text    string
}

// Edited returns a text with edits, which must not overlap. Its parts share the memory of the text.
func Edited(raw string, edits []Edit) Content {
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.At, b.At) })
	out, done := make(Content, 0, 2*len(edits)+1), 0
	for _, e := range edits {
		if e.At > done {
			out = append(out, raw[done:e.At])
		}
		if e.Text != "" {
			out = append(out, e.Text)
		}
		done = e.End
	}
	if done < len(raw) {
		out = append(out, raw[done:])
	}
	return out
}
