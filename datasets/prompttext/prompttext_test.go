package prompttext

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// TestForms reads one conversation in every form in which files hold it. Its turns are one, yes
// and two; the system's text is sys.
func TestForms(t *testing.T) {
	forms := map[string]string{
		"OpenAI":               `[{"role": "system", "content": "sys"}, {"role": "user", "content": "one"}, {"role": "assistant", "content": "yes"}, {"role": "user", "content": [{"type": "text", "text": "two"}, {"type": "image_url", "image_url": {"url": "data:"}}]}]`,
		"request":              `{"model": "m", "messages": [{"role": "system", "content": "sys"}, {"role": "user", "content": "one"}, {"role": "assistant", "content": "yes"}, {"role": "user", "content": "two"}]}`,
		"Responses":            `{"model": "m", "input": [{"role": "system", "content": "sys"}, {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "one"}]}, {"type": "function_call", "arguments": "{}"}, {"role": "assistant", "content": "yes"}, {"role": "user", "content": "two"}]}`,
		"Anthropic":            `{"messages": [{"role": "system", "content": "sys"}, {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "tool_result", "content": "9"}]}, {"role": "assistant", "content": [{"type": "text", "text": "yes"}]}, {"role": "user", "content": "two"}]}`,
		"ShareGPT":             `{"id": "a", "conversations": [{"from": "system", "value": "sys"}, {"from": "human", "value": "one"}, {"from": "gpt", "value": "yes"}, {"from": "human", "value": "two"}]}`,
		"Gemini":               `{"contents": [{"role": "system", "parts": [{"text": "sys"}]}, {"role": "user", "parts": [{"text": "one"}]}, {"role": "model", "parts": [{"text": "yes"}]}, {"parts": [{"text": "two"}, {"inlineData": {"data": ""}}], "role": "user"}]}`,
		"Arena":                `{"conversation_b": [], "conversation_a": [{"role": "system", "content": [{"type": "text", "text": "sys", "image": null}]}, {"role": "user", "content": [{"type": "text", "text": "one"}]}, {"role": "assistant", "content": [{"type": "text", "text": "yes"}]}, {"role": "user", "content": [{"type": "text", "text": "two"}]}]}`,
		"LangChain":            `[[{"type": "system", "data": {"content": "sys"}}, {"type": "human", "data": {"content": "one"}}, {"type": "ai", "content": "yes"}, {"id": ["langchain", "schema", "HumanMessage"], "kwargs": {"content": "two"}}]]`,
		"pandas":               `[{'role': 'system', 'content': 'sys'}, {'role': 'user', 'content': "one"}, {'role': 'assistant', 'content': 'yes', 'tool': None}, {'content': 'two', 'role': 'user'}]`,
		"pandas after Parquet": "[{'content': 'sys', 'role': 'system'}\n {'content': 'one', 'role': 'user'} {'content': array([{'type': 'text', 'text': 'yes'}], dtype=object), 'role': 'assistant'}\n {'content': array([{'type': 'text', 'text': 'two'}], dtype=object), 'role': 'user'}]",
		"numpy":                `array([{'role': 'system', 'content': 'sys'}, {'role': 'user', 'content': 'one'}, {'role': 'assistant', 'content': 'yes'}, {'role': 'user', 'content': 'two'}], dtype=object)`,
		"repr of objects":      `[SystemMessage(content='sys', additional_kwargs={}), HumanMessage(content='one'), AIMessage(content='yes', id=None), HumanMessage(content='two', response_metadata={'a': (1, 2.5)})]`,
		"Python with true":     `[{'role': 'system', 'content': 'sys', 'cache': true}, {'role': 'user', 'content': 'one'}, {'role': 'ai', 'content': 'yes', 'x': null}, {'role': 'user', 'content': 'two'}]`,
	}
	want := map[Mode]string{"": "two", Last: "two", First: "one", Users: "one\ntwo", All: "sys\none\nyes\ntwo"}
	for name, cell := range forms {
		for mode, text := range want {
			if got, err := FromText(cell, mode); got != text || err != nil {
				t.Errorf("%s, %q: %q, %v, expected %q", name, mode, got, err, text)
			}
		}
		if got, err := FromText(cell, Raw); got != cell || err != nil {
			t.Errorf("%s, raw: %q, %v", name, got, err)
		}
		if got, err := FromJSON(cell, Last); json.Valid([]byte(cell)) && (got != "two" || err != nil) {
			t.Errorf("%s as JSON: %q, %v", name, got, err)
		}
	}
}

