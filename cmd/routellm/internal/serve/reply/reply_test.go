package reply

import (
	"errors"
	"math"
	"strings"
	"testing"
)

const certain = `{"content":[{"token":"4","logprob":-0.1,"top_logprobs":[{"token":"4","logprob":-0.1},{"token":"5","logprob":-2.5},{"token":"6","logprob":-4}]},` +
	`{"token":".","logprob":-0.2,"top_logprobs":[{"token":".","logprob":-0.2}]}],"refusal":null}`

func object(content, logprobs string) string {
	return `{"id":"c","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":` + content + `},"logprobs":` + logprobs + `}],"usage":{"prompt_tokens":3}}`
}

func event(delta, logprobs, finish string) string {
	return `data: {"id":"c","choices":[{"index":0,"delta":` + delta + `,"logprobs":` + logprobs + `,"finish_reason":` + finish + `}],"usage":null}` + "\n\n"
}

const counts = `data: {"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}` + "\n\n"

func TestObject(t *testing.T) {
	raw := object(`"4."`, certain)
	r, err := Read(Chat, false, raw)
	if err != nil || r.Text != "4." || r.Tools || r.Finish != "stop" {
		t.Fatalf("%+v, %v", r, err)
	}
	if want := strings.Replace(certain, `,"refusal":null`, "", 1); r.Logprobs != want {
		t.Errorf("log-probabilities %s", r.Logprobs)
	}
	if got := r.Content(Keep{}).String(); got != object(`"4."`, "null") {
		t.Errorf("without: %s", got)
	}
	if got := r.Content(Keep{Logprobs: true, Top: 5}).String(); got != raw {
		t.Errorf("with all: %s", got)
	}
	one := strings.Replace(raw, `,{"token":"5","logprob":-2.5},{"token":"6","logprob":-4}`, "", 1)
	if got := r.Content(Keep{Logprobs: true, Top: 1}).String(); got != one {
		t.Errorf("with one alternative: %s", got)
	}
	got := r.Content(Keep{Logprobs: true}).String()
	if strings.Count(got, `"top_logprobs":[]`) != 2 || strings.Contains(got, `"5"`) {
		t.Errorf("without alternatives: %s", got)
	}
}

