package chat

import (
	"context"
	"math"
	"testing"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// client returns a client of a scripted server.
func client(t *testing.T, s *chattest.Server, e Endpoint) *Client {
	t.Helper()
	if e.URL == "" {
		e.URL = s.URL
	}
	if e.Model == "" {
		e.Model = "m"
	}
	c, err := New(e)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func question(text string) Request {
	return Request{Messages: []Message{{Role: "user", Content: text}}}
}

func models(m chattest.Model) map[string]chattest.Model { return map[string]chattest.Model{"": m} }

func TestAsk(t *testing.T) {
	s := chattest.Start(t, chattest.Options{
		Models: models(func(r chattest.Request) chattest.Answer {
			return chattest.Answer{Text: "to " + r.System + r.Prompt(), Input: 10, Cached: 4, Output: 7, Reasoning: 2}
		}),
		Key: "sk-1", Prices: map[string]chattest.Price{"": {Input: 1, Cached: .5, Output: 2}}, Report: true,
	})
	temperature, most, seed := 0.5, 100, int64(7)
	for _, api := range []API{OpenAI, LlamaCPP, Anthropic} {
		t.Run(string(api), func(t *testing.T) {
			r := question("what?")
			r.Settings = Settings{System: "be short. ", Temperature: &temperature, MaxTokens: &most, Seed: &seed, TopLogprobs: 3}
			a, err := client(t, s, Endpoint{API: api, Key: "sk-1"}).Ask(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			if a.Text != "to be short. what?" || a.Finish != "stop" || a.InputTokens != 10 || a.OutputTokens != 7 || a.CachedTokens != 4 ||
				a.Model != "m" || a.Requests != 1 || !(a.Latency > 0) {
				t.Errorf("answer %+v", a)
			}
			got := s.Requests()[len(s.Requests())-1]
			if got.System != "be short. " || *got.Temperature != 0.5 || *got.MaxTokens != 100 {
				t.Errorf("request %+v", got)
			}
			if api == Anthropic {
				if !math.IsNaN(a.CostUSD) || a.Tokens != nil {
					t.Errorf("cost %v, tokens %v", a.CostUSD, a.Tokens)
				}
				return
			}
			if math.Abs(a.CostUSD-22e-6) > 1e-12 || len(a.Tokens) != 4 || len(a.Tokens[0].Top) != 3 || a.Tokens[0].Logprob >= 0 || a.Tokens[0].Text != "to " || *got.Seed != 7 {
				t.Errorf("cost %v, tokens %v", a.CostUSD, a.Tokens)
			}
		})
	}
	if stats := s.Stats(); stats.Requests != 3 || stats.Answers != 3 || math.Abs(stats.USD()-66e-6) > 1e-12 {
		t.Errorf("stats %+v", stats)
	}
}
