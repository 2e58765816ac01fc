package judging

import (
	"context"
	"math"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// Estimator says what questions would cost, without asking them. *ask.Asker is one.
type Estimator interface {
	Known(r chat.Request) (answer chat.Answer, ok bool, err error)
	Tokens(r chat.Request) float64
	Estimate(r chat.Request) (least, most float64)
}

// Plan returns what the judge would be asked.
func (q *Questions) Plan(ctx context.Context, s Setup, e Estimator) (*results.JudgingPlan, error) {
	out := &results.JudgingPlan{
		SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: results.ToolName, Version: version.String()},
		Inputs: q.inputs(), Judge: q.setup(s), Questions: q.Len(), Repeats: q.repeats, Alike: len(q.alike), Warnings: []string{},
	}
	least, most, tokens := 0.0, 0.0, 0.0
	for i := range q.list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := q.Request(i)
		known, err := isKnown(e, r)
		if err != nil {
			return nil, err
		}
		if known {
			out.Cached++
			continue
		}
		l, m := e.Estimate(r)
		least, most, tokens = least+l, most+m, tokens+e.Tokens(r)
		if q.options.Progress != nil {
			if err := q.options.Progress(i+1, len(q.list)); err != nil {
				return nil, err
			}
		}
	}
	out.LeastUSD, out.MostUSD, out.InputTokens = results.Value(least), results.Value(most), results.Value(tokens)
	switch {
	case math.IsNaN(most):
		out.Warnings = append(out.Warnings, "the price of the judge is not known: --price LABEL=IN,OUT gives it in USD per million tokens, --prices FILE reads a list")
	case math.IsInf(most, 1):
		out.Warnings = append(out.Warnings, "the judge's replies have no limit of tokens: --max-tokens bounds what they cost")
	}
	return out, nil
}

// isKnown reports whether the store has the answer of a question, asked with log-probabilities or,
// of a server that has none, without.
func isKnown(e Estimator, r chat.Request) (bool, error) {
	_, known, err := e.Known(r)
	if known || err != nil || r.Settings.TopLogprobs == 0 {
		return known, err
	}
	r.Settings.TopLogprobs = 0
	_, known, err = e.Known(r)
	return known, err
}
