package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/results"
)

// begin sends a request with headers, each NAME: VALUE, and returns the record of it. The decision
// log has n records before.
func (p *proxied) begin(t *testing.T, n int, path, request string, headers ...string) decisionlog.Record {
	t.Helper()
	p.do(t, "POST", path, request, headers...)
	return p.records(t, n+1)[n]
}

// TestConversationKeys sends pairs of requests that are, or are not, of one conversation.
func TestConversationKeys(t *testing.T) {
	const chat, responses = "/v1/chat/completions", "/v1/responses"
	message := func(text string) string { return `{"role": "user", "content": "` + text + `"}` }
	ask := func(fields, messages string) string {
		return `{"model": "routellm", ` + fields + `"messages": [` + messages + `]}`
	}
	input := func(fields, items string) string {
		return `{"model": "routellm", ` + fields + `"input": ` + items + `}`
	}
	system := func(text string) string { return `{"role": "system", "content": "` + text + `"}, ` }
	said := `, {"role": "assistant", "content": "yes"}, `
	marked := `{"role": "user", "content": [{"type": "text", "text": "one", "cache_control": {"type": "ephemeral"}}]}`
	photo := func(url string) string {
		return `{"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "image_url", "image_url": {"url": "` + url + `"}}]}`
	}
	cached := strings.Replace(photo("a"), `"image_url", `, `"image_url", "cache_control": {"type": "ephemeral"}, `, 1)
	type request struct {
		path, body string
		header     string
	}
	for name, c := range map[string]struct {
		a, b request
		same bool
	}{
		"next turn":            {request{chat, ask("", message("one")), ""}, request{chat, ask("", message("one")+said+message("two")), ""}, true},
		"marked for the cache": {request{chat, ask("", marked), ""}, request{chat, ask("", message("one")+said+message("two")), ""}, true},
		"other beginning":      {request{chat, ask("", message("one")), ""}, request{chat, ask("", message("two")), ""}, false},
		"turn of two messages": {request{chat, ask("", message("one")+", "+message("two")), ""}, request{chat, ask("", message("one")+", "+message("three")), ""}, false},
		"other system":         {request{chat, ask("", system("a")+message("one")), ""}, request{chat, ask("", system("b")+message("one")), ""}, false},
		"other instructions":   {request{responses, input(`"instructions": "a", `, `"one"`), ""}, request{responses, input(`"instructions": "b", `, `"one"`), ""}, false},
		"other user":           {request{chat, ask(`"user": "a", `, message("one")), ""}, request{chat, ask(`"user": "b", `, message("one")), ""}, false},
		"other person":         {request{chat, ask(`"safety_identifier": "a", `, message("one")), ""}, request{chat, ask(`"safety_identifier": "b", `, message("one")), ""}, false},
		"other account":        {request{chat, ask(`"metadata": {"user_id": "a"}, `, message("one")), ""}, request{chat, ask(`"metadata": {"user_id": "b"}, `, message("one")), ""}, false},
		"other image":          {request{chat, ask("", photo("a")), ""}, request{chat, ask("", photo("b")), ""}, false},
		"same image":           {request{chat, ask("", cached), ""}, request{chat, ask("", photo("a")+said+message("two")), ""}, true},
		"other model name":     {request{chat, ask("", message("one")), ""}, request{chat, strings.Replace(ask("", message("one")), "routellm", "router-words-3", 1), ""}, false},
		"items":                {request{responses, input("", `[`+message("one")+`]`), ""}, request{responses, input("", `[`+message("one")+`, {"type": "function_call", "name": "look"}, `+message("two")+`]`), ""}, true},
		"cache key":            {request{chat, ask(`"prompt_cache_key": "k", `, message("one")), ""}, request{chat, ask(`"prompt_cache_key": "k", `, message("two")), ""}, true},
		"other cache key":      {request{chat, ask(`"prompt_cache_key": "k", `, message("one")), ""}, request{chat, ask(`"prompt_cache_key": "l", `, message("one")), ""}, false},
		"header":               {request{chat, ask("", message("one")), "s"}, request{chat, ask("", message("two")), "s"}, true},
		"other header":         {request{chat, ask("", message("one")), "s"}, request{chat, ask("", message("one")), "t"}, false},
		"cache key first":      {request{chat, ask(`"prompt_cache_key": "k", `, message("one")), "s"}, request{chat, ask(`"prompt_cache_key": "k", `, message("two")), "t"}, true},
		"no confusion of both": {request{chat, ask(`"prompt_cache_key": "k", `, message("one")), ""}, request{chat, ask("", message("one")), "k"}, false},
		"no such thing":        {request{chat, ask(`"conversation": "c", "previous_response_id": "r", `, message("one")), ""}, request{chat, ask(`"conversation": "c", `, message("two")), ""}, false},
		"conversation":         {request{responses, input(`"conversation": "c", `, `"one"`), ""}, request{responses, input(`"conversation": {"id": "c"}, "prompt_cache_key": "k", `, `"two"`), ""}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, fine)
			p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.StickyHeader = "X-Session" })
			a, b := p.begin(t, 0, c.a.path, c.a.body, "X-Session: "+c.a.header), p.begin(t, 1, c.b.path, c.b.body, "X-Session: "+c.b.header)
			if same := a.Conversation == b.Conversation; same != c.same || a.Conversation == "" {
				t.Errorf("conversations %q and %q", a.Conversation, b.Conversation)
			}
		})
	}
}

