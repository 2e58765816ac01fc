package body

import (
	"bytes"
	"encoding/json"
)

// Usage finds the counts of tokens in an answer while it passes, whole or as a stream of
// events. The zero value is ready.
type Usage struct {
	Input, Output int  // of the last count
	Found         bool // false while there was none
	rest          []byte
}

// mark begins the counts. It cannot be within a text, where quotes are escaped.
var mark = []byte(`"usage"`)

// maxUsage is the most bytes that counts are waited for.
const maxUsage = 4096

// Write takes the next bytes of an answer. It never fails.
func (u *Usage) Write(p []byte) (int, error) {
	data := p
	if len(u.rest) > 0 {
		data = append(u.rest, p...)
	}
	for {
		i := bytes.Index(data, mark)
		if i < 0 {
			u.keep(data[max(0, len(data)-len(mark)+1):])
			return len(p), nil
		}
		value := data[i+len(mark):]
		if !u.read(value) && len(value) < maxUsage {
			u.keep(data[i:])
			return len(p), nil
		}
		data = value
	}
}

func (u *Usage) keep(tail []byte) { u.rest = append(u.rest[:0], tail...) }

// read takes the counts; false where they are not complete.
func (u *Usage) read(value []byte) bool {
	value = bytes.TrimLeft(value, " \t\r\n")
	if len(value) == 0 {
		return false
	}
	if value[0] != ':' {
		return true // a text that happens to be "usage"
	}
	var counts *struct {
		Prompt     int `json:"prompt_tokens"`
		Completion int `json:"completion_tokens"`
		Input      int `json:"input_tokens"`
		Output     int `json:"output_tokens"`
	}
	if err := json.NewDecoder(bytes.NewReader(value[1:])).Decode(&counts); err != nil {
		return false
	}
	if counts != nil { // null in all events but the last
		u.Input, u.Output, u.Found = counts.Prompt+counts.Input, counts.Completion+counts.Output, true
	}
	return true
}
