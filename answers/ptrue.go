package answers

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
)

// TrueQuestion asks a model about the answer that it gave before.
const TrueQuestion = "Is your answer above correct? Reply with one word, True or False."

// TrueAlternatives is the number of alternatives of the first token to request: "true" and "false"
// may both be far from the first.
const TrueAlternatives = 20

// TrueRequest returns the question whether an answer is right, to the model that gave it: the
// conversation goes on after the answer. [True] reads the reply. (P(True): Kadavath et al. 2022,
// arXiv 2207.05221, section 3.)
func TrueRequest(asked chat.Request, answer string) chat.Request {
	r := asked
	r.Messages = append(slices.Clone(asked.Messages), chat.Message{Role: "assistant", Content: answer}, chat.Message{Role: "user", Content: TrueQuestion})
	most, cold := 1, 0.0
	r.Settings.MaxTokens, r.Settings.Temperature, r.Settings.TopLogprobs = &most, &cold, TrueAlternatives
	return r
}

// True returns the probability in [0,1] that a model gives to its answer being right, from its reply
// to a [TrueRequest]: that of "true" against "false" as the first token. NaN if the server reported
// neither.
func True(reply chat.Answer) float64 {
	if s := signalsOf(reply); s != nil {
		return s.True
	}
	return math.NaN()
}

// trueOf returns the probability of "true" against "false" in a token's place.
func trueOf(t chat.Token) float64 {
	top := t.Top
	if len(top) == 0 {
		top = []chat.Alternative{{Text: t.Text, Logprob: t.Logprob}}
	}
	yes, no := 0.0, 0.0
	for _, a := range top {
		switch strings.ToLower(strings.Trim(a.Text, " \t\r\n.*\"'")) {
		case "true", "yes":
			yes += math.Exp(a.Logprob)
		case "false", "no":
			no += math.Exp(a.Logprob)
		}
	}
	return yes / (yes + no) // NaN without either
}

// askTrue asks a model whether its answer is right, and returns the USD that were spent. A reply that
// does not come is no fault of the answer, unless it concerns every request.
func (m *modelRun) askTrue(ctx context.Context, asked chat.Request, answer chat.Answer) (usd float64, err error) {
	reply, cached, err := m.Asker.Ask(ctx, TrueRequest(asked, answer.Text))
	switch {
	case err != nil && ask.Fatal(err):
		return 0, err
	case err != nil || cached || math.IsNaN(reply.CostUSD):
		return 0, nil
	}
	return reply.CostUSD, nil
}

// setTrue fills in what the model thinks of its answer, if it was asked.
func (m *Model) setTrue(i int, run *modelRun, asked chat.Request, answer chat.Answer) error {
	if !run.Asked.True {
		return nil
	}
	reply, ok, err := run.Asker.Known(TrueRequest(asked, answer.Text))
	if err != nil {
		return fmt.Errorf("%q: %w", run.Label, err)
	}
	if ok {
		m.True[i], m.TrueCost[i], m.TrueLatency[i] = True(reply), reply.CostUSD, reply.Latency
	}
	return nil
}

// addTrue adds the question about an answer to a plan. Of an answer to come it counts no tokens.
func (p *planner) addTrue(a Asker, asked chat.Request) error {
	answer, known, err := a.Known(asked)
	if err != nil {
		return err
	}
	r := TrueRequest(asked, answer.Text)
	if known {
		if _, asked, err := a.Known(r); err != nil || asked {
			return err
		}
	}
	p.InputTokens += a.Tokens(r)
	least, most := a.Estimate(r)
	p.Least, p.Most = p.Least+least, p.Most+most
	return nil
}