// TestNoConversation sends requests in which the user says nothing. They are no conversation.
func TestNoConversation(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, sticky)
	for i, request := range []string{`{"model": "routellm"}`, `{"model": "routellm", "messages": []}`, `{"model": "routellm", "messages": [{"role": "system", "content": "be brief"}]}`, `{"model": "routellm", "messages": [{"role": "user", "content": null}]}`} {
		if r := p.begin(t, i, "/v1/chat/completions", request); r.Conversation != "" || r.Reason != results.ReasonDefault {
			t.Errorf("%s: %+v", request, r)
		}
	}
}

// TestSharedCacheKey has clients that give every conversation the same prompt_cache_key.
func TestSharedCacheKey(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); s.StickyCacheKey = false })
	a := p.begin(t, 0, "/v1/responses", `{"model": "routellm", "prompt_cache_key": "app", "input": "one"}`)
	b := p.begin(t, 1, "/v1/responses", `{"model": "routellm", "prompt_cache_key": "app", "input": "two"}`)
	if a.Conversation == b.Conversation {
		t.Errorf("both are %q", a.Conversation)
	}
}

// responder answers the Responses API with a new id each time, as a whole or as a stream. It fails
// while bad is set.
func responder(name string, bad *atomic.Bool) http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		if bad.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		id := fmt.Sprintf("resp_%s_%d", name, n.Add(1))
		if !strings.Contains(r.Header.Get("Accept"), "stream") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"created_at": 1, "id": %q, "object": "response", "output": [{"id": "msg_1", "type": "message"}]}`, id)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for _, kind := range []string{"created", "in_progress", "completed"} {
			event(w, fmt.Sprintf(`{"type": "response.%s", "sequence_number": 1, "response": {"id": %q, "object": "response"}}`, kind, id))
		}
	}
}

// TestBound continues answers of both sides, whole and streamed, with and without stickiness: the
// side that made an answer gets what continues it, whatever it scores.
func TestBound(t *testing.T) {
	var bad atomic.Bool
	for name, change := range map[string]func(*Settings){"off": func(s *Settings) {}, "sticky": sticky} {
		t.Run(name, func(t *testing.T) {
			bad.Store(false)
			big, small := newFake(t, responder("big", &bad)), newFake(t, responder("small", &bad))
			p := start(t, big.URL, small.URL, func(s *Settings) { change(s); s.Fallback = true })
			n := 0
			ask := func(fields, text, accept string) decisionlog.Record {
				t.Helper()
				n++
				return p.begin(t, n-1, "/v1/responses", `{"model": "routellm", `+fields+`"input": "`+text+`"}`, "Accept: "+accept)
			}
			after := func(id string) string { return `"previous_response_id": "` + id + `", ` }
			first := ask("", hard, "")
			for i, c := range []struct {
				fields, text, accept string
				side                 string
				reason               results.Reason
			}{
				{"", easy, "text/event-stream", "weak", results.ReasonScore},
				{after("resp_big_1"), easy, "", "strong", results.ReasonBound},
				{after("resp_big_2"), easy, "text/event-stream", "strong", results.ReasonBound},
				{after("resp_small_1"), hard, "", "weak", results.ReasonBound},
				{after("resp_small_2"), hard, "", "weak", results.ReasonBound},
				{after("resp_unknown_1"), "one more", "", "weak", results.ReasonScore},
				{`"conversation": "conv_1", `, hard, "", "strong", results.ReasonScore},
				{`"conversation": {"id": "conv_1"}, `, easy, "", "strong", results.ReasonBound},
			} {
				r := ask(c.fields, c.text, c.accept)
				if string(r.Side) != c.side || r.Reason != c.reason || r.Side != r.Answered || !r.Score.Exists() {
					t.Errorf("request %d: %+v, expected %s because of %s", i+1, r, c.side, c.reason)
				}
				if i == 2 && r.Conversation != first.Conversation {
					t.Errorf("conversation %q after %q", r.Conversation, first.Conversation)
				}
			}
			bad.Store(true) // no other model knows the answer
			for _, id := range []string{"resp_big_1", "resp_unknown_2"} {
				if r := ask(after(id), easy, ""); r.Fallback || r.Status != http.StatusBadGateway {
					t.Errorf("%s: %+v", id, r)
				}
			}
		})
	}
}

// TestFallbackMakes has the other side answer, which makes it the one that what follows goes to.
func TestFallbackMakes(t *testing.T) {
	var good, bad atomic.Bool
	bad.Store(true)
	big, small := newFake(t, responder("big", &good)), newFake(t, responder("small", &bad))
	p := start(t, big.URL, small.URL, func(s *Settings) { sticky(s); s.Fallback = true })
	first := p.begin(t, 0, "/v1/responses", `{"model": "routellm", "input": "`+easy+`"}`)
	bad.Store(false)
	next := p.begin(t, 1, "/v1/responses", `{"model": "routellm", "previous_response_id": "resp_big_1", "input": "`+easy+`"}`)
	again := p.begin(t, 2, "/v1/responses", `{"model": "routellm", "input": "`+easy+`"}`)
	if first.Answered != "strong" || next.Side != "strong" || next.Reason != results.ReasonBound || next.Conversation != first.Conversation {
		t.Errorf("%+v, then %+v", first, next)
	}
	if again.Side != "weak" || again.Reason != results.ReasonSticky { // one failure does not move the conversation
		t.Errorf("then %+v", again)
	}
}

// TestServerMoves reloads with another server for a side: it knows no answer of the old one.
func TestServerMoves(t *testing.T) {
	var good atomic.Bool
	big, small := newFake(t, responder("big", &good)), newFake(t, responder("small", &good))
	p := start(t, big.URL, small.URL, nil)
	p.begin(t, 0, "/v1/responses", `{"model": "routellm", "input": "`+easy+`"}`)
	p.begin(t, 1, "/v1/responses", `{"model": "routellm", "input": "`+hard+`"}`)
	set := p.server.state.Load().Settings
	moved := settings(t, big.URL, big.URL)
	set.Config.Weak.URL = moved.Config.Weak.URL
	if err := p.server.Reload(set); err != nil {
		t.Fatal(err)
	}
	c := &call{state: p.server.state.Load()}
	if _, ok := p.server.made(c, "resp_small_1"); ok {
		t.Error("the maker of an answer is known, though it has gone")
	}
	if made, ok := p.server.made(c, "resp_big_1"); !ok || made.Upstream != strong {
		t.Errorf("maker %d, %v", made.Upstream, ok)
	}
}

// keeper answers the Responses API, and refuses requests that continue the answers of another
// server, with a status and an error as model servers have them.
func keeper(name string, status int, refusal string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Previous string `json:"previous_response_id"`
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		w.Header().Set("Content-Type", "application/json")
		if in.Previous != "" && !strings.HasPrefix(in.Previous, "resp_"+name) {
			w.WriteHeader(status)
			fmt.Fprintf(w, refusal, in.Previous)
			return
		}
		fmt.Fprintf(w, `{"id": "resp_%s_2", "object": "response"}`, name)
	}
}

// TestSeeks continues answers that the server has not seen, such as those from before a restart.
// The side that does not keep the answer is asked first, and the next one then, without fallback.
func TestSeeks(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		refusal string
		error   string
	}{
		"openai": {http.StatusBadRequest, `{"error": {"message": "Previous response with id '%s' not found.", "type": "invalid_request_error", "param": "previous_response_id", "code": "previous_response_not_found"}}`, "answer_not_kept"},
		"vllm":   {http.StatusNotFound, `{"error": {"message": "Response with id '%s' not found.", "type": "invalid_request_error", "param": null, "code": 404}}`, "answer_not_kept"},
		"other":  {http.StatusBadRequest, `{"error": {"message": "temperature: expected at most 2", "type": "invalid_request_error", "param": "temperature", "code": null}}%.0s`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			big, small := newFake(t, nil), newFake(t, nil)
			big.Config.Handler, small.Config.Handler = keeper("big", c.status, c.refusal), keeper("small", c.status, c.refusal)
			p := start(t, big.URL, small.URL, func(s *Settings) { s.BreakerFailures = 1 })
			ask := func(n int, id string) decisionlog.Record {
				return p.begin(t, n, "/v1/responses", `{"model": "routellm", "previous_response_id": "`+id+`", "input": "`+easy+`"}`)
			}
			first := ask(0, "resp_big_1")
			if c.error == "" {
				if first.Status != c.status || first.Fallback {
					t.Errorf("%+v", first)
				}
				return
			}
			if first.Side != "weak" || first.Answered != "strong" || first.Status != http.StatusOK || first.Error != c.error {
				t.Errorf("%+v", first)
			}
			if next := ask(1, "resp_big_2"); next.Side != "strong" || next.Reason != results.ReasonBound || next.Fallback {
				t.Errorf("then %+v", next)
			}
			if none := ask(2, "resp_gone_1"); none.Status != c.status || none.Answered != "weak" {
				t.Errorf("nobody keeps it: %+v", none)
			}
			if last := ask(3, "resp_small_1"); last.Status != http.StatusOK || last.Answered != "weak" || last.Fallback {
				t.Errorf("at last: %+v", last)
			}
		})
	}
}

// TestMakerAnswers fetches, cancels and deletes answers: the side that made each gets the request.
func TestMakerAnswers(t *testing.T) {
	var good atomic.Bool
	big, small := newFake(t, responder("big", &good)), newFake(t, responder("small", &good))
	p := start(t, big.URL, small.URL, nil)
	p.begin(t, 0, "/v1/responses", `{"model": "routellm", "input": "`+easy+`"}`)
	p.begin(t, 1, "/v1/responses", `{"model": "routellm", "input": "`+hard+`"}`)
	for _, c := range []struct {
		method, path string
		by           *fake
	}{
		{"GET", "/v1/responses/resp_small_1", small}, {"GET", "/v1/responses/resp_big_1", big},
		{"POST", "/v1/responses/resp_small_1/cancel", small}, {"DELETE", "/v1/responses/resp_big_1", big},
	} {
		r, _ := http.NewRequest(c.method, p.URL+c.path, nil)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got, _ := c.by.last(t); got.Method != c.method || got.URL.Path != c.path {
			t.Errorf("%s %s: the maker got %s %s at last", c.method, c.path, got.Method, got.URL.Path)
		}
	}
}

// TestDirectInConversation asks for a model itself within a conversation, and counts its tokens:
// neither changes where the conversation is.
func TestDirectInConversation(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) {
		sticky(s)
		s.DirectModels = true
		s.Strong.APIs = append(s.Strong.APIs, config.Anthropic)
		s.Weak.APIs = append(s.Weak.APIs, config.Anthropic)
	})
	for i, c := range []struct{ path, request, model string }{
		{"/v1/messages/count_tokens", turns(hard), "big"},
		{"/v1/chat/completions", strings.Replace(turns(easy), "routellm", "big", 1), "big"},
		{"/v1/messages", turns(easy), "small"},
		{"/v1/messages/count_tokens", turns(easy, "she", hard), "big"}, // would escalate
		{"/v1/messages", turns(easy, "she", followUp), "small"},
		{"/v1/messages/count_tokens", turns(easy, "she", followUp), "small"},
		{"/v1/chat/completions", strings.Replace(turns(easy, "she", followUp), "routellm", "big", 1), "big"},
		{"/v1/messages", turns(easy, "she", followUp, "done", easy), "small"},
	} {
		res, answer, _ := p.post(t, c.path, c.request)
		if got := res.Header.Get("X-Routellm-Model"); got != c.model {
			t.Errorf("request %d: model %s, expected %s: %s", i+1, got, c.model, answer)
		}
	}
	for _, r := range p.records(t, 5) {
		if r.Endpoint == "messages" && r.Reason != results.ReasonScore && r.Reason != results.ReasonSticky {
			t.Errorf("%+v", r)
		}
	}
}

// TestClientsApart has clients say the same and continue each other's answers: they share nothing.
func TestClientsApart(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte("ann key-of-ann\nbob key-of-bob\nbob other-of-bob\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Settings){
		"keys":      func(s *Settings) { s.APIKeyFile = keys },
		"forwarded": func(s *Settings) { s.ForwardClientKey = true },
	} {
		t.Run(name, func(t *testing.T) {
			var good atomic.Bool
			f := newFake(t, responder("big", &good))
			p := start(t, f.URL, f.URL, func(s *Settings) { sticky(s); change(s); s.StickyHeader = "X-Session" })
			n := 0
			ask := func(key, fields string) decisionlog.Record {
				n++
				return p.begin(t, n-1, "/v1/responses", `{"model": "routellm", `+fields+`"input": "`+easy+`"}`, "Authorization: Bearer "+key, "X-Session: s")
			}
			seen := map[string]string{}
			for _, fields := range []string{"", `"prompt_cache_key": "k", `, `"conversation": "c", `, `"previous_response_id": "resp_big_1", `} {
				for _, key := range []string{"key-of-ann", "key-of-bob"} {
					r := ask(key, fields)
					if owner, ok := seen[r.Conversation]; ok && owner != key {
						t.Errorf("%s of %s is in a conversation of %s", fields, key, owner)
					}
					if seen[r.Conversation] = key; r.Reason == results.ReasonBound && key != "key-of-ann" {
						t.Errorf("%s is bound by another's answer: %+v", key, r)
					}
				}
			}
			if name == "keys" && ask("key-of-bob", "").Conversation != ask("other-of-bob", "").Conversation {
				t.Error("keys of one name are not one client")
			}
			if raw, _ := os.ReadFile(p.path); strings.Contains(string(raw)+p.log.String(), "-of-") {
				t.Error("a log has a key")
			}
		})
	}
}