// TestStream reads streams with each end of line, and in whatever parts the text comes.
func TestStream(t *testing.T) {
	first, second := `{"content":[{"token":"4","logprob":-0.1}]}`, `{"content":[{"token":".","logprob":-0.2}]}`
	stream := func(a, b, usage string) string {
		return ": waiting\n\n" + "event: ping\ndata: {\"type\":\"ping\"}\n\n" + event(`{"role":"assistant","content":""}`, "null", "null") + event(`{"content":"4"}`, a, "null") +
			event(`{"content":"."}`, b, "null") + event(`{}`, "null", `"length"`) + usage + "data: [DONE]\n\n"
	}
	for _, end := range []string{"\n", "\r\n"} {
		raw := strings.ReplaceAll(stream(first, second, counts), "\n", end)
		r, err := Read(Chat, true, raw)
		if err != nil || r.Text != "4." || r.Finish != "length" || r.Logprobs != `{"content":[{"token":"4","logprob":-0.1},{"token":".","logprob":-0.2}]}` {
			t.Fatalf("%+v, %v", r, err)
		}
		for _, usage := range []string{"", counts} {
			want := strings.ReplaceAll(stream("null", "null", usage), "\n", end)
			if got := r.Content(Keep{Usage: usage != ""}).String(); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

func TestOlderForm(t *testing.T) {
	raw := `{"choices":[{"index":0,"text":" 4","finish_reason":"stop","logprobs":{"tokens":[" 4"],"token_logprobs":[-0.5],"top_logprobs":[{" 4":-0.5}],"text_offset":[0]}}]}`
	r, err := Read(Completions, false, raw)
	if err != nil || r.Text != " 4" || r.Logprobs != `{"tokens":[" 4"],"token_logprobs":[-0.5],"top_logprobs":[{" 4":-0.5}]}` {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := r.Content(Keep{Logprobs: true}).String(); got != raw {
		t.Errorf("%s", got)
	}
}

func TestMessages(t *testing.T) {
	raw := `{"type":"message","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"4."}],"stop_reason":"end_turn"}`
	stream := "event: message_start\n" + `data: {"type":"message_start","message":{"content":[]}}` + "\n\n" +
		`data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n" +
		`data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"4."}}` + "\n\n" +
		`data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}` + "\n\n" + `data: {"type":"message_stop"}` + "\n\n"
	for _, c := range []struct {
		raw    string
		stream bool
	}{{raw, false}, {stream, true}} {
		r, err := Read(Messages, c.stream, c.raw)
		if err != nil || r.Text != "4." || r.Finish != "end_turn" || r.Tools || r.Logprobs != "" || r.Content(Keep{}).String() != c.raw {
			t.Errorf("%+v, %v", r, err)
		}
	}
	tool := strings.Replace(stream, `"content_block":{"type":"text","text":""}`, `"content_block":{"type":"tool_use","name":"f","input":{}}`, 1)
	for arguments, want := range map[string]error{`{\"a\":1}`: nil, `{\"a\":`: ErrCall, "": nil} {
		raw := strings.Replace(tool, `{"type":"text_delta","text":"4."}`, `{"type":"input_json_delta","partial_json":"`+arguments+`"}`, 1)
		if r, err := Read(Messages, true, raw); !errors.Is(err, want) || err == nil && !r.Tools {
			t.Errorf("arguments %s: %+v, %v", arguments, r, err)
		}
	}
}

func TestTools(t *testing.T) {
	whole := `{"choices":[{"index":0,"finish_reason":"tool_calls","message":{"content":null,"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":"ARG"}}]}}]}`
	parts := event(`{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]}`, "null", "null") + event(`{"tool_calls":[{"index":1,"function":{"name":"g","arguments":"ARG"}}]}`, "null", "null") +
		event(`{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}`, "null", `"tool_calls"`)
	for stream, raw := range map[bool]string{false: whole, true: parts} {
		for arguments, want := range map[string]error{`{\"x\":[1]}`: nil, `{\"x\":`: ErrCall} {
			r, err := Read(Chat, stream, strings.Replace(raw, "ARG", arguments, 1))
			if !errors.Is(err, want) || err == nil && !r.Tools {
				t.Errorf("stream %v, arguments %s: %+v, %v", stream, arguments, r, err)
			}
		}
	}
}

// TestRefused has answers of which nothing may reach a client as if they were whole.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		form   Form
		stream bool
		raw    string
		want   error
	}{
		{"nothing", Chat, false, "", ErrUnreadable},
		{"half an object", Chat, false, object(`"4."`, "null")[:40], ErrUnreadable},
		{"a page", Chat, false, "<html>", ErrUnreadable},
		{"a list", Chat, false, "[]", ErrUnreadable},
		{"no choices", Chat, false, `{"id":"c"}`, ErrUnreadable},
		{"choices are text", Chat, false, `{"choices":"x"}`, ErrUnreadable},
		{"two answers", Chat, false, `{"choices":[{"index":0,"message":{"content":"a"}},{"index":1,"message":{"content":"b"}}]}`, ErrUnreadable},
		{"an error", Chat, false, `{"error":{"message":"x"}}`, ErrFailed},
		{"an error within", Chat, false, `{"choices":[{"index":0,"finish_reason":"error","message":{"content":"a"}}]}`, ErrFailed},
		{"no events", Chat, true, "", ErrIncomplete},
		{"half a stream", Chat, true, event(`{"content":"4"}`, "null", "null"), ErrIncomplete},
		{"half an event", Chat, true, event(`{"content":"4"}`, "null", `"stop"`)[:60], ErrUnreadable},
		{"an event of text", Chat, true, "data: hello\n\n", ErrUnreadable},
		{"two lines of data", Chat, true, "data: {}\ndata: {}\n\n", ErrUnreadable},
		{"a late error", Chat, true, event(`{"content":"4"}`, "null", "null") + `data: {"error":{"message":"x"}}` + "\n\n", ErrFailed},
		{"another answer's event", Chat, true, strings.Replace(event(`{"content":"4"}`, "null", `"stop"`), `"index":0`, `"index":1`, 1), ErrUnreadable},
		{"no content", Messages, false, `{"type":"message"}`, ErrUnreadable},
		{"an error", Messages, false, `{"type":"error","error":{"type":"overloaded_error"}}`, ErrFailed},
		{"a late error", Messages, true, `data: {"type":"error","error":{}}` + "\n\n", ErrFailed},
		{"no last event", Messages, true, `data: {"type":"content_block_delta","index":0,"delta":{"text":"4"}}` + "\n\n", ErrIncomplete},
	} {
		if r, err := Read(c.form, c.stream, c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s, %s: %+v, %v, want %v", c.form, c.name, r, err, c.want)
		}
	}
}

// FuzzRead checks that no answer, however odd, makes the edits leave it, or changes it where nothing
// is to be removed.
func FuzzRead(f *testing.F) {
	f.Add(object(`"4."`, certain), false)
	f.Add(event(`{"content":"4"}`, certain, `"stop"`)+counts, true)
	f.Fuzz(func(t *testing.T, raw string, stream bool) {
		for _, form := range []Form{Chat, Completions, Messages} {
			r, err := Read(form, stream, raw)
			if err != nil {
				continue
			}
			if got := r.Content(Keep{Logprobs: true, Top: 1 << 20, Usage: true}).String(); got != raw {
				t.Errorf("%q became %q", raw, got)
			}
			if got := r.Content(Keep{}); got.Len() > int64(len(raw)) {
				t.Errorf("%q became %q", raw, got.String())
			}
		}
	})
}

// TestAnswer computes the signals of an answer of two tokens.
func TestAnswer(t *testing.T) {
	r, err := Read(Chat, false, object(`"4."`, certain))
	if err != nil {
		t.Fatal(err)
	}
	a := r.Answer(2)
	p, q := math.Exp(-0.1), math.Exp(-2.5)
	p, q = p/(p+q), q/(p+q)
	if want := -p*math.Log(p) - q*math.Log(q); math.Abs(a.FirstEntropy-want) > 1e-12 {
		t.Errorf("entropy %v, want %v", a.FirstEntropy, want)
	}
	if math.Abs(a.LogprobMean+0.15) > 1e-12 || a.LogprobMin != -0.2 || a.Text != "4." || a.Finish != "stop" || !math.IsNaN(a.Tokens) || !math.IsNaN(a.Agreement) {
		t.Errorf("%+v", a)
	}
	if r, err = Read(Chat, false, object(`"4."`, "null")); err != nil {
		t.Fatal(err)
	}
	if a = r.Answer(5); !math.IsNaN(a.LogprobMean) || !math.IsNaN(a.FirstEntropy) || !a.HasText {
		t.Errorf("%+v", a)
	}
}
