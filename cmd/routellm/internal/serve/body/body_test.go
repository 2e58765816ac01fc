package body

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/prompttext"
)

const talk = `[{"role": "system", "content": "be brief"}, {"role": "user", "content": "one"},
 {"role": "assistant", "content": null, "tool_calls": []}, {"role": "tool", "content": "42"},
 {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}, {"type": "text", "text": "t\u0077o"}, {"type": "text", "text": "three"}]},
 {"role": "assistant", "content": "yes"}]`

var allTexts, lastText = prompttext.RequestOptions{Mode: prompttext.All}, prompttext.RequestOptions{Mode: prompttext.Last}

func TestText(t *testing.T) {
	for _, c := range []struct{ value, last, first, users, all string }{
		{talk, "two\nthree", "one", "one\ntwo\nthree", "be brief\none\n42\ntwo\nthree\nyes"},
		{`"hello"`, "hello", "hello", "hello", "hello"},
		{`["a", "b"]`, "b", "a", "a\nb", "a\nb"},
		{`[[1, 2], [3]]`, "", "", "", ""},
		{`[]`, "", "", "", ""},
		{`null`, "", "", "", ""},
		{`7`, "", "", "", ""},
		{`{"role": "user", "content": "x"}`, "", "", "", ""},
		{`[{"role": "user"}, 3, null, {"content": "x"}]`, "", "", "", ""},
		{`[{"role": "user", "content": [{"type": "image_url"}]}]`, "", "", "", ""},
		{`[{"role": "user", "content": "a"}, {"role": "user", "content": []}]`, "", "a", "a", "a"},
		{`[{"role": "user", "content": [{"type": "text", "text": ""}, {"type": "text", "text": ""}]}, {"role": "user", "content": [{"type": "image_url"}]}]`, "", "", "", ""},
		{`[{"role": "user", "content": "\ud800 x"}]`, "\ufffd x", "\ufffd x", "\ufffd x", "\ufffd x"},
	} {
		b, err := Parse(`{"messages": `+c.value+`}`, Messages)
		if err != nil {
			t.Errorf("%s: %v", c.value, err)
		}
		for mode, want := range map[prompttext.Mode]string{"last": c.last, "first": c.first, "users": c.users, "all": c.all} {
			if got := b.Text(prompttext.RequestOptions{Mode: mode}); got != want {
				t.Errorf("%s, %s: %q, expected %q", mode, c.value, got, want)
			}
		}
	}
	if b, err := Parse(`{"prompt": {"id": "p"}, "input": "y"}`, Input); b.Text(lastText) != "y" || err != nil {
		t.Errorf("beside a prompt of the server's: %q, %v", b.Text(lastText), err)
	}
	if b, err := Parse(`{"messages": null, "input": "y"}`, Messages, Input); b.Text(lastText) != "y" || err != nil {
		t.Errorf("beside null: %q, %v", b.Text(lastText), err)
	}
}

// TestSystem expects the text beside messages before theirs, where the texts of all roles count.
func TestSystem(t *testing.T) {
	const request = `{"system": [{"type": "text", "text": "be brief"}], "messages": [{"role": "user", "content": "who"}]}`
	b, err := Parse(request, Messages, System)
	if err != nil || b.Text(allTexts) != "be brief\nwho" || b.Text(lastText) != "who" {
		t.Errorf("%v, %q, %q", err, b.Text(allTexts), b.Text(lastText))
	}
	if b, _ := Parse(request, Messages); b.Text(allTexts) != "who" {
		t.Errorf("of another API: %q", b.Text(allTexts))
	}
	if _, err := Parse(`{"system": [{"Text": "a"}]}`, Messages, System); err == nil {
		t.Error("no error for another spelling")
	}
}

