package body

import (
	"bytes"
	"slices"
)

// Done detects the last event of a stream while the stream passes: "data: [DONE]" of OpenAI's
// chat, or one that ends a stream of Anthropic's API or of OpenAI's Responses. The zero value is
// ready to use.
type Done struct {
	Found bool // the event came, and none after it
	line  []byte
	last  bool // the event whose lines pass now is a last one
	over  bool // its data has passed
}

// ends lists the types of events that end a stream. An "error" ends it in both APIs that have it.
var ends = []string{"message_stop", "response.completed", "response.failed", "response.incomplete", "error"}

// maxLine is the number of bytes to keep of a line, which is enough for an event's type.
const maxLine = 80

// Write takes the next bytes of an answer. It never fails.
func (d *Done) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		part, next, whole := bytes.Cut(rest, []byte("\n"))
		d.line = append(d.line, part[:min(len(part), maxLine-len(d.line))]...)
		if whole {
			d.take(bytes.TrimRight(d.line, "\r"))
			d.line = d.line[:0]
		}
		rest = next
	}
	line := bytes.TrimRight(d.line, "\r")
	data, ok := value(line, "data")
	d.Found = d.over && len(line) == 0 || ok && string(data) == "[DONE]"
	return len(p), nil
}

// take reads a line. No JSON string has such a line, as its line breaks are escaped.
func (d *Done) take(line []byte) {
	if len(line) == 0 {
		d.last = false
	} else if event, ok := value(line, "event"); ok {
		d.last, d.over = slices.Contains(ends, string(event)), false
	} else if data, ok := value(line, "data"); ok {
		d.over = d.last || string(data) == "[DONE]" || slices.Contains(ends, eventType(data))
	}
}

// value returns the value of a line "field: value", and false for another line.
func value(line []byte, field string) ([]byte, bool) {
	name, value, ok := bytes.Cut(line, []byte(":"))
	return bytes.TrimSpace(value), ok && string(name) == field
}

// eventType returns the type in the data of an event, if that is its first key. Some servers send
// no line with the event's name.
func eventType(data []byte) string {
	for _, token := range []string{"{", `"type"`, ":", `"`} {
		var ok bool
		if data, ok = bytes.CutPrefix(bytes.TrimLeft(data, " \t"), []byte(token)); !ok {
			return ""
		}
	}
	name, _, _ := bytes.Cut(data, []byte(`"`))
	return string(name)
}
