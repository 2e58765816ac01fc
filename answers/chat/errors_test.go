package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/modelserver/scripted"
)

// scriptedClient returns a client whose requests a script answers without a network.
func scriptedClient(t *testing.T, e Endpoint, script ...http.HandlerFunc) (*Client, *scripted.Server) {
	t.Helper()
	s, h := scripted.Offline(script...)
	if e.URL == "" {
		e.URL = s.URL + "/v1"
	}
	e.Model, e.Transport = "m", h.Transport
	c, err := New(e)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// kind says what kind of error it is, with its status.
func kind(err error) string {
	var refused *Refused
	var fault *Fault
	switch {
	case errors.As(err, &refused):
		return fmt.Sprint("refused ", refused.Status)
	case errors.As(err, &fault) && fault.Final:
		return fmt.Sprint("final ", fault.Status)
	case errors.As(err, &fault):
		return fmt.Sprint("fault ", fault.Status)
	}
	return "other"
}

// TestErrors has what servers say instead of an answer: the kind of error, its text, and the first
// hint.
func TestErrors(t *testing.T) {
	const at = `"http://model/v1/chat/completions"`
	say := scripted.Answer
	html := scripted.Answer(200, `<html>sign in</html>`, "Content-Type", "text/html; charset=utf-8")
	for name, c := range map[string]struct {
		answer                http.HandlerFunc
		kind, text, firstHint string
		requests              int
	}{
		"too long":        {say(400, `{"error":{"message":"maximum context length is 10 tokens","code":"context_length_exceeded"}}`), "refused 400", at + ` answered 400 Bad Request: "maximum context length is 10 tokens"`, "must fit into the model's context", 1},
		"too long, 500":   {say(500, `{"error":{"message":"the request exceeds the available context size"}}`, "X-Should-Retry", "false"), "refused 500", "context size", "must fit", 1},
		"413":             {say(413, ``), "refused 413", at + " answered 413 Request Entity Too Large", "must fit", 1},
		"a filter":        {say(400, `{"error":{"code":"content_filter","message":"flagged"}}`), "refused 400", "flagged", "filter", 1},
		"a filter, 403":   {say(403, `{"error":{"message":"your input was flagged"}}`), "refused 403", "flagged", "filter", 1},
		"422":             {say(422, `{"detail":"no"}`), "refused 422", `422 Unprocessable Entity: "{\"detail\":\"no\"}"`, "", 1},
		"400":             {say(400, `{"error":{"message":"roles must alternate"}}`), "refused 400", "roles must alternate", "", 1},
		"a wrong key":     {say(401, `{"error":{"message":"bad key sk-1"}}`), "final 401", `answered 401 Unauthorized: "bad key (the key)"`, `check the key of "m"`, 1},
		"a wrong key 400": {say(400, `{"error":{"message":"API key not valid"}}`), "final 400", "not valid", `check the key of "m"`, 1},
		"forbidden":       {say(403, ``), "final 403", "403 Forbidden", `check the key of "m"`, 1},
		"no money":        {say(402, ``), "final 402", "402 Payment Required", `check the key of "m"`, 1},
		"no such model":   {say(404, `{"error":{"code":"model_not_found"}}`), "final 404", "404 Not Found", `check that the server has the model "m"`, 1},
		"unknown model":   {say(400, `{"error":{"message":"m is not a valid model ID"}}`), "final 400", "not a valid model", `check that the server has the model "m"`, 1},
		"no credit":       {say(429, `{"error":{"code":"insufficient_quota","message":"quota"}}`), "final 429", "quota", "no credit left", 1},
		"429":             {say(429, `{"error":{"message":"slow down"}}`), "fault 429", `429 Too Many Requests: "slow down"`, "such requests are tried 6 times", 6},
		"429, an hour":    {say(429, ``, "Retry-After", "3600"), "fault 429", "429", `the server says to retry after "3600"`, 6},
		"500":             {say(500, `boom`), "fault 500", `500 Internal Server Error: "boom"`, "such requests are tried 6 times", 6},
		"503":             {say(503, ``), "fault 503", "503", "such requests are tried 6 times", 6},
		"529":             {say(529, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`), "fault 529", `answered 529: "Overloaded"`, "such requests", 6},
		"inside 200":      {say(200, `{"error":{"code":502,"message":"provider sk-1 failed"}}`), "fault 502", `answered 200 OK with the error 502 Bad Gateway: "provider (the key) failed"`, "such requests", 6},
		"inside, 400":     {say(200, `{"error":{"code":400,"message":"prompt is too long"}}`), "refused 400", "too long", "must fit", 1},
		"inside, text":    {say(200, `{"error":"model crashed"}`), "fault 500", "model crashed", "such requests", 6},
		"405":             {say(405, ``), "final 405", "405 Method Not Allowed", "check that the server has the model", 1},
		"error and text":  {say(200, `{"error":"","choices":[{"message":{"content":"half"},"finish_reason":"error"}]}`), "fault 200", "it ended with an error", "", 1},
		"inside choice":   {say(200, `{"choices":[{"error":{"message":"stopped sk-1"},"message":{"content":"half"}}]}`), "fault 200", `it ended with an error: "{\"message\":\"stopped (the key)\"}"`, "", 1},
		"HTML":            {html, "fault 200", "answer from " + at + ": it is an HTML page, expected JSON", "check that the URL", 1},
		"wrong JSON":      {say(200, `{"choices":7}`), "fault 200", "not the expected JSON", "", 1},
		"half JSON":       {say(200, `{"choices":[{"message":{"content":"ab`), "fault 200", "its JSON is cut after 37 bytes", "", 2},
		"empty":           {say(200, ``), "fault 200", "it is empty", "", 1},
		"204":             {say(204, ``), "fault 204", "it is empty", "", 1},
		"a text":          {say(200, `hello`), "fault 200", `not the expected JSON: invalid character 'h' looking for beginning of value: "hello"`, "", 1},
		"a list":          {say(200, `[]`), "fault 200", "not the expected JSON", "", 1},
		"a stream":        {say(200, "data: {}\n\n"), "fault 200", "it is a stream", "", 1},
		"no choices":      {say(200, `{"choices":[]}`), "fault 200", `it has no choices: "{\"choices\":[]}"`, "", 1},
		"nothing":         {say(200, `{}`), "fault 200", "it has no choices", "", 1},
		"no message":      {say(200, `{"choices":[{"finish_reason":"stop"}]}`), "fault 200", "it has no message", "", 1},
		"null":            {say(200, `{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}`), "fault 200", "its content is null", "", 1},
		"no content":      {say(200, `{"choices":[{"message":{}}]}`), "fault 200", "its content is null", "", 1},
		"a number":        {say(200, `{"choices":[{"message":{"content":5}}]}`), "fault 200", `its content is "5", expected a text or a list of parts`, "", 1},
		"a redirect":      {say(302, ``, "Location", "https://new.example/sk-1"), "final 302", "answered 302 Found", `the server names "https://new.example/(the key)"`, 1},
		"dropped":         {scripted.Drop, "fault 0", "no answer from " + at + ": EOF", "is its address right", 6},
		"cut":             {scripted.CutBody(`{"choices":[`), "fault 0", "broke off", "run it again", 2},
		"a temperature":   {say(400, `{"error":{"message":"Unsupported value: 'temperature' does not support 0.5 with this model.","param":"temperature"}}`), "final 400", "does not support 0.5", "the model does not take this temperature: change it or leave it out", 1},
		"tokens":          {say(400, `{"error":{"message":"max_tokens must be at most 5"}}`), "final 400", "at most 5", "the model does not take this limit of tokens", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, s := scriptedClient(t, Endpoint{Key: "sk-1"}, c.answer)
				temperature, most := 0.5, 10
				r := question("say temperature, seed and logprobs")
				r.Settings = Settings{Temperature: &temperature, MaxTokens: &most}
				a, err := client.Ask(t.Context(), r)
				if err == nil || kind(err) != c.kind || !strings.Contains(err.Error(), c.text) || len(s.Requests()) != c.requests || a.Requests != c.requests {
					t.Errorf("%s after %d requests, want %s after %d:\n%v, want\n%s", kind(err), len(s.Requests()), c.kind, c.requests, err, c.text)
				}
				hints := strings.Join(hint.Of(err), "\n")
				if !strings.Contains(hints, c.firstHint) || strings.Contains(fmt.Sprint(err, hints), "sk-1") {
					t.Errorf("hints %q, want %q", hints, c.firstHint)
				}
			})
		})
	}
}

// TestConnections checks what is said where no connection comes about.
func TestConnections(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	ok := http.HandlerFunc(scripted.Answer(200, `{"choices":[{"message":{"content":"ok"}}]}`))
	secure, plain := httptest.NewUnstartedServer(ok), httptest.NewServer(ok)
	secure.Config.ErrorLog = quiet
	secure.StartTLS()
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	for url, want := range map[string][2]string{
		secure.URL: {"no secure connection to", "must trust the server's certificate"},
		strings.Replace(secure.URL, "https", "http", 1): {"answered 400 Bad Request", ""},
		strings.Replace(plain.URL, "http", "https", 1):  {"no answer from", "is its address right"},
		closed.URL: {"no connection to", "is the server running"},
	} {
		c, err := New(Endpoint{Model: "m", URL: url, Key: "sk-1"})
		if err != nil {
			t.Fatal(err)
		}
		c.server.Retries = 0
		_, err = c.Ask(t.Context(), question("?"))
		if err == nil || !strings.Contains(err.Error(), want[0]) || !strings.Contains(fmt.Sprint(hint.Of(err)), want[1]) || strings.Count(err.Error(), url) != 1 {
			t.Errorf("%v %q, want %q", err, hint.Of(err), want)
		}
	}
}

// TestImages checks that a model that takes no images refuses prompts with images alone.
func TestImages(t *testing.T) {
	c, _ := scriptedClient(t, Endpoint{}, scripted.Answer(404, `{"error":{"message":"No endpoints found that support image input"}}`))
	if _, err := c.Ask(t.Context(), Request{Messages: []Message{{Role: "user", Parts: []byte(`[{"type":"image_url"}]`)}}}); kind(err) != "refused 404" {
		t.Errorf("%s: %v", kind(err), err)
	}
	if _, err := c.Ask(t.Context(), question("?")); kind(err) != "final 404" {
		t.Errorf("%s: %v", kind(err), err)
	}
}

// TestMemory checks that no more of an answer is read than the client holds.
func TestMemory(t *testing.T) {
	client, s := scriptedClient(t, Endpoint{}, scripted.Answer(200, strings.Repeat(" ", 3<<20)))
	client.server.MaxBytes = 2 << 20
	_, err := client.Ask(t.Context(), question("?"))
	if kind(err) != "fault 0" || err.Error() != `the answer from "http://model/v1/chat/completions" is too large: more than 2 MiB` || len(s.Requests()) != 1 {
		t.Errorf("%s: %v", kind(err), err)
	}
}

// TestHang checks that a server that does not answer is asked again once.
func TestHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := scriptedClient(t, Endpoint{Timeout: 7 * time.Second}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		start := time.Now()
		_, err := client.Ask(t.Context(), question("?"))
		if kind(err) != "fault 0" || err.Error() != `no answer from "http://model/v1/chat/completions" within 7s` || len(s.Requests()) != 2 {
			t.Errorf("%v after %d requests", err, len(s.Requests()))
		}
		if waited := time.Since(start); waited < 14*time.Second || waited > 15*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s := scriptedClient(t, Endpoint{}, scripted.Answer(429, ``, "Retry-After", "50"))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_, err := client.Ask(ctx, question("?"))
		if !errors.Is(err, context.DeadlineExceeded) || kind(err) != "other" || len(s.Requests()) != 1 {
			t.Errorf("%s: %v", kind(err), err)
		}
	})
}

// TestPause checks that others hear of a pause before the client waits.
func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := scriptedClient(t, Endpoint{}, scripted.Answer(429, ``, "Retry-After", "30"), scripted.Answer(200, `{"choices":[{"message":{"content":"ok"}}]}`))
		start := time.Now()
		client.OnPause(func(d time.Duration) {
			if d != 30*time.Second || time.Since(start) != 0 {
				t.Errorf("a pause of %v after %v", d, time.Since(start))
			}
		})
		a, err := client.Ask(t.Context(), question("?"))
		if err != nil || a.Text != "ok" || a.Requests != 2 || time.Since(start) != 30*time.Second || a.Latency != 0 {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

// TestRepeatedKeys has servers that repeat the key where an answer or an error stands. A key that is a
// common word is none.
func TestRepeatedKeys(t *testing.T) {
	const long = "sk-0123456789/abcdef+"
	for name, c := range map[string]struct{ key, body, text, finish string }{
		"answer":        {long, `{"choices":[{"message":{"content":"Bearer sk-0123456789\/abcdef+"},"finish_reason":"stop"}]}`, "Bearer (the key)", "stop"},
		"finish":        {long, `{"choices":[{"message":{"content":"a"},"finish_reason":"sk-0123456789/abcdef+"}]}`, "a", "(the key)"},
		"cut":           {long, strings.Repeat("x", 290) + long, "", ""},
		"cut in a list": {long, `{"choices":[],"a":"` + strings.Repeat("x", 270) + long + `"}`, "", ""},
		"a word":        {"EMPTY", `{"choices":[{"message":{"content":"EMPTY"},"finish_reason":"stop"}]}`, "EMPTY", "stop"},
	} {
		client, _ := scriptedClient(t, Endpoint{Key: c.key}, scripted.Answer(200, c.body))
		a, err := client.Ask(t.Context(), question("what?"))
		if (err != nil) != (c.finish == "") || a.Text != c.text || a.Finish != c.finish {
			t.Errorf("%s: %q, %q, %v", name, a.Text, a.Finish, err)
		}
		if err != nil && strings.Contains(err.Error(), "sk-0") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
