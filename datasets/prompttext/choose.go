package prompttext

import (
	"slices"
	"strings"
)

// turn is a text and who says it.
type turn struct {
	user bool
	text string
}

// choose returns the text that mode chooses, and false if there is none to choose from.
func choose(turns []turn, mode Mode) (string, bool) {
	var texts []string
	for _, t := range turns {
		if t.user || mode == All {
			texts = append(texts, t.text)
		}
	}
	switch {
	case len(texts) == 0:
		return "", false
	case mode == All || mode == Users:
		return valid(lines(texts)), true
	case mode == First:
		return valid(texts[0]), true
	}
	return valid(texts[len(texts)-1]), true
}

// lines joins the non-empty texts with line breaks.
func lines(texts []string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), "\n")
}
