package body

import (
	"slices"
	"strings"
	"testing"
)

// TestUsage writes an answer in pieces of different sizes.
func TestUsage(t *testing.T) {
	for _, c := range []struct {
		answer        string
		input, output int
		found         bool
	}{
		{`{"choices": [{"text": "\"usage\": {\"prompt_tokens\": 9}"}], "usage": {"prompt_tokens": 7, "completion_tokens": 5, "details": {"x": 1}}}`, 7, 5, true},
		{"data: {\"usage\":null}\n\ndata: {\"usage\" :\n {\"input_tokens\":1,\"output_tokens\":2}}\n\ndata: [DONE]", 1, 2, true},
		{`{"content": "usage", "usage": {"prompt_tokens": 3}} trailing`, 3, 0, true},
		{`{"usage": {"prompt_tokens": 3, "completion_tokens": 4, "input_tokens": 3, "output_tokens": 4}}`, 3, 4, true}, // under both names
		{`{"usage": {"prompt_tokens": 0, "completion_tokens": 0}}`, 0, 0, true},
		{`{"usage": "none"} {"usage": [1, 2]} {"usage": {"prompt_tokens": "x"}}`, 0, 0, false},
		{`{"usage": {"prompt_tokens": "x"}, "more": {"usage": {"prompt_tokens": 2, "completion_tokens": 1}}}`, 2, 1, true},
		{`{"usage"`, 0, 0, false},
		{`"usage": {` + strings.Repeat(" ", 50000), 0, 0, false},
		{`{"usage": {"details": "` + strings.Repeat("x", 9000) + `", "prompt_tokens": 2, "completion_tokens": 1}}`, 2, 1, true},
		{"", 0, 0, false},

		// Responses: the tools of the request come back, and one has a parameter "usage".
		{`{"id": "r1", "tools": [{"parameters": {"properties": {"usage": {"type": "string"}}}}], "usage": {"input_tokens": 36, "input_tokens_details": {"cached_tokens": 30}, "output_tokens": 87, "total_tokens": 123}, "metadata": {"usage": "test"}}`, 36, 87, true},
		{"event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"usage\":null}}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":9}}}\n\n", 3, 9, true},

		// Anthropic: what was read from a cache and written to it is input, too.
		{`{"type": "message", "content": [{"type": "tool_use", "input": {"usage": {"input_tokens": 900, "cache_read_input_tokens": 900}}}], "usage": {"input_tokens": 5, "cache_creation_input_tokens": 20, "output_tokens": 7}}`, 25, 7, true},
		{"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,\"cache_creation_input_tokens\":100,\"cache_read_input_tokens\":1000,\"output_tokens\":1}}}\n\n" +
			"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":8}}\n\n" +
			"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":15}}\n\n", 1125, 15, true},
		{"data: {\"message\":{\"usage\":{\"input_tokens\":25,\"cache_read_input_tokens\":1,\"output_tokens\":1}}}\n\n" + // the last event repeats the input, which has grown
			"data: {\"usage\":{\"input_tokens\":40,\"cache_read_input_tokens\":2,\"output_tokens\":15}}\n\n", 42, 15, true},
		{"data: {\"message\":{\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}\n\n", 25, 1, true}, // broken off
	} {
		for size := 1; size <= len(c.answer)+1; size += 1 + size/40 {
			var u Usage
			for piece := range slices.Chunk([]byte(c.answer), size) {
				if n, err := u.Write(piece); n != len(piece) || err != nil {
					t.Fatal(n, err)
				}
				if len(u.rest) > 2*maxUsage+size {
					t.Fatalf("%d bytes kept", len(u.rest))
				}
			}
			if u.Input != c.input || u.Output != c.output || u.Found != c.found {
				t.Errorf("%.60s in pieces of %d: %d, %d, %v, expected %d, %d, %v", c.answer, size, u.Input, u.Output, u.Found, c.input, c.output, c.found)
			}
		}
	}
}

// TestDone writes streams in pieces of different sizes.
func TestDone(t *testing.T) {
	const delta = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"event: message_stop\"}}\n\n"
	for answer, want := range map[string]bool{
		"data: {}\n\ndata: [DONE]\n\n":               true,
		"data: {}\r\n\r\ndata:[DONE]\r\n\r\n":        true,
		"data: {}\n\ndata: [DONE]":                   true,
		"data: [DONE]\n\n":                           true,
		"data: {}\n\ndata: [DONE]\n\n: still here\n": true,
		"data: {}\n\ndata: [DONE]\n\ndata: {}\n\n":   false,
		"data: {\"text\": \"data: [DONE]":            false,
		"data: {\"text\": \"\\ndata: [DONE]\"}\n\n":  false,
		"data: {}\n\n" + strings.Repeat("x", 100000): false,
		"{\n \"text\": \"[DONE]\"\n}":                false,
		"":                                           false,

		delta + "event: message_stop\ndata: {\"type\": \"message_stop\"}\n\n":  true,
		delta + "event: message_stop\r\ndata: {}\r\n\r\n":                      true,
		delta + "data: { \"type\" : \"message_stop\" }\n\n":                    true,
		delta + "event: message_stop\ndata: {\"type\": \"mess":                 false,
		delta + "event: message_stop\n":                                        false,
		delta + "event: error\ndata: {\"type\": \"error\", \"error\": {}}\n\n": true,
		delta: false,
		delta + "event: message_stop\ndata: {}\n\n" + delta:                            false,
		delta + "event: ping\ndata: {\"delta\": {\"type\":\"message_stop\"}}\n\n":      false,
		delta + "event: message_stop_not\ndata: {\"type\":\"message_stop_not\"}\n\n":   false,
		"event: response.in_progress\ndata: {\"type\":\"response.in_progress\"}\n\n":   false,
		"event: response.output_text.done\ndata: {\"text\":\"response.failed\"}\n\n":   false,
		"event: response.completed\ndata: {" + strings.Repeat(" ", 70000) + "}\n\n":    true,
		"data: {\"type\":\"response.failed\",\"response\":{\"error\":{}}}\n\n":         true,
		"event: response.incomplete\ndata: {\"type\":\"response.incomplete\"}\n\n":     true,
		"event: response.completed\ndata: {}\n\nevent: response.created\ndata: {}\n\n": false,
	} {
		for size := 1; size <= len(answer)+1; size += 1 + size/4 {
			var d Done
			for piece := range slices.Chunk([]byte(answer), size) {
				if n, err := d.Write(piece); n != len(piece) || err != nil {
					t.Fatal(n, err)
				}
				if cap(d.line) > 2*maxLine {
					t.Fatalf("%d bytes kept", cap(d.line))
				}
			}
			if d.Found != want {
				t.Errorf("%.100q in pieces of %d: %v", answer, size, d.Found)
			}
		}
	}
}