func TestWithModel(t *testing.T) {
	for _, c := range []struct{ before, value, after, model string }{
		{`{"model":`, `"a"`, `}`, "a"},
		{" \n{ \"x\" : [\"model\", {\"model\": \"b\"}], \"mod\\u0065l\"\t: ", `"\u0061\"\\"`, ", \"y\": -0.0e+1 }\n ", `a"\`},
		{`{"s":"\"model\":\"x\"","model":`, `"é"`, `,"z":{"model":1}}`, "é"},
		{`{"model":`, `""`, `}`, ""},
	} {
		b, err := Parse(c.before + c.value + c.after)
		if err != nil || b.Model != c.model {
			t.Errorf("%v, model %q, expected %q", err, b.Model, c.model)
		}
		for _, name := range []string{"new", `od"d<`, ""} {
			quoted, _ := json.Marshal(name)
			if got, want := b.WithModel(name).String(), c.before+string(quoted)+c.after; got != want {
				t.Errorf("got %s, expected %s", got, want)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"": "is not valid JSON", "{": "is not valid JSON", `{"model": "a",}`: "is not valid JSON", `{"a": NaN}`: "is not valid JSON", "[1]": "is not a JSON object", "null": "is not a JSON object",
		`{"model": null}`: "expected a string", `{"model": {"a": 1}}`: "expected a string", `{"model": "a", "model": "a"}`: "is given twice",
		`{"messages": [], "messages": []}`: `"messages" is given twice`, `{"model": "a"} {"model": "b"}`: "is not valid JSON", `{"model": "a"}x`: "is not valid JSON", "\ufeff{}": "is not valid JSON",
		"{\"mo\xffdel\": 1}": "is not valid UTF-8", "{\"\xc1\xadodel\": 1}": "is not valid UTF-8", "{\"a\": \"\xe2\", \"b\": 1}": "is not valid UTF-8", "{\"a\": \"\xed\xa0\x80\"}": "is not valid UTF-8",
		"{\x00}": "is not valid JSON", "{\"model\x00\": 1}": "is not valid JSON", `{"model\u0000": "b"}`: "a key contains U+0000", `{"x\u0000model": "b"}`: "a key contains U+0000", `{/* */}`: "is not valid JSON", `{'model': 1}`: "is not valid JSON",
		`{"messages": [], "prompt": "a"}`: `"prompt" is no key of this request`, `{"input": ["a"], "messages": []}`: `"input" is no key of this request`,
		`{"conversation": {"id": "a", "id": "b"}}`: `"id" is given twice`, `{"conversation": {"id": "a", "Id": "b"}}`: `another spelling of "id"`,
		`{"tools": [], "tools": []}`: `"tools" is given twice`, `{"previous_response_id": "a", "previous_response_id": "b"}`: `"previous_response_id" is given twice`,
		`{"messages": [{"role": "user", "role": "system"}]}`: `in a message: "role" is given twice`, `{"messages": [{"role": "user", "r\u006fle": "system"}]}`: `in a message: "role" is given twice`,
		`{"messages": [{"content": [{"type": "text", "type": "image_url"}]}]}`: `in a part of a message: "type" is given twice`, `{"messages": [{"content\u0000": "a"}]}`: "in a message: a key contains U+0000", `{"stream": true, "str\u0065am": false}`: `"stream" is given twice`,
		`{"messages": [{"role": "user", "content": "a", "content": "b"}]}`:          `in a message: "content" is given twice`,
		`{"messages": [{"role": "user", "content": [{"text": "a", "Text": "b"}]}]}`: `in a part of a message: a key is another spelling of "text"`,
		`{"messages": ["a", {"ROLE": "user"}]}`:                                     `in a message: a key is another spelling of "role"`,
		strings.Repeat(`{"a":`, 200000) + "1" + strings.Repeat("}", 200000):         "is not valid JSON", // nested too deeply
	} {
		if _, err := Parse(text, Messages); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s: error %v, expected %s", text, err, want)
		}
	}
}

// TestParseRefusesSpellings gives the model twice, in ways that some server or other reads as
// the same key.
func TestParseRefusesSpellings(t *testing.T) {
	for _, key := range []string{
		"Model", "MODEL", "mod\u0045l", "mo_del", "mo-del", "ｍodel", "𝐦odel", "mo del", " model", `model\t`, "mo\u200bdel", "mo\u00addel", "\ufeffmodel", "mode\ufe0fl",
		`mod\ud800el`, `\udc00model`, "MO\u200dDEL",
		"Stream", "\u017ftream", "ſtream", "messageS", "meſsages", "meßages", "me\u017F\u017fages", "Messages",
	} {
		for _, text := range []string{`{"model": "routellm", "` + key + `": "evil"}`, `{"` + key + `": "evil", "model": "routellm"}`} {
			if _, err := Parse(text, Messages); err == nil || !strings.Contains(err.Error(), "another spelling of") {
				t.Errorf("%s: error %v", text, err)
			}
		}
	}
	for _, key := range []string{"ınput", "İnput", "INPUT", "in\u0050ut", "Prompt", "prompT", "Messages", "previousResponseId", "Previous_Response_ID", "promptCacheKey", "Tools", "System"} {
		for _, keys := range [][]string{{Input}, {Messages}, {Prompt}, nil} {
			if _, err := Parse(`{"`+key+`": {}}`, keys...); err == nil || !strings.Contains(err.Error(), "another spelling of") {
				t.Errorf("%s, %v: error %v", key, keys, err)
			}
		}
	}
	for _, key := range []string{"models", "inputs", "prompts", "tool_choice", "modes", "model.", "max_tokens", "größe", ""} {
		if _, err := Parse(`{"model": "routellm", "`+key+`": 1, "messages": [{"role": "user", "Name": "x"}]}`, Messages); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// TestFolded covers the Kelvin sign, which no key of today has.
func TestFolded(t *testing.T) {
	if got := folded("to\u212aen_ﬁle"); got != "tokenfile" {
		t.Errorf("folded: %q", got)
	}
}

// FuzzWithModel expects that WithModel changes only the model, as encoding/json reads both
// requests.
func FuzzWithModel(f *testing.F) {
	f.Add(`{"model": "a", "messages": ` + talk + `}`)
	f.Add(`{"\u006dodel":"x","a":[{"model":2}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Parse(text, Messages)
		if err != nil || b.Model == "" {
			return
		}
		b.Text(allTexts)
		var want, got map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &want) != nil || json.Unmarshal([]byte(b.WithModel("new").String()), &got) != nil {
			t.Fatalf("%q becomes %q", text, b.WithModel("new"))
		}
		want["model"] = json.RawMessage(`"new"`)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s, expected %s", got, want)
		}
	})
}

// TestParseSeveralTexts expects a request that may have its text under several keys to have one.
func TestParseSeveralTexts(t *testing.T) {
	for _, text := range []string{`{"messages": [], "prompt": "a"}`, `{"prompt": ["a"], "input": "b"}`} {
		if _, err := Parse(text, Messages, Prompt, Input); err == nil || !strings.Contains(err.Error(), "one text too many") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestCheckQuery(t *testing.T) {
	for query, ok := range map[string]bool{
		"": true, "api-version=2": true, "beta=true": true, "include[]=a&include[]=b": true, "models=x": true, "a=%20": true, "a": true,
		"model=evil": false, "Model=evil": false, "mod%65l=evil": false, "model[]=evil": false, "a=1&prompt=x": false, "stream=true": false, "MESSAGES=": false, "mo%00del=x": false,
		"a=1;model=evil": false, "%zz=1": false, "a=%zz": false, "previousResponseId=x": false,
	} {
		if err := CheckQuery(query); (err == nil) != ok {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// FuzzKeys expects that a request which is taken has one model, also for a reader that ignores
// case, takes the last of several keys, and drops what it cannot decode.
func FuzzKeys(f *testing.F) {
	for _, key := range []string{"Model", "mo\u200bdel", "\u212aey", `mod\u0065l`, `mod\ud800el`} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		text := `{"model": "routellm", "` + key + `": "evil"}`
		b, err := Parse(text, Messages)
		if err != nil {
			return
		}
		var lenient struct{ Model string }
		if err := json.Unmarshal([]byte(b.WithModel("small").String()), &lenient); err != nil || lenient.Model != "small" {
			t.Errorf("%s: %v, %q", text, err, lenient.Model)
		}
	})
}

func TestDepth(t *testing.T) {
	nested := func(n int, open, inner, end string) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	for text, deep := range map[string]bool{
		`{"a": ` + nested(deepestBody-1, "[", "", "]") + `}`:                               false,
		`{"a": ` + nested(deepestBody, "[", "", "]") + `}`:                                 true,
		nested(deepestBody+1, `{"a":`, "1", "}"):                                           true,
		`{"a": "` + nested(1000, "[{", "", "") + `\\\"` + nested(1000, "[", "", "") + `"}`: false,
		`{"a": [` + strings.Repeat(`{"b": []},`, 1000) + `1]}`:                             false,
	} {
		if _, err := Parse(text); (err != nil) != deep || deep && !strings.Contains(err.Error(), "128 levels") {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}
