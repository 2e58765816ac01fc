package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/results"
)

const (
	task     = "Write a Python program that reads 3 CSV files of 10,000 rows, joins them by customer number, and prints the 5 customers with the largest sum. Explain its running time."
	reminder = "<system-reminder>The list of things to do is empty. Never speak of it.</system-reminder>"
)

// message is a message of the user with parts, one per text, of Chat or of Responses.
func message(kind string, texts ...string) string {
	var parts []map[string]string
	for _, text := range texts {
		parts = append(parts, map[string]string{"type": kind, "text": text})
	}
	raw, _ := json.Marshal(map[string]any{"role": "user", "content": parts})
	return string(raw)
}

// agent returns requests of a coding agent at work on the task, by address: the user asked once,
// and everything after it is the agent's.
func agent() map[string]string {
	return map[string]string{
		"/v1/chat/completions": `{"model": "routellm", "messages": [{"role": "system", "content": "Rules."}, ` + message("text", "<environment_context>cwd</environment_context>", task) +
			`, {"role": "assistant", "content": null, "tool_calls": [{"id": "t", "type": "function", "function": {"name": "read", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "t", "content": "import csv"}, ` + message("text", reminder) + `]}`,
		"/v1/responses": `{"model": "routellm", "input": [{"role": "developer", "content": "Rules."}, ` + message("input_text", task+"\n\n"+reminder) +
			`, {"type": "function_call", "call_id": "t", "name": "read", "arguments": "{}"}, {"type": "function_call_output", "call_id": "t", "output": "import csv"}, ` + message("input_text", reminder) + `]}`,
	}
}

// commit returns requests in which a short turn follows the task.
func commit() map[string]string {
	return map[string]string{
		"/v1/chat/completions": `{"model": "routellm", "messages": [` + message("text", task) + `, {"role": "assistant", "content": "import csv"}, {"role": "user", "content": "Commit it."}]}`,
		"/v1/responses":        `{"model": "routellm", "input": [` + message("input_text", task) + `, {"role": "assistant", "content": [{"type": "output_text", "text": "import csv"}]}, {"role": "user", "content": "Commit it."}]}`,
	}
}

// TestAgentAndCommit expects the strong model for both, and the texts that people wrote to be
// those that are routed. text: last still sees the last turn, but no reminder.
func TestAgentAndCommit(t *testing.T) {
	needLive(t)
	at := upstream(t, answers).URL + "/v1"
	for text, routed := range map[string][2]string{"users": {task, task + "\nCommit it."}, "last": {task, "Commit it."}} {
		p := serve(t, nil, "--router", "length", "--threshold", "100", "--text", text, "--strong", "big@"+at, "--weak", "small@"+at)
		for i, requests := range []map[string]string{agent(), commit()} {
			for address, request := range requests {
				res, answer := p.post(t, address, request)
				want := map[bool]string{true: "big", false: "small"}[len(routed[i]) >= 100]
				if got := res.Header.Get("X-Routellm-Model"); res.StatusCode != http.StatusOK || got != want {
					t.Errorf("%s, text %s: status %d from %q, expected %q: %s", address, text, res.StatusCode, got, want, answer)
				}
				if got := res.Header.Get("X-Routellm-Score"); got != fmt.Sprint(len(routed[i])) {
					t.Errorf("%s, text %s: score %s, expected %d", address, text, got, len(routed[i]))
				}
			}
		}
		if got := len(p.records(t)); got != 4 {
			t.Errorf("%d records, expected 4", got)
		}
	}
}

// TestDefaultText routes without any of the settings of texts, by mf.
func TestDefaultText(t *testing.T) {
	needLive(t)
	at := upstream(t, answers).URL + "/v1"
	p := serve(t, nil, "--strong-fraction", "30%", "--strong", "big@"+at, "--weak", "small@"+at)
	score := func(request string) string {
		res, _ := p.post(t, "/v1/chat/completions", request)
		return res.Header.Get("X-Routellm-Model") + " " + res.Header.Get("X-Routellm-Score")
	}
	alone := score(`{"model": "routellm", "messages": [` + message("text", task) + `]}`)
	if !strings.HasPrefix(alone, "big") {
		t.Fatalf("the task goes to %s", alone)
	}
	if got := score(agent()["/v1/chat/completions"]); got != alone {
		t.Errorf("the agent's request: %s, expected %s", got, alone)
	}
	if got := score(commit()["/v1/chat/completions"]); !strings.HasPrefix(got, "big") {
		t.Errorf("after \"Commit it.\": %s", got)
	}
}