// TestTurns reads lists of plain texts.
func TestTurns(t *testing.T) {
	for _, cell := range []string{
		`["one", "two"]`, ` ["one","two"] `, `['one', 'two']`, `['one', "two"]`, `['one' 'two']`, "['one'\n 'two']",
		`array(['one', 'two'], dtype=object)`, `array(['one', 'two'], dtype='<U3')`, `np.array(['one', 'two'])`,
		`[np.str_('one'), np.str_('two')]`, `[u'one', b'two',]`, `[['one', 'two']]`, `{"turns": ["one", "two"]}`,
		`{'turns': ('one', 'two'), 3: nan}`, `["\u006fne", 'tw\x6f']`, `['\u006f\156\U00000065', 'two']`,
	} {
		for mode, want := range map[Mode]string{Last: "two", First: "one", Users: "one\ntwo", All: "one\ntwo"} {
			if got, err := FromText(cell, mode); got != want || err != nil {
				t.Errorf("%s, %s: %q, %v, expected %q", cell, mode, got, err, want)
			}
		}
	}
}

// TestTexts reads texts whose notation is a trap.
func TestTexts(t *testing.T) {
	for cell, want := range map[string]string{
		`['It\'s "so"\n\ttrue \\ \/']`: "It's \"so\"\n\ttrue \\ /",
		`["It's"]`:                     "It's",
		`['\d+ \q']`:                   `\d+ \q`, // as Python reads escapes that it does not know
		`['\ud83d\ude00']`:             "\U0001f600",
		`['\ud83d x']`:                 "\ufffd x",
		`['caf\xe9 \0']`:               "café \x00",
		"['line\nbreak']":              "line\nbreak",
		`[{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]`: "a\nb",
		`[{"text": "part"}]`:                               "part",
		`{"role": "user", "content": "x"}`:                 "x",
		`[{"role": "user", "content": "[1, 2]"}]`:          "[1, 2]",
		`[{"role": "user", "content": ["a", "b"]}]`:        "a\nb",
		`[{"role": "user", "content": {"text": "inner"}}]`: "inner",
	} {
		if got, err := FromText(cell, Last); got != want || err != nil {
			t.Errorf("%s: %q, %v, expected %q", cell, got, err, want)
		}
	}
}

// TestPromptsAsTheyAre reads texts that only begin like a list or an object.
func TestPromptsAsTheyAre(t *testing.T) {
	for _, cell := range []string{
		"Hello", " padded ", "[INST] Hello [/INST]", "[1] says the footnote.", "{x: 1}", `\[ x^2 \]`, "[x for x in range(3)]", "[x]", "{ return 1; }",
		"{% if a %}", "{{name}}", "[1, 2, 3] is a list. Reverse it.", `["a", "b"] + ["c"]`, `{"a": 1} {"b": 2}`, "[1 2; 3 4]", "{1, 2}", "[...] and so on", "[", "{",
		`{"a": `, `['a', `, `{'a': 'b'} to JSON, please`, `[{"role": "admin"}] is wrong: why?`, "[link](https://x.org)", "[TODO]", "array(1) fails", "[a(1", "[np.", "[foo]", "['a' b]",
		"7", "\xff[", strings.Repeat("[", 5000), strings.Repeat("[", 20000) + strings.Repeat("]", 20000), "(‘a’)", `['\xg1']`, `['\U0011']`, "[-]", `{'a': 1 'b': 2}`,
	} {
		if got, err := FromText(cell, Last); got != cell || err != nil {
			t.Errorf("%.40q: %.40q, %v", cell, got, err)
		}
	}
}

