package body

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// AnswerID finds the id of an answer of the Responses API while the answer passes: the "id" of a
// JSON object, or that of the "response" in a stream's events. The zero value is ready to use.
type AnswerID struct {
	ID   string // "" until it is found
	Over bool   // the id is found or does not come
	head []byte
}

// maxHead is the number of bytes within which the id must come. Servers write it before what is
// long: the output, and the tools that the answer repeats.
const maxHead = 64 << 10

// Write takes the next bytes of an answer. It never fails.
func (a *AnswerID) Write(p []byte) (int, error) {
	if a.Over {
		return len(p), nil
	}
	a.head = append(a.head, p[:min(len(p), maxHead-len(a.head))]...)
	if a.ID = answerID(a.head); a.ID != "" || len(a.head) == maxHead {
		a.Over, a.head = true, nil
	}
	return len(p), nil
}

// answerID returns the id in the beginning of an answer, or "" if it is not there yet.
func answerID(head []byte) string {
	if text := bytes.TrimLeft(head, " \t\r\n"); len(text) > 0 && text[0] == '{' {
		return whole(gjson.GetBytes(text, "id"))
	}
	for line := range bytes.Lines(head) {
		if data, ok := bytes.CutPrefix(line, []byte("data:")); ok {
			if id := whole(gjson.GetBytes(data, "response.id")); id != "" {
				return id
			}
		}
	}
	return ""
}

// whole returns a JSON string, or "" if it is anything else or if its end is missing.
func whole(v gjson.Result) string {
	if v.Type != gjson.String || len(v.Raw) < 2 || v.Raw[len(v.Raw)-1] != '"' {
		return ""
	}
	return v.Str
}
