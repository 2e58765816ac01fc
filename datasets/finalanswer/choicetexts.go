package finalanswer

import (
	"regexp"
	"strings"
)

// listedChoice matches a line of a prompt that lists a choice: "B. Paris", "(b) Paris" or "2) Paris".
var listedChoice = regexp.MustCompile(`^\s*(?:[-*]\s+)?[(\[]?([A-Za-z0-9])[)\].:]+\s+(\S.*?)\s*$`)

// InPrompt returns the texts of the choices that a prompt lists, one per line, in the order A, B, C...
// or 1, 2, 3... Of several lists the last one counts, since the others are examples. It returns nil
// if there are fewer than two.
func InPrompt(prompt string) []string {
	var texts, last []string
	for line := range strings.Lines(prompt) {
		m := listedChoice.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		switch name := strings.ToUpper(m[1]); {
		case len(texts) > 0 && place(name, texts[0][:1]) == len(texts):
			texts = append(texts, m[1]+m[2])
		case name == "A" || name == "1" || name == "0":
			texts = []string{name + m[2]}
		default:
			texts = nil
		}
		if len(texts) > 1 {
			last = texts
		}
	}
	var out []string
	for _, t := range last {
		out = append(out, t[1:])
	}
	return out
}

// place returns the place of a choice in a list that begins with first, -1 if it is in none.
func place(name, first string) int {
	if digit(name, 0) != digit(first, 0) {
		return -1
	}
	return int(name[0]) - int(first[0])
}
