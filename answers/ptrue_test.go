package answers

import (
	"math"
	"testing"

	"github.com/routellm/routellm/answers/chat"
)

func TestTrue(t *testing.T) {
	top := func(words ...any) chat.Answer {
		var all []chat.Alternative
		for i := 0; i < len(words); i += 2 {
			all = append(all, chat.Alternative{Text: words[i].(string), Logprob: math.Log(words[i+1].(float64))})
		}
		return chat.Answer{Tokens: []chat.Token{{Text: all[0].Text, Logprob: all[0].Logprob, Top: all}}}
	}
	alone := top("True", .9)
	alone.Tokens[0].Top = nil
	for name, c := range map[string]struct {
		reply chat.Answer
		want  float64
	}{
		"both":                   {top("True", .6, "False", .2), .75},
		"with spaces and cases":  {top(" true", .3, "FALSE", .3, "**True**", .3), 2. / 3},
		"another language":       {top("Oui", .9), nan},
		"no alternatives":        {alone, 1},
		"no log-probabilities":   {chat.Answer{Text: "True"}, nan},
		"a stored answer":        {chat.Answer{Signals: &chat.Signals{True: .25}}, .25},
		"one of several choices": {top("The", .8, "no", .1), 0},
	} {
		if got := True(c.reply); !(math.Abs(got-c.want) < 1e-12) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestTrueRequest continues the conversation, and leaves the request before it as it is.
func TestTrueRequest(t *testing.T) {
	warm := 0.7
	asked := chat.Request{Messages: make([]chat.Message, 1, 4), Settings: chat.Settings{Temperature: &warm}, Sample: 2}
	asked.Messages[0] = chat.Message{Role: "user", Content: "What is 2 + 2?"}
	r := TrueRequest(asked, "4")
	if len(r.Messages) != 3 || r.Messages[1].Role != "assistant" || r.Messages[1].Content != "4" || r.Sample != 2 {
		t.Errorf("request %+v", r)
	}
	if *r.Settings.MaxTokens != 1 || *r.Settings.Temperature != 0 || r.Settings.TopLogprobs != TrueAlternatives {
		t.Errorf("settings %+v", r.Settings)
	}
	if len(asked.Messages) != 1 || *asked.Settings.Temperature != 0.7 || asked.Messages[:2][1].Content != "" {
		t.Errorf("the request before it changed: %+v", asked)
	}
}
