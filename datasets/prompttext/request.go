package prompttext

import (
	"strings"

	"github.com/tidwall/gjson"
)

// RequestOptions says which text of a request counts.
type RequestOptions struct {
	Mode Mode // not Raw
	Drop Tags // parts of messages that are left out; see [Tags.Drop]
}

// Request returns the text to route in the messages of a request, or "" if there is none. The
// value may be a text, a list of texts, or messages with "role" and "content"; what model servers
// do not take has no text here. Images and other parts have none either. A user's message that
// has nothing but dropped parts and results of tools does not count: another message is the last
// or the first one then. Texts of the system that are not among the messages come before them, for
// [All]. Invalid UTF-8 becomes U+FFFD.
func Request(messages gjson.Result, o RequestOptions, system ...gjson.Result) string {
	if !messages.IsArray() {
		text, _ := o.Drop.Drop(messages.Str) // a single prompt, or "" for null, numbers and objects
		return valid(text)
	}
	c := chooser{mode: o.Mode}
	if o.Mode == All {
		for _, s := range system {
			text, _ := o.content(s)
			c.add(turn{false, text})
		}
	}
	messages.ForEach(func(_, m gjson.Result) bool {
		if t, ok := o.turn(m); ok {
			c.add(t)
		}
		return o.Mode != First || !c.found
	})
	text, _ := c.chosen()
	return text
}

// turn returns what a message or a prompt in a list of prompts says, and false if it does not
// count.
func (o RequestOptions) turn(m gjson.Result) (turn, bool) {
	role := "user"
	switch {
	case m.IsObject():
		role, m = m.Get("role").Str, m.Get("content")
	case m.Type != gjson.String: // a token's id
		return turn{}, false
	}
	if role != "user" && (o.Mode != All || role == "") {
		return turn{}, false
	}
	text, own := o.content(m)
	return turn{role == "user", text}, own
}

// content returns the text of a message: the string itself, or its text parts joined. own is
// false if there is nothing in it but dropped parts and results of tools.
func (o RequestOptions) content(c gjson.Result) (text string, own bool) {
	if c.Type == gjson.String {
		text, dropped := o.Drop.Drop(c.Str)
		return text, !dropped || text != ""
	}
	var texts []string
	added, others := false, false // what clients have added, and what not
	c.ForEach(func(_, part gjson.Result) bool {
		t := part.Get("text")
		if t.Type != gjson.String {
			result := part.Get("type").Str == "tool_result"
			added, others = added || result, others || !result
			return true
		}
		rest, dropped := o.Drop.Drop(t.Str)
		added, others = added || dropped, others || strings.TrimSpace(rest) != ""
		texts = append(texts, rest)
		return true
	})
	return lines(texts), others || !added
}