func TestRefuses(t *testing.T) {
	for cell, want := range map[string]string{
		`{"doc_id": 3, "question": "q", "target": "a"}`:                    "an object with the keys doc_id, question, target",
		`{'doc_id': 3, 'question': 'q', 'target': 'a'}`:                    "an object with the keys doc_id, question, target",
		`{"text": "Name three rivers."}`:                                   "an object with the key text",
		`{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8}`: "an object with the keys a, b, c, d, e, f and 2 more",
		`{"a b": 1, "": 2}`:                                                `an object with the keys "a b", ""`,
		`{}`:                                                               "an empty object",
		`[1, 2]`:                                                           "a list of 2 numbers",
		`[1. 2.]`:                                                          "a list of 2 numbers",
		`[[1], [2]]`:                                                       "a list of 2 lists",
		`[true]`:                                                           "a list of 1 boolean",
		`["a", 1]`:                                                         "a list of 2 values of several kinds",
		`[{"q": "x", "a": "y"}]`:                                           "a list of 1 object: first an object with the keys q, a",
		`[{"role": "assistant", "content": "x"}]`:                          "a conversation without a message of the user",
		`{"role": "system", "content": "x"}`:                               "a conversation without a message of the user",
		`[{"role": "user", "content": "x"}, 3]`:                            "a list of 2 values of several kinds",
		`{"input": "x", "target": "y"}`:                                    "an object with the keys input, target",
		`{"input": ["x"], "target": "y"}`:                                  "an object with the keys input, target",
		`[{"role": "user", "content": "Why is the`:                         "the beginning of a conversation, which is cut off",
		`{'messages': [{'role': 'user'`:                                    "the beginning of a conversation, which is cut off",
		`['a' 'b' ... 'z']`:                                                `a list that was cut short with "..."`,
		`['\N{DASH}']`:                                                     `a list with an escape \N{...}, which only Python can read`,
	} {
		_, err := FromText(cell, "")
		var refused *Refused
		if !errors.As(err, &refused) || !errors.Is(err, ErrNone) || refused.Found != want || err.Error() != "found "+want+", expected a prompt" {
			t.Errorf("%s: %v, expected %s", cell, err, want)
		}
		if got, err := FromText(cell, Raw); got != cell || err != nil {
			t.Errorf("%s, raw: %q, %v", cell, got, err)
		}
	}
	for raw, want := range map[string]string{"7": "the value 7", "true": "the value true", "{": "damaged JSON"} {
		if _, err := FromJSON(raw, Last); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, expected %s", raw, err, want)
		}
	}
}

func TestBlank(t *testing.T) {
	for _, cell := range []string{
		"", " \n", "[]", `[""]`, `[null]`, `["a", null]`, `["a", " "]`, `[None]`, `[{"role": "user", "content": null}]`,
		`[{"role": "user", "content": [{"type": "image_url"}]}]`, `{"messages": []}`, `[{"type": "image_url", "image_url": {}}]`,
	} {
		if got, err := FromText(cell, Last); !errors.Is(err, ErrBlank) {
			t.Errorf("%q: %q, %v", cell, got, err)
		}
	}
	if _, err := FromText(`[null, "second"]`, First); !errors.Is(err, ErrBlank) {
		t.Error("the first turn is null:", err)
	}
	for _, mode := range []Mode{Last, Raw} {
		if _, err := FromText("\t", mode); !errors.Is(err, ErrBlank) {
			t.Error(mode, err)
		}
		if _, err := FromJSON("null", Last); !errors.Is(err, ErrBlank) {
			t.Error("null:", err)
		}
	}
}

