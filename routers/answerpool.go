package routers

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
)

// answerDecider is a router that looks at the weak model's answer, in a pool of models: every prompt
// costs the weak model's answer, and those that are passed on the strong one's too.
type answerDecider struct {
	NoPredictions
	AnswerRouter
	models []string // the strong model, then the weak one
}

func (d *answerDecider) Unwrap() any { return d.AnswerRouter }

func (d *answerDecider) Models() []string { return d.models }

// Decide implements [PoolDecider]. It has one operating point per distinct score, from no prompt that
// is passed on to all of them. The knob of a point is its threshold.
func (d *answerDecider) Decide(ctx context.Context, prompts []Prompt) (pool.Decided, error) {
	const strong, weak = 0, 1
	scores, err := d.Scores(ctx, prompts)
	if err != nil {
		return pool.Decided{}, err
	}
	out := pool.Decided{Cascade: []int{weak, strong}, Start: pool.Point{Knob: math.Inf(1)}}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
		out.First = append(out.First, pool.NewChoice(weak))
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	for k, i := range order {
		if k == 0 || scores[i] != scores[order[k-1]] {
			out.Points = append(out.Points, pool.Point{Knob: scores[i]})
		}
		last := &out.Points[len(out.Points)-1]
		last.Changes = append(last.Changes, pool.Change{Prompt: i, Choice: pool.NewChoice(strong)})
	}
	return out, nil
}
