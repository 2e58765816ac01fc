package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// teller is a model's server with a memory of its own: it knows only the responses that it made.
type teller struct {
	*httptest.Server
	name string

	mu   sync.Mutex
	made map[string]bool
}

func newTeller(t *testing.T, name string) *teller {
	m := &teller{name: name, made: map[string]bool{}}
	m.Server = upstream(t, m.answer)
	return m
}

func (m *teller) answer(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Messages []struct{ Role string }
		Tools    []any
		Stream   bool
		Previous string `json:"previous_response_id"`
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/chat/completions") {
		m.chat(w, len(in.Tools) > 0 && len(in.Messages) < 8)
		return
	}
	m.mu.Lock()
	known, id := in.Previous == "" || m.made[in.Previous], fmt.Sprintf("resp_%s_%d", m.name, len(m.made))
	m.made[id] = known
	m.mu.Unlock()
	if !known {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error": {"message": "Previous response with id '%s' not found.", "type": "invalid_request_error", "param": "previous_response_id", "code": "previous_response_not_found"}}`, in.Previous)
		return
	}
	m.respond(w, id, in.Stream)
}

// chat answers with a text, or with a call of a tool.
func (m *teller) chat(w http.ResponseWriter, call bool) {
	message := `{"role": "assistant", "content": "yes"}`
	if call {
		message = `{"role": "assistant", "content": null, "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}`
	}
	fmt.Fprintf(w, `{"id": "c1", "object": "chat.completion", "created": 1, "model": %q, "choices": [{"index": 0, "finish_reason": "stop", "message": %s}]}`, m.name, message)
}