func TestHints(t *testing.T) {
	r := Refused{Texts: []string{"question", "target"}}
	if got := strings.Join(r.Hints("doc"), "\n"); !strings.Contains(got, "such as doc.question or doc.target") || !strings.Contains(got, "--text raw") {
		t.Error(got)
	}
	_, err := FromText(`{"doc_id": 3, "question": "q", "a.b": "x", "choices": ["a"]}`, Last)
	if refused := new(Refused); !errors.As(err, &refused) || strings.Join(refused.Texts, " ") != "question choices" {
		t.Errorf("%+v", refused)
	}
}

func TestParseMode(t *testing.T) {
	for name, want := range map[string]Mode{"": Last, "last": Last, "first": First, "users": Users, "all": All, "raw": Raw} {
		if got, err := ParseMode(name, true); got != want || err != nil {
			t.Error(name, got, err)
		}
	}
	for _, name := range []string{"raw", "Last", "x"} {
		if _, err := ParseMode(name, false); err == nil || !strings.Contains(err.Error(), "expected last, first, users or all") {
			t.Error(name, err)
		}
	}
}

func TestNumeric(t *testing.T) {
	for text, want := range map[string]bool{"7": true, " -3.5e2 ": true, "1+1": false, "": false, "7 rivers": false} {
		if Numeric(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// FuzzFromText expects that a Python literal converts to valid JSON, that a prompt is not blank,
// and that text without brackets stays as it is.
func FuzzFromText(f *testing.F) {
	for _, cell := range []string{`['a', "b\n"]`, `[{'role': 'user', 'content': None}]`, `array(['a'], dtype=object)`, `[A(b='c', d=[1.5])]`, `{"messages": [{"role": "user", "content": "x"}]}`, `['\ud83d\ude00' ... -inf]`, "plain"} {
		f.Add(cell, "last")
	}
	f.Fuzz(func(t *testing.T, cell, name string) {
		if converted, s := literalToJSON(cell); s == literal && !json.Valid([]byte(converted)) {
			t.Fatalf("%q becomes %q", cell, converted)
		}
		mode, err := ParseMode(name, true)
		if err != nil {
			return
		}
		got, err := FromText(cell, mode)
		if (err == nil) == (strings.TrimSpace(got) == "") {
			t.Fatalf("%q: %q, %v", cell, got, err)
		}
		if err == nil && got != cell && !strings.ContainsAny(cell, "[{") {
			t.Fatalf("%q becomes %q", cell, got)
		}
		FromJSON(cell, mode)
	})
}

// TestRequestAgrees expects of every form that servers take the text that files give.
func TestRequestAgrees(t *testing.T) {
	for _, raw := range []string{
		`[{"role": "system", "content": "s"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}]}]`,
		`["a", "b"]`, `[{"role": "user", "content": "\ud800 x"}]`,
		`[{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "tool_use", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "content": "4"}, {"type": "tool_result", "content": [{"type": "text", "text": "5"}]}]}]`,
		`[{"role": "user", "content": "a"}, {"role": "user", "content": [{"type": "tool_result", "content": "4"}, {"type": "text", "text": "b"}]}]`,
	} {
		for _, mode := range []Mode{Last, First, Users, All} {
			want, err := FromJSON(raw, mode)
			if got := Request(gjson.Parse(raw), RequestOptions{Mode: mode}); got != want || err != nil {
				t.Errorf("%s, %s: %q, file %q, %v", raw, mode, got, want, err)
			}
		}
	}
}

// TestRequestSystem expects the system's text of Anthropic's API before the messages, and the
// question itself after the results of tools.
func TestRequestSystem(t *testing.T) {
	messages := gjson.Parse(`[{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "tool_use", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "content": "4"}]}]`)
	for _, system := range []string{`"s"`, `[{"type": "text", "text": "s"}]`} {
		for mode, want := range map[Mode]string{Last: "a", First: "a", Users: "a", All: "s\na"} {
			if got := Request(messages, RequestOptions{Mode: mode}, gjson.Parse(system)); got != want {
				t.Errorf("%s, system %s: %q, expected %q", mode, system, got, want)
			}
		}
	}
}
