package chat

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/modelserver/scripted"
)

// strict answers as a server that refuses a parameter with a message, and keeps the others.
func strict(parameter string, status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(scripted.Body(r), `"`+parameter+`"`) {
			scripted.Answer(status, message)(w, r)
			return
		}
		scripted.Answer(200, `{"choices":[{"message":{"content":"ok"},"logprobs":{"content":[{"token":"ok","logprob":-1}]}}]}`)(w, r)
	}
}

func settings(top int) Settings {
	most, seed := 10, int64(3)
	return Settings{MaxTokens: &most, Seed: &seed, TopLogprobs: top}
}

// TestRefusedParameters has servers that refuse a parameter: the parameter goes, once for all
// requests, and a note says what that means.
func TestRefusedParameters(t *testing.T) {
	for name, c := range map[string]struct {
		server     http.HandlerFunc
		first      int // requests for the first answer
		gone, sent string
		note       string
	}{
		"OpenAI's newer models": {strict("max_tokens", 400, `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}}`), 2,
			`"max_tokens"`, `"max_completion_tokens":10`, ""},
		"Mistral's seed": {strict("seed", 422, `{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]}`), 2,
			`"seed"`, `"max_tokens":10`, "takes no seed"},
		"reasoning models": {strict("logprobs", 403, `{"error":{"message":"You are not allowed to request logprobs from this model","param":null}}`), 2,
			`logprobs"`, `"seed":3`, "does not report log-probabilities"},
		"Gemini's": {strict("logprobs", 400, `[{"error":{"code":400,"message":"Logprobs is not enabled for models/x","status":"INVALID_ARGUMENT"}}]`), 2,
			`logprobs"`, `"seed":3`, "does not report log-probabilities"},
		"a server that never has them": {strict("logprobs", 400, `{"error":{"message":"logprobs: bad value"}}`), 3,
			`logprobs"`, `"seed":3`, "does not report log-probabilities"},
		"a server that leaves them out": {scripted.Answer(200, `{"choices":[{"message":{"content":"ok"}}]}`), 1,
			`"max_completion_tokens"`, `"top_logprobs":20`, "left out the log-probabilities"},
		"at most 5": {func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(scripted.Body(r), `"top_logprobs":20`) {
				scripted.Answer(400, `{"object":"error","message":"Requested sample logprobs of 20, which is greater than max allowed: 5","type":"BadRequestError","code":400}`)(w, r)
				return
			}
			scripted.Answer(200, `{"choices":[{"message":{"content":"ok"},"logprobs":{"content":[{"token":"ok","logprob":-1}]}}]}`)(w, r)
		}, 2, `"top_logprobs":20`, `"top_logprobs":5`, "at most 5 alternatives"},
	} {
		t.Run(name, func(t *testing.T) {
			client, s := scriptedClient(t, Endpoint{}, c.server)
			for i, want := range []int{c.first, 1} {
				r := question(fmt.Sprint("seed, logprobs and max_tokens ", i))
				r.Settings = settings(20)
				a, err := client.Ask(t.Context(), r)
				if err != nil || a.Text != "ok" || a.Requests != want {
					t.Errorf("%+v, want %d requests: %v", a, want, err)
				}
			}
			last := s.Requests()[c.first].Body
			if strings.Contains(last, c.gone) || !strings.Contains(last, c.sent) {
				t.Errorf("sent %s, want no %s, but %s", last, c.gone, c.sent)
			}
			if notes := client.Notes(); len(notes) > 1 || !strings.Contains(fmt.Sprint(notes), c.note) || (c.note == "") != (len(notes) == 0) {
				t.Errorf("notes %q, want %q", notes, c.note)
			}
		})
	}
}

// TestParametersThatStayRefused checks that a server that refuses everything is asked a bounded number of times.
func TestParametersThatStayRefused(t *testing.T) {
	said := `{"error":{"message":"unsupported: max_tokens, max_completion_tokens, seed, logprobs, top_logprobs","param":"logprobs"}}`
	client, s := scriptedClient(t, Endpoint{}, scripted.Answer(400, said))
	r := question("?")
	r.Settings = settings(20)
	if _, err := client.Ask(t.Context(), r); err == nil || len(s.Requests()) != 4 || client.learned.current() != firstDialect(OpenAI, "model") {
		t.Errorf("%v after %d requests", err, len(s.Requests()))
	}
}

// TestATemperatureIsNeverLeftOut checks that no answer is given for other settings than asked.
func TestATemperatureIsNeverLeftOut(t *testing.T) {
	client, s := scriptedClient(t, Endpoint{}, strict("temperature", 400, `{"error":{"message":"Unsupported value","param":"temperature","code":"unsupported_value"}}`))
	r, temperature := question("?"), 0.0
	r.Settings = Settings{Temperature: &temperature}
	if _, err := client.Ask(t.Context(), r); kind(err) != "final 400" || len(s.Requests()) != 1 {
		t.Errorf("%s after %d requests: %v", kind(err), len(s.Requests()), err)
	}
}

// TestOpenAIsOwnServer checks the name of the limit there.
func TestOpenAIsOwnServer(t *testing.T) {
	client, s := scriptedClient(t, Endpoint{URL: OpenAIURL, Key: "k"}, scripted.Answer(200, `{"choices":[{"message":{"content":"ok"}}]}`))
	r := question("?")
	r.Settings = settings(0)
	if _, err := client.Ask(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if want := `{"model":"m","messages":[{"role":"user","content":"?"}],"max_completion_tokens":10,"seed":3}`; strings.TrimSpace(s.Requests()[0].Body) != want {
		t.Errorf("sent %s, want %s", s.Requests()[0].Body, want)
	}
}

// TestLearningAtOnce asks a strict server from many sides.
func TestLearningAtOnce(t *testing.T) {
	s := chattest.Start(t, chattest.Options{Models: models(chattest.Says("ok")), Unsupported: map[string][]string{"m": {"max_tokens", "seed"}}})
	client := client(t, s, Endpoint{})
	var wait sync.WaitGroup
	for i := range 32 {
		wait.Go(func() {
			r := question(fmt.Sprint(i))
			if r.Settings = settings(2); i%4 == 0 {
				r.Settings = Settings{} // such requests teach nothing
			}
			if a, err := client.Ask(t.Context(), r); err != nil || a.Text != "ok" {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
	wait.Wait()
	before := s.Stats().Requests
	r := question("last")
	r.Settings = settings(2)
	if a, err := client.Ask(t.Context(), r); err != nil || a.Requests != 1 || s.Stats().Requests != before+1 {
		t.Errorf("%+v, %v", a, err)
	}
	if notes := client.Notes(); !slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, "no seed") }) || len(notes) != 1 {
		t.Errorf("notes %q", notes)
	}
}
