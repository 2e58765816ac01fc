package chat

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/llamatest"
)

// TestLlamaCPP asks a real model: answers repeat, their log-probabilities fit, and each setting
// does what it says.
func TestLlamaCPP(t *testing.T) {
	base := llamatest.ModelServer(t, filepath.Join("..", "..", "scripts", "serve_smollm2.py"), "--threads", "1")
	t.Run(string(Anthropic), func(t *testing.T) { askAnthropic(t, base) })
	for _, api := range []API{LlamaCPP, OpenAI} {
		t.Run(string(api), func(t *testing.T) {
			c, err := New(Endpoint{Model: "smollm2", URL: base, API: api})
			if err != nil {
				t.Fatal(err)
			}
			ask := func(prompt string, most int, temperature float64, seed int64, top int) Answer {
				r := question(prompt)
				r.Settings = Settings{System: "You answer in one short sentence.", MaxTokens: &most, Temperature: &temperature, Seed: &seed, TopLogprobs: top}
				a, err := c.Ask(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			first := ask("What is the capital of France?", 24, 0, 1, 5)
			checkTokens(t, first)
			if !(first.InputTokens > 20 && first.OutputTokens > 2 && first.OutputTokens <= 24 && first.Latency > 0) || first.Requests != 1 {
				t.Errorf("%+v", first)
			}
			if again := ask("What is the capital of France?", 24, 0, 2, 5); again.Text != first.Text {
				t.Errorf("%q, then %q", first.Text, again.Text)
			}
			if short := ask("Count to one hundred.", 5, 0, 1, 0); short.Finish != "length" || short.OutputTokens != 5 || short.Tokens != nil {
				t.Errorf("%+v", short)
			}
			seeds := map[string]bool{}
			for seed := range int64(4) {
				seeds[ask("Write a line of a poem.", 16, 1.5, seed, 0).Text] = true
			}
			one := ask("Write a line of a poem.", 16, 1.5, 3, 0)
			if two := ask("Write a line of a poem.", 16, 1.5, 3, 0); api == LlamaCPP && one.Text != two.Text {
				t.Errorf("one seed, two answers: %q, %q", one.Text, two.Text)
			}
			if len(seeds) < 2 {
				t.Errorf("four seeds, one answer: %v", seeds)
			}
			_, err = c.Ask(t.Context(), question(strings.Repeat("word ", 5000)))
			if !strings.HasPrefix(kind(err), "refused") {
				t.Errorf("a prompt that is too long: %s, %v", kind(err), err)
			}
			t.Logf("%q, %v input tokens, %v output, %d with log-probabilities, notes %q", first.Text, first.InputTokens, first.OutputTokens, len(first.Tokens), c.Notes())
		})
	}
}

// askAnthropic asks the same model in Anthropic's API, which llama.cpp's server speaks too.
func askAnthropic(t *testing.T, base string) {
	c, err := New(Endpoint{Model: "smollm2", URL: base, API: Anthropic})
	if err != nil {
		t.Fatal(err)
	}
	r, most, temperature := question("What is the capital of France?"), 24, 0.0
	r.Settings = Settings{System: "You answer in one short sentence.", MaxTokens: &most, Temperature: &temperature}
	a, err := c.Ask(t.Context(), r)
	if err != nil || !strings.Contains(a.Text, "Paris") || a.Finish != "stop" || !(a.InputTokens > 20 && a.OutputTokens > 2) {
		t.Errorf("%+v, %v", a, err)
	}
	_, err = c.Ask(t.Context(), question(strings.Repeat("word ", 5000)))
	if !strings.HasPrefix(kind(err), "refused") {
		t.Errorf("a prompt that is too long: %s, %v", kind(err), err)
	}
}

// checkTokens checks the log-probabilities of an answer.
func checkTokens(t *testing.T, a Answer) {
	t.Helper()
	text := ""
	for i, token := range a.Tokens {
		text += token.Text
		if len(token.Top) != 5 || token.Logprob > token.Top[0].Logprob+1e-6 || token.Logprob < token.Top[0].Logprob-1e-6 {
			t.Errorf("token %d of a greedy answer: %+v", i, token)
		}
	}
	if !strings.Contains(text, strings.TrimSpace(a.Text)) || len(a.Tokens) == 0 {
		t.Errorf("tokens %q of the answer %q", text, a.Text)
	}
}
