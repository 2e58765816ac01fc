package chat

import (
	"fmt"
	"math"
	"net/http"
	"reflect"
	"testing"

	"github.com/routellm/routellm/internal/modelserver"
)

func replyOf(body string, headers ...string) modelserver.Reply {
	r := modelserver.Reply{Status: 200, Said: 200, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// show writes what an answer holds, unknown numbers as ?.
func show(a Answer) string {
	n := func(x float64) string {
		if math.IsNaN(x) {
			return "?"
		}
		return fmt.Sprint(x)
	}
	return fmt.Sprintf("%q %s, %s+%s tokens, %s cached, $%s", a.Text, a.Finish, n(a.InputTokens), n(a.OutputTokens), n(a.CachedTokens), n(a.CostUSD))
}

// TestOpenAIAnswers has what servers of OpenAI's form answer.
func TestOpenAIAnswers(t *testing.T) {
	text := func(message, finish string) string {
		return fmt.Sprintf(`{"choices":[{"message":{%s},"finish_reason":%s}]}`, message, finish)
	}
	usage := func(usage string) string {
		return `{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":` + usage + `}`
	}
	for body, want := range map[string]string{
		text(`"content":"a"`, `"stop"`):                          `"a" stop, ?+? tokens, ? cached, $?`,
		text(`"content":"a"`, `null`):                            `"a" , ?+? tokens, ? cached, $?`,
		text(`"content":""`, `"stop"`):                           `"" stop, ?+? tokens, ? cached, $?`,
		text(`"content":"a"`, `"length"`):                        `"a" length, ?+? tokens, ? cached, $?`,
		text(`"content":"a"`, `"content_filter"`):                `"a" filter, ?+? tokens, ? cached, $?`,
		text(`"content":"a"`, `"abort"`):                         `"a" abort, ?+? tokens, ? cached, $?`,
		text(`"content":null`, `"length"`):                       `"" length, ?+? tokens, ? cached, $?`,
		text(`"content":null`, `"content_filter"`):               `"" filter, ?+? tokens, ? cached, $?`,
		text(`"content":null,"tool_calls":[{}]`, `"tool_calls"`): `"" tool, ?+? tokens, ? cached, $?`,
		text(`"content":null,"refusal":"I cannot."`, `"stop"`):   `"I cannot." filter, ?+? tokens, ? cached, $?`,
		text(`"content":"a","refusal":null`, `"stop"`):           `"a" stop, ?+? tokens, ? cached, $?`,
		text(`"content":[{"type":"thinking","thinking":[]},{"type":"text","text":"a"},{"type":"text","text":"b"}]`, `"stop"`): `"ab" stop, ?+? tokens, ? cached, $?`,
		text(`"content":"\ud83d\ude00 <&>"`, `"stop"`): `"😀 <&>" stop, ?+? tokens, ? cached, $?`,

		usage(`null`): `"a" stop, ?+? tokens, ? cached, $?`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}`):                                                           `"a" stop, 5+2 tokens, ? cached, $?`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}}`):                                `"a" stop, 5+2 tokens, 3 cached, $?`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":null,"prompt_cache_hit_tokens":4}`):                   `"a" stop, 5+2 tokens, 4 cached, $?`,
		usage(`{"prompt_tokens":5,"completion_tokens":9,"total_tokens":14,"completion_tokens_details":{"reasoning_tokens":7}}`):       `"a" stop, 5+9 tokens, ? cached, $?`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"total_tokens":14,"completion_tokens_details":{"reasoning_tokens":7}}`):       `"a" stop, 5+9 tokens, ? cached, $?`,
		usage(`{"prompt_tokens":5,"total_tokens":14}`):                                                                                `"a" stop, 5+9 tokens, ? cached, $?`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"cost":0.25}`):                                                                `"a" stop, 5+2 tokens, ? cached, $0.25`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"cost":0}`):                                                                   `"a" stop, 5+2 tokens, ? cached, $0`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"cost":0.25,"is_byok":true,"cost_details":{"upstream_inference_cost":1}}`):    `"a" stop, 5+2 tokens, ? cached, $1.25`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"cost":0.25,"is_byok":false,"cost_details":{"upstream_inference_cost":0.2}}`): `"a" stop, 5+2 tokens, ? cached, $0.25`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"cost":{"total_cost":0.5,"input_tokens_cost":0.1}}`):                          `"a" stop, 5+2 tokens, ? cached, $0.5`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"estimated_cost":0.125}`):                                                     `"a" stop, 5+2 tokens, ? cached, $0.125`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"cost":"free"}`):                                                              `"a" stop, 5+2 tokens, ? cached, $?`,
		usage(`{"prompt_tokens":5,"completion_tokens":2,"cost":1e300}`):                                                               `"a" stop, 5+2 tokens, ? cached, $?`,
		usage(`{"prompt_tokens":-5,"completion_tokens":1e13,"cost":-1}`):                                                              `"a" stop, ?+? tokens, ? cached, $?`,
	} {
		a, err := decodeOpenAI(replyOf(body))
		if err != nil || show(a) != want {
			t.Errorf("%s:\n%s, want\n%s: %v", body, show(a), want, err)
		}
	}
	a, err := decodeOpenAI(replyOf(usage(`{"prompt_tokens":5,"completion_tokens":2}`), "X-Litellm-Response-Cost", "0.75"))
	if err != nil || a.CostUSD != 0.75 {
		t.Errorf("LiteLLM's cost: %v, %v", a.CostUSD, err)
	}
}

