package causal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/modelserver/scripted"
	"github.com/routellm/routellm/routers"
)

func newRouter(t *testing.T, o Options) *Router {
	t.Helper()
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// prompts returns prompts with the ids p1, p2, ...
func prompts(texts ...string) []routers.Prompt {
	out := make([]routers.Prompt, len(texts))
	for i, text := range texts {
		out[i] = routers.Prompt{ID: fmt.Sprint("p", i+1), Text: text, HasText: true}
	}
	return out
}

// Answers in all shapes. All give the labels the probabilities .1 .2 .3 .15 .05.
const (
	legacy = `{"choices":[{"text":"3","logprobs":{"tokens":["3"],"top_logprobs":[
		{"1":-2.302585,"2":-1.609438," 3":-1.609438,"3":-2.302585,"4":-1.897120,"5":-2.995732,"The":-3.5}]}}]}`
	content = `{"choices":[{"message":{"content":"3"},"logprobs":{"content":[{"token":"3","logprob":-1.2,"top_logprobs":[
		{"token":"token_id:9","bytes":[51],"logprob":-1.203973},{"token":"2","bytes":null,"logprob":-1.609438},{"token":"4","logprob":-1.897120},
		{"token":"\u01201","bytes":[],"logprob":-2.302585},{"token":"\u25815","logprob":-2.995732},{"token":" The","bytes":[32,84,104,101],"logprob":-3.5}]}]}}]}`
	llamaAnswer = `{"content":"3","completion_probabilities":[{"id":33,"token":"3","prob":0.375,"top_probs":[
		{"id":13,"token":"3","prob":0.375},{"id":12,"token":"2","prob":0.25},{"id":14,"token":"4","prob":0.1875},
		{"id":11,"token":"1","prob":0.125},{"id":15,"token":"5","prob":0.0625},{"id":90,"token":"x","prob":1e-44}]}]}`
)

// llama answers like llama.cpp's own server. The token of a label is the label plus 10.
func llama(w http.ResponseWriter, r *http.Request) {
	var body struct{ Content string }
	json.Unmarshal([]byte(scripted.Body(r)), &body)
	switch r.URL.Path {
	case "/tokenize":
		fmt.Fprintf(w, `{"tokens":[{"id":7,"piece":[226]},{"id":8,"piece":"\u2581"},{"id":1%s,"piece":%q}]}`, body.Content, body.Content)
	case "/apply-template":
		fmt.Fprint(w, `{"prompt":"<user> {prompt} <assistant>"}`)
	default:
		fmt.Fprint(w, llamaAnswer)
	}
}

func TestShapes(t *testing.T) {
	for name, c := range map[string]struct {
		api     string
		handler http.HandlerFunc
	}{
		"completions, legacy": {Completions, scripted.Answer(200, legacy)},
		"completions, list":   {Completions, scripted.Answer(200, content)},
		"chat":                {Chat, scripted.Answer(200, content)},
		"llama.cpp":           {LlamaCPP, llama},
	} {
		s := scripted.Start(t, c.handler)
		got, err := newRouter(t, Options{Endpoint: s.URL + "/v1", Model: "m", API: c.api}).Scores(context.Background(), prompts("a"))
		if err != nil || math.Abs(got[0]-0.75) > 1e-6 {
			t.Errorf("%s: %v, %v, want 0.75", name, got, err)
		}
	}
}

func TestRequests(t *testing.T) {
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1") // Options must win over the environment
	t.Setenv("OPENAI_API_KEY", "ambient")
	text := strings.Replace(instruction, place, "<a> {prompt} \uFFFD", 1)
	quoted, _ := json.Marshal(text)
	quoted = []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(quoted)))
	for api, want := range map[string]struct {
		path, body string
		requests   int
	}{
		Completions: {"/v1/completions", `{"model":"m","prompt":` + string(quoted) + `,"max_tokens":1,"temperature":0,"logprobs":5}`, 1},
		Chat: {"/v1/chat/completions", `{"model":"m","messages":[{"role":"user","content":` + string(quoted) +
			`}],"max_tokens":1,"temperature":0,"logprobs":true,"top_logprobs":5}`, 1},
		LlamaCPP: {"/completion", `{"model":"m","prompt":"<user> <a> {prompt} ` + "\uFFFD" + ` <assistant>","n_predict":1,"temperature":1,"samplers":[],` +
			`"logit_bias":[[11,100],[12,100],[13,100],[14,100],[15,100]],"n_probs":5,"post_sampling_probs":true}`, 8},
	} {
		for _, slash := range []string{"", "/"} {
			handler := scripted.Answer(200, content)
			if api == LlamaCPP {
				handler = llama
			}
			s := scripted.Start(t, handler)
			r := newRouter(t, Options{Endpoint: s.URL + "/v1" + slash, Model: "m", API: api, Top: 5, Key: "secret"})
			if _, err := r.Scores(context.Background(), prompts("<a> {prompt} \xff")); err != nil {
				t.Fatal(err)
			}
			last := s.Requests()[len(s.Requests())-1]
			got := strings.NewReplacer(`\ufffd`, "\uFFFD").Replace(last.Body)
			if last.Path != want.path || last.Key != "Bearer secret" || got != want.body || len(s.Requests()) != want.requests {
				t.Errorf("%s: request %d is %+v, want %v", api, len(s.Requests()), last, want)
			}
			const before = `{"cache_prompt":false,"model":"m","n_predict":0,"prompt":"<user> "}`
			if api == LlamaCPP && s.Requests()[6].Body != before {
				t.Errorf("request before the first prompt's: %+v, want %v", s.Requests()[6], before)
			}
		}
	}
}

