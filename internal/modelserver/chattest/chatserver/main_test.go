package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// TestProcess asks the server as a script does, until every fault of its rules has come.
func TestProcess(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var lines strings.Builder
	for i := range 200 {
		fmt.Fprintf(&lines, "{\"prompt\": \"What is %d + 1?\", \"answer\": %d, \"task\": %q}\n", i, i+1, []string{"easy", "hard"}[i%2])
	}
	write("gold.jsonl", lines.String())
	rules := write("rules.json", `{
		"models": {
			"small": {"answers": "gold.jsonl", "error_rate": 0, "error_rates": {"hard": 0.5}, "template": "It is {answer}.", "say": "I do not know."},
			"judge": {"rules": [{"match": "answer: (\\w+)", "say": "Grade of $1: 7"}]}},
		"prices": {"small": {"input": 1, "output": 2}},
		"faults": [{"kind": "429", "every": 50, "retry_after": 1}, {"kind": "503", "rate": 0.05}]}`)

	in, stop := io.Pipe()
	from, out := io.Pipe()
	stats := filepath.Join(dir, "stats.json")
	done := make(chan error, 1)
	go func() { done <- run(rules, 0, stats, in, out) }()
	base, err := bufio.NewReader(from).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	ask := func(model, prompt string) (int, string) {
		body := fmt.Sprintf(`{"model": %q, "messages": [{"role": "user", "content": %q}]}`, model, prompt)
		res, err := http.Post(strings.TrimSpace(base)+"/chat/completions", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var answer struct {
			Choices []struct{ Message struct{ Content string } }
		}
		if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || len(answer.Choices) == 0 {
			return res.StatusCode, ""
		}
		return res.StatusCode, answer.Choices[0].Message.Content
	}
	wrong, failed := [2]int{}, map[int]int{}
	for i := range 200 {
		status, text := ask("small", fmt.Sprintf("Please: What is %d + 1?", i))
		if status != 200 {
			failed[status]++
		} else if text != fmt.Sprintf("It is %d.", i+1) {
			wrong[i%2]++
		}
	}
	if wrong[0] != 0 || wrong[1] < 30 || wrong[1] > 65 || failed[429] < 3 || failed[503] < 2 {
		t.Errorf("%v of 100 wrong each, failures %v", wrong, failed)
	}
	if _, text := ask("small", "Who are you?"); text != "I do not know." {
		t.Errorf("%q", text)
	}
	if _, text := ask("judge", "answer: x"); text != "Grade of x: 7" {
		t.Errorf("%q", text)
	}
	stop.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	var counted chattest.Stats
	text, err := os.ReadFile(stats)
	if err != nil || json.Unmarshal(text, &counted) != nil || counted.Requests != 202 || counted.Answers != 202-failed[429]-failed[503] || !(counted.USD() > 0) {
		t.Errorf("%v %s", err, text)
	}
}

func TestRulesThatAreNotUsable(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                                   "unexpected EOF",
		`{"modells": {}}`:                     "unknown field",
		`{"faults": [{"kind": "xyz"}]}`:       "expected a status",
		`{"faults": [{"kind": "500"}]}`:       "expected every, first or rate",
		`{"models": {"m": {"answers": "x"}}}`: "no such file",
		`{"models": {"m": {"rules": [{"match": "("}]}}}`: "missing closing )",
	} {
		path := filepath.Join(t.TempDir(), "rules.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}
