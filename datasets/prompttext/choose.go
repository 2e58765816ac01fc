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
	c := chooser{mode: mode}
	for _, t := range turns {
		c.add(t)
	}
	return c.chosen()
}

// chooser takes turns one by one and keeps no more than the text that mode chooses: a request may
// have millions of turns.
type chooser struct {
	mode   Mode
	found  bool // there was a turn to choose from
	text   string
	joined strings.Builder // replaces text once there are two to join
}

func (c *chooser) add(t turn) {
	if !t.user && c.mode != All {
		return
	}
	switch {
	case c.mode == All || c.mode == Users:
		c.join(t.text)
	case c.mode != First || !c.found:
		c.text = t.text
	}
	c.found = true
}

// join adds a text in a line of its own, unless it is empty.
func (c *chooser) join(text string) {
	switch {
	case text == "":
		return
	case c.text == "":
		c.text = text
		return
	case c.joined.Len() == 0:
		c.joined.WriteString(c.text)
	}
	c.joined.WriteByte('\n')
	c.joined.WriteString(text)
}

// chosen returns the text, and false if there was no turn to choose from.
func (c *chooser) chosen() (string, bool) {
	if c.joined.Len() > 0 {
		return valid(c.joined.String()), true
	}
	return valid(c.text), c.found
}

// lines joins the non-empty texts with line breaks.
func lines(texts []string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), "\n")
}