func TestTheInstructionHasOnePlace(t *testing.T) {
	if strings.Count(instruction, place) != 1 || !strings.HasSuffix(instruction, ":\n") {
		t.Errorf("instruction %q", instruction)
	}
}

func TestAnswersThatAreNotUsable(t *testing.T) {
	top := func(rows string) string {
		return `{"choices":[{"logprobs":{"content":[{"top_logprobs":[` + rows + `]}]}}]}`
	}
	for _, c := range []struct{ body, want, hint string }{
		{`<html>hi</html>`, `not the expected JSON`, "check that the endpoint is the API's"},
		{``, `unexpected end of JSON input`, "check that the endpoint"},
		{`{"error":{"message":"no"}}`, `it has no choices: "{\"error\":{\"message\":\"no\"}}"`, ""},
		{`{"choices":[{"text":"4","logprobs":null}]}`, `it has no log-probabilities of tokens`, "the server must report them"},
		{`{"choices":[{"message":{"content":"4"}}]}`, `it has no log-probabilities of tokens`, "the server must report them"},
		{`{"choices":[{"logprobs":{"content":[]}}]}`, `it has no log-probabilities of tokens`, "the server must report them"},
		{`{"choices":[{"logprobs":{"top_logprobs":[null]}}]}`, `it has no log-probabilities of tokens`, "the server must report them"},
		{top(``), `it has no log-probabilities of tokens`, "the server must report them"},
		{top(`{"token":"4"}`), `token "4" has the probability NaN, expected 0 to 1`, ""},
		{top(`{"token":"4","logprob":3}`), `token "4" has the probability 20.08`, ""},
		{top(`{"token":"4","logprob":"NaN"}`), `not the expected JSON`, ""},
		{top(`{"token":"Sure","logprob":-0.1},{"token":"14","logprob":-3},{"token":"4.","logprob":-4}`),
			`none of the labels ["1" "2" "3" "4" "5"] is among the 3 reported tokens, of which "Sure" is the likeliest`, "use a model that follows"},
		{top(`{"token":"4","logprob":-9999}`), `none of the labels`, ""},
		{top(`{"token":"4","logprob":-0.1},{"token":"3","logprob":-2},{"token":"Sure","logprob":-3}`),
			`the win rate is only known to be between 0.124 and 0.206: the labels ["1" "2" "5"] are not among the 3 reported tokens`, "ask the server to report more"},
	} {
		s := scripted.Start(t, scripted.Answer(200, c.body))
		dir := t.TempDir()
		got, err := newRouter(t, Options{Endpoint: s.URL + "/v1", Model: "m", CacheDir: dir}).Scores(context.Background(), prompts("a"))
		prefix := fmt.Sprintf(`sample "p1": answer from %q: `, s.URL+"/v1/chat/completions")
		if err == nil || got != nil || !strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), c.want) ||
			!strings.HasPrefix(strings.Join(hint.Of(err), "\n"), c.hint) {
			t.Errorf("%s: error %v %q, want %s", c.body, err, hint.Of(err), c.want)
		}
		if files := filesIn(t, dir); len(files) != 0 {
			t.Errorf("%s: kept %v", c.body, files)
		}
	}
}

func TestLlamaAnswersThatAreNotUsable(t *testing.T) {
	for _, c := range []struct{ path, body, want string }{
		{"/tokenize", `{"tokens":[{"id":1,"piece":"12"}]}`, `/tokenize": it has no token "1"`},
		{"/tokenize", `{"tokens":[5]}`, `/tokenize": not the expected JSON`},
		{"/apply-template", `{"prompt":"<user>"}`, `/apply-template": it does not contain the message: "<user>"`},
		{"/apply-template", `{}`, `/apply-template": it does not contain the message: ""`},
		{"/completion", `{"content":"4"}`, `/completion": it has no probabilities of tokens`},
		{"/completion", strings.Replace(llamaAnswer, `"id":12`, `"id":99`, 1), `/completion": it has 4 labels whose probabilities add up to 0.75, expected 5 and 1`},
		{"/completion", strings.Replace(llamaAnswer, `0.25`, `0.24`, 1), `5 labels whose probabilities add up to 0.99`},
		{"/completion", strings.Replace(strings.Replace(llamaAnswer, `0.25`, `-0.25`, 1), `0.0625`, `0.5625`, 1), `token "2" has the probability -0.25`},
		{"/completion", strings.Replace(llamaAnswer, `0.25`, `null`, 1), `4 labels whose`},
		{"/completion", strings.Replace(llamaAnswer, `top_probs`, `top_logprobs`, 1), `0 labels whose`},
	} {
		s := scripted.Start(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == c.path {
				scripted.Answer(200, c.body)(w, r)
				return
			}
			llama(w, r)
		})
		_, err := newRouter(t, Options{Endpoint: s.URL + "/v1", Model: "m", API: LlamaCPP}).Scores(context.Background(), prompts("a"))
		if err == nil || !strings.HasPrefix(err.Error(), `sample "p1": answer from "`+s.URL) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.body, err, c.want)
		}
	}
}