// TestAnthropicAnswers has what Anthropic's API answers.
func TestAnthropicAnswers(t *testing.T) {
	for body, want := range map[string]string{
		`{"content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":2}}`: `"a" stop, 5+2 tokens, ? cached, $?`,
		`{"content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"a"},{"type":"text","text":"b"}],"stop_reason":"max_tokens",
		  "usage":{"input_tokens":5,"cache_creation_input_tokens":10,"cache_read_input_tokens":20,"output_tokens":2}}`: `"ab" length, 35+2 tokens, 20 cached, $?`,
		`{"content":[],"stop_reason":"end_turn"}`:                                                                            `"" stop, ?+? tokens, ? cached, $?`,
		`{"content":[{"type":"text","text":"no"}],"stop_reason":"refusal"}`:                                                  `"no" filter, ?+? tokens, ? cached, $?`,
		`{"content":[{"type":"tool_use","name":"x"}],"stop_reason":"tool_use"}`:                                              `"" tool, ?+? tokens, ? cached, $?`,
		`{"content":[{"type":"text","text":"a"}],"stop_reason":"pause_turn"}`:                                                `"a" pause_turn, ?+? tokens, ? cached, $?`,
		`{"content":[{"type":"text","text":"a"}],"stop_reason":"stop_sequence"}`:                                             `"a" stop, ?+? tokens, ? cached, $?`,
		`{"content":[{"type":"text","text":"a"}],"stop_reason":"model_context_window_exceeded","usage":{"output_tokens":1}}`: `"a" length, ?+1 tokens, ? cached, $?`,
	} {
		a, err := anthropic{}.decode(replyOf(body))
		if err != nil || show(a) != want {
			t.Errorf("%s:\n%s, want\n%s: %v", body, show(a), want, err)
		}
	}
	for _, body := range []string{`{}`, `{"content":null}`, `{"content":"a"}`, `[]`, ``, `{"content":[`} {
		if a, err := (anthropic{}).decode(replyOf(body)); err == nil {
			t.Errorf("%s: %+v", body, a)
		}
	}
}

// TestLogprobs has the forms in which servers report log-probabilities.
func TestLogprobs(t *testing.T) {
	for body, want := range map[string][]Token{
		`null`:             nil,
		`{"content":null}`: nil,
		`{"content":[]}`:   nil,
		`{"content":[{"token":"a","logprob":-1}]}`: {{"a", -1, nil}},
		`{"content":[{"token":"\ufffd","bytes":[240,159],"logprob":-0.5,"top_logprobs":[{"token":"x","bytes":[240,159],"logprob":-0.5},{"token":"b","bytes":null,"logprob":-2}]}]}`: {
			{"\xf0\x9f", -0.5, []Alternative{{"\xf0\x9f", -0.5}, {"b", -2}}}},
		`{"content":[{"token":"a","logprob":0.0000001}]}`:                         {{"a", 0, nil}},
		`{"content":[{"token":"a","logprob":0.9}]}`:                               nil, // a probability
		`{"content":[{"token":"a"}]}`:                                             nil,
		`{"content":[{"token":"a","logprob":-1,"top_logprobs":[{"token":"b"}]}]}`: nil,
		`{"tokens":["a","b"],"token_logprobs":[-1,-2],"top_logprobs":[{"x":-3,"a":-1,"y":-3},null]}`: {
			{"a", -1, []Alternative{{"a", -1}, {"x", -3}, {"y", -3}}}, {"b", -2, nil}},
		`{"tokens":["a","b"],"token_logprobs":[-1]}`:      nil,
		`{"tokens":["a","b"],"token_logprobs":[null,-1]}`: nil,
	} {
		a, err := decodeOpenAI(replyOf(`{"choices":[{"message":{"content":"a"},"logprobs":` + body + `}]}`))
		if err != nil || !reflect.DeepEqual(a.Tokens, want) {
			t.Errorf("%s: %v, want %v: %v", body, a.Tokens, want, err)
		}
	}
}

// FuzzDecode decodes any bytes as an answer of each protocol. What decodes is an answer whose
// numbers are known or NaN.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"choices":[{"message":{"content":"a"},"finish_reason":"stop","logprobs":{"content":[{"token":"a","bytes":[97],"logprob":-1,"top_logprobs":[]}]}}],"usage":{"prompt_tokens":1,"cost":{"total_cost":1}}}`,
		`{"choices":[{"message":{"content":[{"type":"text","text":"a"}]}}]}`, `{"choices":[{"message":{"refusal":"no"}}]}`,
		`{"content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"cache_read_input_tokens":1}}`,
		`{"choices":[{"message":{"content":"a"},"logprobs":{"tokens":["a"],"token_logprobs":[-1],"top_logprobs":[{"a":-1}]}}]}`, `{"error":{}}`, `<html>`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, p := range protocols {
			a, err := p.decode(replyOf(string(body)))
			if err != nil {
				if len(err.Error()) > 2000 {
					t.Errorf("an error of %d bytes", len(err.Error()))
				}
				continue
			}
			for _, x := range []float64{a.InputTokens, a.OutputTokens, a.CachedTokens, a.CostUSD} {
				if x < 0 || math.IsInf(x, 0) {
					t.Errorf("%+v", a)
				}
			}
			for _, token := range a.Tokens {
				if !(token.Logprob <= 0) {
					t.Errorf("%+v", token)
				}
			}
		}
	})
}
