package body

import (
	"bytes"
	"encoding/json"
	"io"
)

// Usage finds the token counts in an answer while it passes, whether the answer is one JSON
// object or a stream of events, of any of the APIs. The zero value is ready to use.
type Usage struct {
	// Input and Output are the last token counts in the answer. Input has the tokens that were
	// read from a cache or written to it, too.
	Input, Output int
	Cached        int  // tokens of Input that were read from a cache, 0 if the answer does not say
	Found         bool // true once there was a count

	counts counts
	begun  bool // the answer's first byte has passed
	object bool // the answer is one JSON object
	rest   []byte
}

// counts holds the token counts under the names of all APIs. OpenAI's counts of input have the
// cached tokens, Anthropic's have them apart. In a stream of Anthropic's, the first event has the
// input and the last one the output.
type counts struct {
	Prompt     *int `json:"prompt_tokens"`
	Completion *int `json:"completion_tokens"`
	Input      *int `json:"input_tokens"`
	Output     *int `json:"output_tokens"`
	Written    int  `json:"cache_creation_input_tokens"`
	Read       int  `json:"cache_read_input_tokens"`

	PromptDetails details `json:"prompt_tokens_details"`
	InputDetails  details `json:"input_tokens_details"`
}

// details says where OpenAI's input came from.
type details struct {
	Cached int `json:"cached_tokens"`
}

// UnmarshalJSON ignores details in another form: they must not hide the counts.
func (d *details) UnmarshalJSON(raw []byte) error {
	type plain details
	if p := (plain{}); json.Unmarshal(raw, &p) == nil {
		*d = details(p)
	}
	return nil
}

// cached returns the tokens of the input that came from a cache.
func (c counts) cached() int { return max(c.Read, c.PromptDetails.Cached, c.InputDetails.Cached) }

func (c counts) input() int {
	if c.Prompt == nil && c.Input != nil {
		return *c.Input + c.Written + c.Read
	}
	return valueOf(c.Prompt)
}

func (c counts) output() int {
	if c.Completion == nil {
		return valueOf(c.Output)
	}
	return *c.Completion
}

// valueOf returns the number that p points to, 0 for nil.
func valueOf(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// mark is the key of the token counts. A JSON string cannot contain it, as its quotes
// would be escaped.
var mark = []byte(`"usage"`)

// maxUsage is the number of bytes after mark within which the counts must end.
const maxUsage = 16 << 10

// Write takes the next bytes of an answer. It never fails.
func (u *Usage) Write(p []byte) (int, error) {
	if first := bytes.TrimLeft(p, " \t\r\n"); !u.begun && len(first) > 0 {
		u.begun, u.object = true, first[0] == '{'
	}
	data := p
	if len(u.rest) > 0 {
		data = append(u.rest, p...)
	}
	if len(u.rest) >= len(mark) && len(data) < maxUsage && !bytes.Contains(p, []byte("}")) {
		u.rest = data // the counts have not ended
		return len(p), nil
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
	if bytes.HasPrefix(bytes.TrimLeft(value[1:], " \t\r\n"), []byte("null")) {
		return true // as in all events of OpenAI's before the last
	}
	next := counts{}
	if !u.object { // a later event may have only the counts that have changed
		next = u.counts
	}
	err := json.NewDecoder(bytes.NewReader(value[1:])).Decode(&next)
	if err == nil && next != (counts{}) {
		u.counts, u.Found = next, true
		u.Input, u.Output, u.Cached = next.input(), next.output(), next.cached()
	}
	return err != io.EOF && err != io.ErrUnexpectedEOF
}