func TestOptionsThatAreNotUsable(t *testing.T) {
	for want, o := range map[string]Options{
		"no endpoint of a model server":                                         {},
		`endpoint "localhost:8080/v1": expected http:// or https:// and a host`: {Endpoint: "localhost:8080/v1"},
		`endpoint "%"`:           {Endpoint: "%"},
		"no model name is given": {Endpoint: "http://h/v1"},
		`API "x": expected "chat", "completions" or "llamacpp"`:                   {Endpoint: "http://h/v1", Model: "m", API: "x"},
		"cannot report 4 tokens: expected 0 for the default of 20, or at least 5": {Endpoint: "http://h/v1", Model: "m", Top: 4},
		"concurrency -1 and timeout 2m0s: expected 0 for the default":             {Endpoint: "http://h/v1", Model: "m", Concurrency: -1},
		"concurrency 4 and timeout -1ns: expected 0 for the default, or":          {Endpoint: "http://h/v1", Model: "m", Timeout: -1},
	} {
		if _, err := New(o); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestDigestsTellModelsApart(t *testing.T) {
	digest := func(o Options) string { return newRouter(t, o).SHA256() }
	base := Options{Endpoint: "http://h/v1", Model: "m"}
	same, model, api := base, base, base
	same.Endpoint, same.Key, same.Top, same.CacheDir = "https://i/v2", "k", 100, t.TempDir()
	model.Model, api.API = "n", Completions
	if want := digest(base); len(want) != 64 || digest(same) != want || digest(model) == want || digest(api) == want {
		t.Errorf("digests %s, %s of the same, %s of another model, %s of another API", want, digest(same), digest(model), digest(api))
	}
}

func TestPromptsWithoutText(t *testing.T) {
	s := scripted.Start(t, scripted.Answer(200, content))
	r := newRouter(t, Options{Endpoint: s.URL, Model: "m"})
	ps := prompts("a", "b")
	ps[1].HasText = false
	if _, err := r.Scores(context.Background(), ps); err == nil || err.Error() != `sample "p2" has no prompt text` || len(s.Requests()) != 0 {
		t.Errorf("error %v after %d requests", err, len(s.Requests()))
	}
	if got, err := r.Scores(context.Background(), nil); len(got) != 0 || err != nil || len(s.Requests()) != 0 || !r.Needs().Text {
		t.Errorf("%v, %v", got, err)
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	r := newRouter(t, Options{Endpoint: "http://" + l.Addr().String(), Model: "m"})
	r.answers.(*server).client.Retries = 1
	_, err = r.Scores(context.Background(), prompts("a"))
	if err == nil || !strings.HasPrefix(err.Error(), `sample "p1": no connection to `) || !strings.Contains(err.Error(), "refused") || len(hint.Of(err)) != 1 {
		t.Errorf("error %v", err)
	}
}

func TestCancelled(t *testing.T) {
	why := errors.New("somebody said stop")
	for _, c := range []struct {
		cause error
		dir   string
		want  string
		hints int
	}{{nil, "", "context canceled", 0}, {why, "", why.Error(), 0}, {why, t.TempDir(), why.Error(), 1}} {
		ctx, cancel := context.WithCancelCause(context.Background())
		s := scripted.Start(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel(c.cause)
			<-r.Context().Done()
		})
		_, err := newRouter(t, Options{Endpoint: s.URL, Model: "m", CacheDir: c.dir}).Scores(ctx, prompts("a"))
		if err == nil || err.Error() != c.want || len(hint.Of(err)) != c.hints {
			t.Errorf("error %v, want %s; hints %q", err, c.want, hint.Of(err))
		}
	}
}

func TestConnectionCut(t *testing.T) {
	cut := scripted.Cut("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"choices\":[")
	_, err := newRouter(t, Options{Endpoint: scripted.Start(t, cut).URL, Model: "m"}).Scores(context.Background(), prompts("a"))
	if err == nil || !strings.Contains(err.Error(), "broke off") || len(hint.Of(err)) != 1 {
		t.Errorf("error %v", err)
	}
}
