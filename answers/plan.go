package answers

import (
	"context"
	"math"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/num"
)

// ModelPlan says what a run would ask one model. Numbers that cannot be estimated are NaN.
type ModelPlan struct {
	Label       string
	Questions   int     // questions that differ
	Known       int     // those whose answers are in the store
	InputTokens float64 // tokens of the others, about
	Least, Most float64 // USD; Most is +Inf if the length of answers has no limit
	Typical     float64 // USD if the others cost what the known ones cost on average
	Seconds     float64 // time by the limits of rates and, if the latency is known from stored answers, of concurrency
}

// Plan says what the run would ask, which costs nothing.
func (r *Run) Plan(ctx context.Context) ([]ModelPlan, error) {
	var out []ModelPlan
	status := Status{Total: len(r.unique) * len(r.models)}
	for _, m := range r.models {
		p := planner{ModelPlan: ModelPlan{Label: m.Label, Questions: len(r.unique)}}
		for _, q := range r.unique {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			request, err := r.request(int(q))
			if err == nil {
				err = p.add(m.Asker, request)
			}
			if err == nil && m.True {
				err = p.addTrue(m.Asker, request)
			}
			if err != nil {
				return nil, err
			}
			if status.Done++; r.options.Progress != nil {
				r.options.Progress(status)
			}
		}
		out = append(out, p.plan(m))
	}
	return out, nil
}

// planner sums up the questions to one model.
type planner struct {
	ModelPlan
	output          float64  // most tokens of the answers to come; +Inf without a limit
	cost, made, lat num.Mean // means over the known answers: USD, output tokens, seconds
}

func (p *planner) add(a Asker, r chat.Request) error {
	answer, known, err := a.Known(r)
	if err != nil {
		return err
	}
	if known {
		p.Known++
		p.cost.Add(answer.CostUSD)
		p.made.Add(answer.OutputTokens)
		p.lat.Add(answer.Latency)
		return nil
	}
	p.InputTokens += a.Tokens(r)
	least, most := a.Estimate(r)
	p.Least, p.Most = p.Least+least, p.Most+most
	if r.Settings.MaxTokens == nil {
		p.output = math.Inf(1)
	} else {
		p.output += float64(*r.Settings.MaxTokens)
	}
	return nil
}

func (p *planner) plan(m *modelRun) ModelPlan {
	open := float64(p.Questions - p.Known)
	output := p.output
	if p.made.N > 0 {
		output = min(output, p.made.Value()*open)
	}
	p.Typical = p.cost.Value() * open
	p.Seconds = math.NaN()
	for _, seconds := range []float64{
		60 * open / m.Limits.RequestsPerMinute,
		60 * (p.InputTokens + output) / m.Limits.TokensPerMinute,
		p.lat.Value() * open / float64(max(1, m.Limits.Concurrency)),
	} {
		if !math.IsNaN(seconds) && !math.IsInf(seconds, 0) && !(seconds <= p.Seconds) {
			p.Seconds = seconds
		}
	}
	if open == 0 {
		p.Typical, p.Seconds = 0, 0
	}
	return p.ModelPlan
}
