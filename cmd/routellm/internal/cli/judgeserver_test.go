package cli

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/judging/judgetest"
)

// newJudgeServer starts a server of judges with known faults, for answers that say themselves what
// they are worth.
func newJudgeServer(t *testing.T) *chattest.Server {
	says := func(text string) chattest.Model {
		return func(chattest.Request) chattest.Answer { return chattest.Answer{Text: text} }
	}
	return chattest.Start(t, chattest.Options{
		Models: map[string]chattest.Model{
			"good":    judgeModel(judgetest.Judge{Noise: 0.3, Logprobs: true}),
			"plain":   judgeModel(judgetest.Judge{Noise: 0.3}),
			"first":   says("verdict: first"),
			"mute":    says("It is rather good."),
			"picky":   pickyJudge,
			"thinker": func(chattest.Request) chattest.Answer { return chattest.Answer{Text: "Let me think", Finish: "length"} },
		},
		Prices: map[string]chattest.Price{"": {Input: 1, Cached: 1, Output: 4}},
	})
}

// judgeModel serves a judge.
func judgeModel(j judgetest.Judge) chattest.Model {
	return func(r chattest.Request) chattest.Answer {
		text, tokens, err := j.Reply(r.Prompt(), 0)
		if err != nil {
			return chattest.Answer{Text: err.Error()}
		}
		out := chattest.Answer{Text: text}
		for _, t := range tokens {
			made := chattest.Token{Text: t.Text, Logprob: t.Logprob}
			for _, a := range t.Top {
				made.Top = append(made.Top, chattest.Alternative(a))
			}
			out.Tokens = append(out.Tokens, made)
		}
		return out
	}
}

// pickyJudge refuses some answers, and writes no label for others.
func pickyJudge(r chattest.Request) chattest.Answer {
	switch {
	case strings.Contains(r.Prompt(), "worth=2"):
		return chattest.Answer{Refusal: "I cannot judge this."}
	case strings.Contains(r.Prompt(), "worth=9"):
		return chattest.Answer{Text: "grade: 9 or 10"}
	}
	return chattest.Answer{Text: "Fine.\ngrade: 5"}
}