// TestRouteCommand expects the same scores from POST /v1/route as from the route command.
func TestRouteCommand(t *testing.T) {
	needLive(t)
	texts := []string{"Who signs the lease?", task + "\nCommit it.", "Où est l'hôtel? 日本語 😀\x00\t", strings.Repeat(task+" ", 4000), strings.Repeat("é", 300_000)}
	var lines strings.Builder
	for _, text := range texts {
		_ = json.NewEncoder(&lines).Encode(map[string]string{"prompt": text})
	}
	command := exec.Command(binary, "route", "--router", "mf", "--threshold", "0.26")
	command.Stdin, command.Stderr = strings.NewReader(lines.String()), os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	p := serve(t, nil, "--threshold", "0.26", "--strong", "big@http://127.0.0.1:1/v1", "--weak", "small@http://127.0.0.1:1/v1")
	decisions := json.NewDecoder(strings.NewReader(string(out)))
	for i, line := range strings.Split(strings.TrimSpace(lines.String()), "\n") {
		var command, server struct{ Score *float64 }
		_, answer := p.post(t, "/v1/route", line)
		if err := decisions.Decode(&command); err != nil || json.Unmarshal([]byte(answer), &server) != nil || server.Score == nil {
			t.Fatalf("text %d: %v, %s", i, err, answer)
		}
		if *command.Score != *server.Score {
			t.Errorf("text %d: route %v, serve %v", i, *command.Score, *server.Score)
		}
	}
}

// large are requests of 30 MB, each of which costs much in another place.
func large() map[string]string {
	const size = 30 << 20
	fill := func(piece string) string { return strings.Repeat(piece, size/len(piece)) }
	one := func(piece string) string {
		return `{"model": "routellm", "messages": [{"role": "user", "content": "` + fill(piece) + `"}]}`
	}
	return map[string]string{
		"words": one("rent "), "accents": one("éà ü"), "punctuation": one("!?.,"), "special tokens": one("[CLS"), "escapes": one(`\u0041\n`), "no spaces": one("x"),
		"opening tags": one("<system-reminder>"), "unfinished tags": one("<system-reminder "), "closing tags": one("</system-reminder>"), "brackets": one("<"),
		"crossed tags": one("<ide_selection><bash-input></ide_selection></bash-input>"), "parts": one("<system-reminder>x</system-reminder>"),
		"messages":   `{"model": "routellm", "messages": [` + fill(`{"role":"user","content":"rent"},`) + `{"role": "user", "content": "x"}]}`,
		"text parts": `{"model": "routellm", "messages": [{"role": "user", "content": [` + fill(`{"type":"text","text":"<system-reminder>"},`) + `{"type": "text", "text": "x"}]}]}`,
	}
}

// TestLargeTexts sends them two at a time. All are answered, within the time for a decision or by
// the default side.
func TestLargeTexts(t *testing.T) {
	needLive(t)
	at := upstream(t, answers).URL + "/v1"
	for limit, requests := range map[string]map[string]string{"30s": large(), "1ms": {"words": large()["words"], "accents": large()["accents"]}} {
		p := serve(t, nil, "--strong-fraction", "30%", "--decision-timeout", limit, "--strong", "big@"+at, "--weak", "small@"+at)
		turn, wait, n := make(chan bool, 2), sync.WaitGroup{}, 0
		for name, request := range requests {
			n++
			turn <- true
			wait.Go(func() {
				defer func() { <-turn }()
				begin := time.Now()
				res, err := http.Post(p.url+"/v1/chat/completions", "application/json", strings.NewReader(request))
				if err != nil {
					t.Error(err)
					return
				}
				res.Body.Close()
				t.Logf("%s, limit %s: %v, scored in %s us", name, limit, time.Since(begin).Round(time.Millisecond), res.Header.Get("X-Routellm-Microseconds"))
				if res.StatusCode != http.StatusOK {
					t.Errorf("%s: status %d", name, res.StatusCode)
				}
			})
		}
		wait.Wait()
		checkLarge(t, p.records(t), n, limit == "1ms")
	}
}

// checkLarge expects a score of every request with a text or, if the time for it is too short, the
// default side for all.
func checkLarge(t *testing.T, records []decisionlog.Record, n int, short bool) {
	t.Helper()
	if len(records) != n {
		t.Errorf("%d records, expected %d", len(records), n)
	}
	for _, r := range records {
		if scored := r.Reason == results.ReasonScore; scored != (r.Chars > 0 && !short) {
			t.Errorf("%d characters: reason %s", r.Chars, r.Reason)
		}
		if r.Reason == results.ReasonDefault && r.Side != "strong" {
			t.Errorf("side %s by default", r.Side)
		}
	}
}
