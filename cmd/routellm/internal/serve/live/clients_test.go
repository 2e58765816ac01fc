package live

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/llamatest"
)

// runClients runs testdata/clients.py, which prints only what fails.
func runClients(t *testing.T, p *program, what ...string) {
	t.Helper()
	c := exec.Command("python3", append([]string{filepath.Join("testdata", "clients.py"), p.url}, what...)...)
	c.Env = append(os.Environ(), "KEY=of-the-client")
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("clients.py: %v\n%s\nserve said:\n%s", err, out, p.output())
	}
}

// TestClientsRealModels lets the clients of OpenAI and Anthropic ask a real model.
func TestClientsRealModels(t *testing.T) {
	needLive(t)
	at := llamatest.ModelServer(t, llama)
	p := serve(t, nil, "--router", "length", "--threshold", "30", "--strong", "big@"+at, "--weak", "small@"+at,
		"--strong-apis", "openai,anthropic", "--weak-apis", "openai,anthropic", "--direct-models", "--weak-alias", "tiny")
	runClients(t, p, "chat", "completions", "responses", "messages", "models", "errors")
	count := map[string]int{}
	for _, r := range p.logged(t, 11) {
		count[r.Endpoint]++
		if r.Error != "" || r.Status != http.StatusOK || r.InputTokens == nil || *r.InputTokens == 0 || *r.OutputTokens == 0 {
			t.Errorf("logged %+v", r)
		}
	}
	if want := map[string]int{"chat": 5, "completions": 1, "responses": 2, "messages": 3}; fmt.Sprint(count) != fmt.Sprint(want) {
		t.Errorf("logged %v, expected %v", count, want)
	}
}

// TestClientsEmbeddings asks a real model for vectors.
func TestClientsEmbeddings(t *testing.T) {
	needLive(t)
	at := llamatest.ModelServer(t, llama, "--embedding")
	p := serve(t, nil, "--router", "length", "--threshold", "30", "--strong", "big@http://127.0.0.1:9", "--weak", "small@"+at, "--embeddings", "weak", "--fallback")
	runClients(t, p, "embeddings")
	if _, text := p.get(t, "/metrics"); !strings.Contains(text, `routellm_passed_total{endpoint="embeddings",side="weak",status="200"} 1`) {
		t.Error("the request is not counted")
	}
}

// azure answers like Azure's OpenAI: for a deployment, with its own header for the key and with a
// version in the query.
func azure(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	version := r.URL.Query()["api-version"]
	switch {
	case r.Header.Get("Api-Key") != "of-azure" || r.Header.Get("Authorization")+r.Header.Get("X-Api-Key") != "":
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path != "/openai/deployments/big/chat/completions" || len(version) != 1 || version[0] != "2024-10-21":
		w.WriteHeader(http.StatusNotFound)
	case strings.Contains(string(raw), `"stream":true`):
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, `data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"no"}}]}`+"\n\n"+
			`data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":3,"total_tokens":7}}`+"\n\ndata: [DONE]\n\n")
	default:
		answers(w, r)
	}
}

// claude answers like Anthropic: with its own headers, and only its own API.
func claude(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Header.Get("X-Api-Key") != "of-anthropic" || r.Header.Get("Authorization")+r.Header.Get("Api-Key") != "" || r.Header.Get("Anthropic-Version") == "":
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}`)
	case r.URL.Path == "/v1/messages/count_tokens":
		_, _ = io.WriteString(w, `{"input_tokens": 14}`)
	case r.URL.Path != "/v1/messages" || !strings.Contains(string(raw), `"model":"claude"`):
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"type": "error", "error": {"type": "not_found_error", "message": "model"}}`)
	case strings.Contains(string(raw), `"stream":true`):
		claudeStream(w)
	default:
		_, _ = io.WriteString(w, `{"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": [{"type": "text", "text": "no"}], "stop_reason": "end_turn", "stop_sequence": null, "usage": {"input_tokens": 10, "cache_creation_input_tokens": 1, "cache_read_input_tokens": 2, "output_tokens": 3}}`)
	}
}

func claudeStream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, e := range []string{
		`message_start {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":1,"cache_read_input_tokens":2,"output_tokens":1}}}`,
		`content_block_start {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
		`ping {"type":"ping"}`,
		`content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"no"}}`,
		`content_block_stop {"type":"content_block_stop","index":0}`,
		`message_delta {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":3}}`,
		`message_stop {"type":"message_stop"}`,
	} {
		name, data, _ := strings.Cut(e, " ")
		_, _ = io.WriteString(w, "event: "+name+"\ndata: "+data+"\n\n")
	}
}

// TestClientsOfProviders puts serve between the clients and servers that want their keys as Azure
// and Anthropic do, each of which speaks one API. What a client sends as its own key reaches
// neither.
func TestClientsOfProviders(t *testing.T) {
	big, small := upstream(t, azure), upstream(t, claude)
	p := serve(t, []string{"AZURE_KEY=of-azure", "ANTHROPIC_KEY=of-anthropic"}, "--router", "length", "--threshold", "30",
		"--strong", "gpt-4o@"+big.URL+"/openai/deployments/big", "--strong-key-env", "AZURE_KEY", "--strong-key-header", "api-key", "--strong-query", "api-version=2024-10-21",
		"--weak", "claude@"+small.URL+"/v1", "--weak-key-env", "ANTHROPIC_KEY", "--weak-key-header", "x-api-key", "--weak-apis", "anthropic")
	runClients(t, p, "chat", "messages", "errors")
	for _, r := range p.logged(t, 7) {
		if r.Status != http.StatusOK || r.Error != "" || r.InputTokens == nil {
			t.Errorf("logged %+v", r)
		}
		if want := map[string]string{"chat": "gpt-4o", "messages": "claude"}[r.Endpoint]; r.AnsweredModel != want {
			t.Errorf("%s answered, expected %s", r.AnsweredModel, want)
		}
		if r.Endpoint == "messages" && (*r.InputTokens != 13 || *r.OutputTokens != 3) {
			t.Errorf("%d and %d tokens, expected 13 and 3", *r.InputTokens, *r.OutputTokens)
		}
	}
}

// TestClientsWithoutAnAPI expects a clear error where no server speaks the API.
func TestClientsWithoutAnAPI(t *testing.T) {
	s := upstream(t, answers)
	p := serve(t, nil, "--router", "length", "--threshold", "30", "--strong", "big@"+s.URL+"/v1", "--weak", "small@"+s.URL+"/v1")
	res, text := p.post(t, "/v1/messages", `{"model": "routellm", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}`)
	if res.StatusCode != http.StatusNotImplemented || !strings.HasPrefix(text, `{"type":"error","error":{"type":"api_error"`) || !strings.Contains(text, "the setting weak_apis would have to list anthropic") {
		t.Errorf("status %d, %s", res.StatusCode, text)
	}
}
