package prompttext

import (
	"reflect"
	"strings"
	"testing"
)

func TestConversation(t *testing.T) {
	image := `[{"type":"text","text":"what?"},{"type":"image_url","image_url":{"url":"data:x"}}]`
	for cell, want := range map[string][]Message{
		`[{"role":"system","content":"s"},{"role":"user","content":"u"}]`:               {{Role: "system", Content: "s"}, {Role: "user", Content: "u"}},
		`{"messages":[{"role":"user","content":"u"}]}`:                                  {{Role: "user", Content: "u"}},
		`[[{"role":"user","content":"u"}]]`:                                             {{Role: "user", Content: "u"}},
		`[{"from":"human","value":"h"},{"from":"gpt","value":"g"}]`:                     {{Role: "user", Content: "h"}, {Role: "assistant", Content: "g"}},
		`[{'role': 'developer', 'content': 'it\'s'}, {'role': 'user', 'content': 'u'}]`: {{Role: "system", Content: "it's"}, {Role: "user", Content: "u"}},
		`[{"role":"user","content":` + image + `}]`:                                     {{Role: "user", Parts: []byte(image)}},
		`[{"role":"user","content":[{"type":"text","text":"a"}]}]`:                      {{Role: "user", Content: "a"}},
		`What is 2+2?`: nil, `["a","b"]`: nil, `{"question":"x"}`: nil, `[INST] x [/INST]`: nil, "": nil,
	} {
		got, err := Conversation(cell)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", cell, got, err)
		}
	}
	for _, cell := range []string{
		`[{"role":"user","content":"u"},{"role":"tool","content":"42"}]`,
		`[{"role":"user","content":"u"},{"role":"assistant","content":"","tool_calls":[{"id":"1"}]}]`,
		`[{"role":"user","content":"u"},{"type":"function_call","name":"f"}]`,
		`[{"role":"user","content":[{"type":"document","source":{}}]}]`,
	} {
		if got, err := Conversation(cell); err == nil || !strings.Contains(err.Error(), "expected a prompt") {
			t.Errorf("%s: got %+v, %v", cell, got, err)
		}
	}
}
