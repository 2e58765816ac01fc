package reply

import "github.com/tidwall/gjson"

// message reads an answer of Anthropic's API.
func (r *Reply) message(top gjson.Result) {
	content := top.Get("content")
	if !content.IsArray() {
		r.fail(ErrUnreadable)
		return
	}
	r.Finish = top.Get("stop_reason").Str
	for i, block := range content.Array() {
		r.block(i, block)
	}
}

// block reads a block of an answer, or the beginning of one.
func (r *Reply) block(place int, block gjson.Result) {
	switch block.Get("type").Str {
	case "text":
		r.text.WriteString(block.Get("text").Str)
	case "tool_use", "server_tool_use", "mcp_tool_use":
		r.call(place, "")
	}
}

// part reads an event of a stream of Anthropic's API.
func (r *Reply) part(top gjson.Result) {
	switch top.Get("type").Str {
	case "content_block_start":
		r.block(int(top.Get("index").Num), top.Get("content_block"))
	case "content_block_delta":
		delta := top.Get("delta")
		r.text.WriteString(delta.Get("text").Str)
		if arguments := delta.Get("partial_json"); arguments.Exists() {
			r.call(int(top.Get("index").Num), arguments.Str)
		}
	case "message_delta":
		if reason := top.Get("delta.stop_reason"); reason.Type == gjson.String {
			r.Finish = reason.Str
		}
	case "message_stop":
		r.ended = true
	}
}
