package chattest

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// clientsOutput is what testdata/clients.py prints.
const clientsOutput = `
{"name": "chat", "text": "You say: one two three", "finish": "stop", "model": "echo", "input": 40, "output": 12, "cached": 30, "reasoning": 4, "tokens": ["You ", "say: ", "one ", "two ", "three"], "same": true, "likeliest": true, "alternatives": 2}
{"name": "cut", "text": "You ", "finish": "length", "logprobs": null}
{"name": "refusal", "text": null, "refusal": "I cannot do that."}
{"name": "models", "ids": ["echo", "flaky", "picky", "refuses"]}
{"name": "unknown model", "error": "NotFoundError", "code": "model_not_found", "param": null}
{"name": "unsupported", "error": "BadRequestError", "code": "unsupported_parameter", "param": "seed"}
{"name": "too many alternatives", "error": "BadRequestError", "code": null, "param": null}
{"name": "wrong key", "error": "AuthenticationError", "code": null, "param": null}
{"name": "retried", "text": "done"}
{"name": "message", "text": "You say: one two three", "stop": "end_turn", "model": "echo", "input": 10, "cached": 30, "output": 12}
{"name": "message refused", "text": "I cannot do that.", "stop": "refusal"}
{"name": "message unknown", "error": "NotFoundError", "code": null, "param": null}
{"name": "message key", "error": "AuthenticationError", "code": null, "param": null}
{"name": "message temperature", "error": "BadRequestError", "code": null, "param": null}
{"name": "message retried", "text": "done"}
`

// TestOfficialClients checks the server's form against the clients that OpenAI and Anthropic publish.
func TestOfficialClients(t *testing.T) {
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	s := Start(t, Options{
		Models: map[string]Model{
			"echo": func(r Request) Answer {
				return Answer{Text: "You say: " + r.Prompt(), Input: 40, Cached: 30, Reasoning: 4, Output: output(r)}
			},
			"refuses": func(Request) Answer { return Answer{Refusal: "I cannot do that."} },
			"picky":   Says("done"), "flaky": Says("done"),
		},
		Key: "sk-1", Unsupported: map[string][]string{"picky": {"seed"}},
		Fault: func(r Request) *Fault {
			if r.Model == "flaky" && r.Attempt%2 == 1 {
				return TooMany(0)
			}
			return nil
		},
	})
	out, err := exec.Command("python3", "testdata/clients.py", s.URL, "sk-1").CombinedOutput()
	if got, want := strings.TrimSpace(string(out)), strings.TrimSpace(clientsOutput); err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	if stats := s.Stats(); stats.Faults["429"] != 2 || stats.Faults["401"] != 2 || stats.Faults["404"] != 2 || stats.Faults["unsupported"] != 1 || stats.Answers != 7 {
		t.Errorf("%+v", stats)
	}
}

// output leaves the count to the server where it has to cut the answer.
func output(r Request) int {
	if *r.MaxTokens < 12 {
		return 0
	}
	return 12
}
