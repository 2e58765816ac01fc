package body

import (
	"slices"
	"strings"
	"testing"
)

// TestFirstText expects the text that the conversation's first request had.
func TestFirstText(t *testing.T) {
	for request, want := range map[string]string{
		`{"messages": ` + talk + `}`: "one",
		`{"messages": "a prompt"}`:   "a prompt",
		`{"messages": ["a", "b"]}`:   "b",
		`{ "messages" : [ {"role": "user", "content": "a\u0062"} , {"role": "user", "content": "[two]"}, {"role": "assistant", "content": "x"}, {"role": "user", "content": "three"} ] , "z": 1}`: "[two]",
		`{"messages": [{"role": "assistant", "content": "hello"}, {"role": "user", "content": "one"}]}`:                                                                                           "one",
		`{"messages": [{"role": "user", "content": "one"}, {"type": "reasoning"}, {"role": "user", "content": "two"}]}`:                                                                           "one",
		`{"messages": []}`: "",
		`{}`:               "",
	} {
		b, err := Parse(request, Messages)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.FirstText(lastText); got != want {
			t.Errorf("%s: %q, expected %q", request, got, want)
		}
	}
	b, _ := Parse(`{"messages": `+talk+`}`, Messages)
	if got := b.FirstText(allTexts); got != "be brief\none" {
		t.Errorf("all: %q", got)
	}
}

// TestOpening compares beginnings that are alike.
func TestOpening(t *testing.T) {
	seen := map[string]string{}
	for _, request := range []string{
		`{"messages": [{"role": "user", "content": "a"}]}`,
		`{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]}`,
		`{"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}`,
		`{"messages": [{"role": "user", "content": "a"}], "system": "b"}`,
		`{"messages": [{"role": "user", "content": "a"}], "user": "b"}`,
		`{"messages": [{"role": "user", "content": "a"}], "safety_identifier": "b"}`,
		`{"messages": "b"}`,
		`{"messages": [[1, 2], [3]]}`,
		`{"messages": [1, 2, 3]}`,
		`{"messages": [{"role": "assistant", "content": "hello"}, {"role": "user", "content": "a"}]}`,
		`{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "a"}}]}]}`,
		`{"messages": [{"role": "user", "content": [{"type": "input_image", "image_url": "a"}]}]}`,
	} {
		b, err := Parse(request, Messages)
		if err != nil {
			t.Fatal(err)
		}
		parts := b.Opening()
		key := strings.Join(parts, "|")
		if parts == nil || seen[key] != "" {
			t.Errorf("%s and %s: %q", request, seen[key], parts)
		}
		seen[key] = request
	}
	parted, _ := Parse(`{"messages": [{"role": "user", "content": [{"text": "a", "type": "text", "cache_control": {}}]}, {"role": "assistant"}], "system": [{"type": "text", "text": "b"}]}`, Messages)
	plain, _ := Parse(`{"system": "b", "messages": [{"role": "user", "content": "a"}]}`, Messages)
	if a, b := parted.Opening(), plain.Opening(); !slices.Equal(a, b) {
		t.Errorf("%q and %q", a, b)
	}
}