// respond answers the Responses API.
func (m *teller) respond(w http.ResponseWriter, id string, stream bool) {
	response := func(status, output string) string {
		return fmt.Sprintf(`{"id": %q, "object": "response", "created_at": 1, "status": %q, "model": %q, "output": [%s], "parallel_tool_calls": true, "tool_choice": "auto", "tools": []}`, id, status, m.name, output)
	}
	message := `{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": "output_text", "text": "yes", "annotations": []}]}`
	if !stream {
		fmt.Fprint(w, response("completed", message))
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for i, e := range []struct{ kind, response string }{{"created", response("in_progress", "")}, {"completed", response("completed", message)}} {
		fmt.Fprintf(w, "event: response.%[1]s\ndata: {\"type\": \"response.%[1]s\", \"sequence_number\": %[2]d, \"response\": %[3]s}\n\n", e.kind, i, e.response)
		w.(http.Flusher).Flush()
	}
}

// pair starts the servers of two models and returns the flags that name them. The router reads the
// last turn alone, so that turns differ.
func pair(t *testing.T) []string {
	big, small := newTeller(t, "big"), newTeller(t, "small")
	return []string{"--router", "length", "--threshold", "60", "--strong", "big@" + big.URL + "/v1", "--weak", "small@" + small.URL + "/v1", "--text", "last"}
}

// converse runs a scenario of testdata/conversations.py and returns the models that answered, one
// conversation per line.
func converse(t *testing.T, p *program, scenario ...string) string {
	t.Helper()
	c := exec.Command("python3", append([]string{filepath.Join("testdata", "conversations.py"), p.url}, scenario...)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("conversations.py: %v\n%s", err, p.output())
	}
	return string(out)
}

// TestConversations has conversations, some with tools, of which the last turn is routed. Without
// stickiness the third turn of the second one is the only one of it that goes to the strong model.
func TestConversations(t *testing.T) {
	flags := pair(t)
	for _, c := range []struct{ sticky, chat, agent string }{
		{"off", "big small small\nsmall small big small\n", "big big big big big big\n"},
		{"conversation", "big big big\nsmall small big big\n", "big big big big big big\n"},
	} {
		p := serve(t, nil, append(flags, "--sticky", c.sticky)...)
		if got := converse(t, p, "chat"); got != c.chat {
			t.Errorf("%s: %s, expected %s", c.sticky, got, c.chat)
		}
		if got := converse(t, p, "agent"); got != c.agent {
			t.Errorf("%s: %s, expected %s", c.sticky, got, c.agent)
		}
	}
}

// TestConversationsAtOnce has 40 conversations with four beginnings at once, with exploration: those
// that begin alike are one.
func TestConversationsAtOnce(t *testing.T) {
	p := serve(t, nil, append(pair(t), "--sticky", "conversation", "--explore", "0.5")...)
	converse(t, p, "at once")
	sides := map[string]string{}
	for _, r := range p.records(t) {
		if other, ok := sides[r.Conversation]; ok && other != string(r.Side) {
			t.Errorf("conversation %s on both sides", r.Conversation)
		}
		sides[r.Conversation] = string(r.Side)
	}
	if len(sides) != 4 {
		t.Errorf("%d conversations, expected 4", len(sides))
	}
}

// TestConversationChains continues answers of the Responses API, whatever the turns score. A server that does
// not know an answer would refuse what continues it, and the client would fail. A program that has
// not seen the answers finds who keeps them.
func TestConversationChains(t *testing.T) {
	flags := pair(t)
	for _, sticky := range []string{"off", "conversation"} {
		p := serve(t, nil, append(flags, "--sticky", sticky, "--explore", "0.3", "--fallback")...)
		for i, models := range strings.Split(strings.TrimSpace(converse(t, p, "chains")), "\n") {
			if models != strings.TrimSpace(strings.Repeat(strings.Fields(models)[0]+" ", 4)) {
				t.Errorf("%s: chain %d: %s", sticky, i, models)
			}
		}
		restarted := serve(t, nil, append(flags, "--sticky", sticky)...)
		for id, want := range map[string]string{"resp_big_0": "big\n", "resp_small_0": "small\n"} {
			if got := converse(t, restarted, "continue", id); got != want {
				t.Errorf("%s: after a restart %s was continued by %s", sticky, id, got)
			}
		}
	}
}

// TestConversationReplicas has two processes and a third take the same
// conversations. The first turn of each is always new to them.
func TestConversationReplicas(t *testing.T) {
	flags := append(pair(t), "--sticky", "conversation", "--explore", "0.5")
	want := converse(t, serve(t, nil, flags...), "turns", "12")
	for range 2 {
		if got := converse(t, serve(t, nil, flags...), "turns", "12"); got != want {
			t.Errorf("%s on one replica, %s on another", want, got)
		}
	}
	if strings.Contains(want, "big small") || strings.Contains(want, "small big") || !strings.Contains(want, "big") || !strings.Contains(want, "small") {
		t.Errorf("sides %s", want)
	}
}

// TestConversationReload changes settings by a signal while conversations are known.
func TestConversationReload(t *testing.T) {
	needLive(t)
	path := filepath.Join(t.TempDir(), "serve.yaml")
	settings := func(threshold int, ttl string) {
		write(t, path, fmt.Sprintf("threshold: %d\nsticky: conversation\nsticky_ttl: %s\n", threshold, ttl))
	}
	settings(60, "1h")
	long := strings.Repeat("x", 61)
	flags := pair(t)
	p := serve(t, nil, append(flags[4:], "--router", "length", "--config", path)...)
	if got := converse(t, p, "turn", long); got != "big big\n" {
		t.Fatalf("before: %s", got)
	}
	settings(1000, "1h")
	p.reload(t, "msg=reloaded")
	if got := converse(t, p, "turn", long); got != "big big\n" {
		t.Errorf("the conversation did not survive a reload: %s", got)
	}
	if got := converse(t, p, "turn", long+"also"); got != "small small\n" {
		t.Errorf("a new conversation has the old threshold: %s", got)
	}
	settings(1000, "1ms")
	p.reload(t, "msg=reloaded")
	time.Sleep(10 * time.Millisecond)
	if got := converse(t, p, "turn", long); got != "small small\n" {
		t.Errorf("the conversation outlives its time: %s", got)
	}
}
