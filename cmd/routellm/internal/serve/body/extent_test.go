package body

import (
	"strings"
	"testing"
)

func TestExtent(t *testing.T) {
	for text, want := range map[string]Extent{
		`{}`:                      {},
		`{"prompt": "čtyři"}`:     {Chars: 5},
		`{"prompt": ["ab", "c"]}`: {Chars: 3},
		`{"prompt": [[1, 2]], "stop": "long enough"}`:                        {},
		`{"messages": ` + talk + `}`:                                         {Chars: len("be briefone42twothreeyes"), Images: true},
		`{"messages": [{"role": "user", "content": "a\u0062\ud83d\ude00"}]}`: {Chars: 3},
		`{"messages": [{"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{\"a\"}"}}]}]}`: {Chars: 5},
		`{"messages": [], "tools": [{"type": "f"}]}`: {Chars: len(`[{"type": "f"}]`), Tools: true},
		`{"functions": [7]}`:                         {Chars: 3, Tools: true},
		`{"tools": [], "functions": null}`:           {},
		`{"instructions": "abc", "input": "de"}`:     {Chars: 5},
		`{"input": [{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "ab"}, {"type": "input_image", "image_url": "data:xyz"}]}]}`: {Chars: 2, Images: true},
		`{"input": [{"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": "data:xyz"}}]}`:                                                 {Images: true},
		`{"system": [{"type": "text", "text": "abc"}], "messages": [{"role": "assistant", "content": [{"type": "tool_use", "name": "f", "input": {"a": 1}}]}]}`:             {Chars: 3 + len(`{"a": 1}`)},
		`{"messages": [{"role": "user", "content": [{"type": "tool_result", "content": [{"type": "image", "source": {"data": "xyz"}}, {"type": "text", "text": "ab"}]}]}]}`: {Chars: 2, Images: true},
		`{"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "xyz"}}]}]}`:                                                            {Images: true},
		`{"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_data": "xyz"}}]}]}`:                                                                     {Images: true},
	} {
		b, err := Parse(text, Messages, Input, Prompt)
		if got := b.Extent(); err != nil || got != want {
			t.Errorf("%s: %v, %+v, expected %+v", text, err, got, want)
		}
	}
}

// TestExtentDeep measures a long text in as many lists as a request may have, without reading it
// anew for each.
func TestExtentDeep(t *testing.T) {
	deep, long := deepestBody-1, 4<<20
	text := `{"prompt": ` + strings.Repeat("[", deep) + `"` + strings.Repeat("x", long) + `"` + strings.Repeat("]", deep) + `}`
	b, err := Parse(text, Prompt)
	if got := b.Extent(); err != nil || got.Chars < long || got.Chars > len(text) {
		t.Errorf("%v, %d characters, expected %d and some for the lists", err, got.Chars, long)
	}
}
