package body

import (
	"bytes"
	"encoding/json"
)

// Usage finds the token counts in an answer while it passes, whether the answer is one
// JSON object or a stream of events. The zero value is ready to use.
type Usage struct {
	Input, Output int  // the last token counts in the answer
	Found         bool // true once there was a count
	rest          []byte
}

// mark is the key of the token counts. A JSON string cannot contain it, as its quotes
// would be escaped.
var mark = []byte(`"usage"`)

// maxUsage is the number of bytes after mark within which the counts must end.
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

// read reads the counts after mark. It returns false if more bytes are needed.
func (u *Usage) read(value []byte) bool {
	value = bytes.TrimLeft(value, " \t\r\n")
	if len(value) == 0 {
		return false
	}
	if value[0] != ':' {
		return true // a string value "usage", not the key
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
	if counts != nil { // events before the last have null
		u.Input, u.Output, u.Found = counts.Prompt+counts.Input, counts.Completion+counts.Output, true
	}
	return true
}
