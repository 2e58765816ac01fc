package reply

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// events reads the events of a stream. An event of several lines of data, which none of the servers
// sends, is not read.
func (r *Reply) events() {
	begin, at, data := 0, 0, -1 // of the event, of the line, and of the event's data
	for at < len(r.raw) && r.err == nil {
		end, next := len(r.raw), len(r.raw)
		if i := strings.IndexByte(r.raw[at:], '\n'); i >= 0 {
			end, next = at+i, at+i+1
		}
		switch line := strings.TrimRight(r.raw[at:end], "\r"); {
		case line == "":
			r.event(begin, next, data)
			begin, data = next, -1
		case strings.HasPrefix(line, "data:") && data >= 0:
			r.fail(ErrUnreadable)
		case strings.HasPrefix(line, "data:"):
			data = at + len("data:")
		}
		at = next
	}
	r.event(begin, len(r.raw), data)
}

// event reads the event from begin to end, whose data begins at data, or which has none.
func (r *Reply) event(begin, end, data int) {
	if data < 0 {
		return
	}
	text, _, _ := strings.Cut(r.raw[data:end], "\n")
	if strings.TrimSpace(text) == "[DONE]" {
		return
	}
	if !json.Valid([]byte(text)) {
		r.fail(ErrUnreadable)
		return
	}
	edits := len(r.edits)
	top := gjson.Parse(text)
	switch {
	case top.Get("error").IsObject() || top.Get("type").Str == "error":
		r.fail(ErrFailed)
	case r.form == Messages:
		r.part(top)
	default:
		r.choice(top, "delta")
	}
	for i := range r.edits[edits:] {
		r.edits[edits+i].At += data
		r.edits[edits+i].End += data
	}
	if counts := top.Get("choices"); counts.IsArray() && !counts.Get("0").Exists() && top.Get("usage").IsObject() {
		r.counts = append(r.counts, body.Edit{At: begin, End: end})
	}
}
