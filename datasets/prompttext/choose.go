package prompttext

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
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

// Request returns the text to route in the messages of a request, or "" if there is none. The
// value may be a text, a list of texts, or messages with "role" and "content"; what model servers
// do not take has no text here. Images and other parts have none either. Invalid UTF-8 becomes
// U+FFFD. Texts of the system that are not among the messages come before them, for [All].
func Request(messages gjson.Result, mode Mode, system ...gjson.Result) string {
	if !messages.IsArray() {
		return valid(messages.Str) // a single prompt, or "" for null, numbers and objects
	}
	var turns []turn
	for _, s := range system {
		turns = append(turns, turn{false, content(s)})
	}
	messages.ForEach(func(_, m gjson.Result) bool {
		if m.Type == gjson.String { // a prompt in a list of prompts
			turns = append(turns, turn{true, m.Str})
		} else if role := m.Get("role").Str; role == "user" && !onlyResults(m) || mode == All && role != "" {
			turns = append(turns, turn{role == "user", content(m.Get("content"))})
		}
		return mode != First || len(turns) == len(system)
	})
	text, _ := choose(turns, mode)
	return text
}

// content returns the text of a message: the string itself, or its text parts joined.
func content(c gjson.Result) string {
	if c.Type == gjson.String {
		return c.Str
	}
	var parts []string
	c.ForEach(func(_, part gjson.Result) bool {
		if text := part.Get("text"); text.Type == gjson.String {
			parts = append(parts, text.Str)
		}
		return true
	})
	return lines(parts)
}

// onlyResults reports whether a message only returns the results of tools, which in Anthropic's
// API come as the user's. OpenAI's have a role of their own.
func onlyResults(m gjson.Result) bool {
	results := false
	m.Get("content").ForEach(func(_, part gjson.Result) bool {
		results = part.Get("type").Str == "tool_result"
		return results
	})
	return results
}
