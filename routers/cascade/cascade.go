// Package cascade asks models one after the other until a scorer finds an answer good enough, as
// FrugalGPT does (arXiv 2305.05176). It replays calls that were made beforehand: [Open] reads a file
// with the scorer's score of each model's answer.
//
// Each threshold is an operating point. The answer used is that of the first model whose score
// reaches the threshold, or else of the last model, and the prompt costs what all models up to there
// cost.
package cascade

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/byprompt"
)

// Cascade is a [routers.PoolDecider], and a router for each pair of its models.
type Cascade struct {
	routers.NoPredictions
	*prompts
	file  *datasets.ModelScores
	order []string // models in the order of calls; nil for that of their mean cost
}

// prompts is what the file knows of prompts.
type prompts = byprompt.File

// Open reads a file with a column score:MODEL for each model; see [datasets.ReadModelScores]. order
// lists the models in the order in which they are asked; without one, the cheapest is asked first.
func Open(path string, order []string) (*Cascade, error) {
	file, err := datasets.ReadModelScores(path)
	if err != nil {
		return nil, err
	}
	for i, m := range order {
		if m == "" || slices.Contains(order[:i], m) {
			return nil, hint.With(fmt.Errorf("order %q: expected each model once", strings.Join(order, ",")), "for example cascade:FILE#small,large")
		}
	}
	return &Cascade{prompts: byprompt.New(&file.Keyed), file: file, order: order}, nil
}

// Models returns the models in the order of calls or, without one, those with scores.
func (c *Cascade) Models() []string {
	if c.order != nil {
		return c.order
	}
	return c.file.Models
}

// Scores always fails, because no pair is known: see [Cascade.ForPair].
func (c *Cascade) Scores(context.Context, []routers.Prompt) ([]float64, error) {
	return nil, hint.With(fmt.Errorf("%q: a cascade has no scores without a pair of models", c.file.Path), "name two of its models: --pair STRONG,WEAK")
}

// ForPair returns the router that calls the strong model where the weak model's answer scores low.
// An order that asks the strong model first is an error.
func (c *Cascade) ForPair(strong, weak string) (routers.Router, error) {
	for _, m := range []string{strong, weak} {
		if c.order != nil && !slices.Contains(c.order, m) {
			return nil, hint.DidYouMean(fmt.Errorf("the cascade does not ask %q", m), m, c.order)
		}
	}
	if slices.Index(c.order, strong) < slices.Index(c.order, weak) {
		return nil, hint.With(fmt.Errorf("the cascade asks the strong model %q before %q", strong, weak), "name the cheaper one first: cascade:FILE#"+weak+","+strong)
	}
	scores, err := c.file.ScoresOf(weak)
	return &pair{c, scores}, err
}

// pair is a cascade of two models.
type pair struct {
	*Cascade
	weak []float64 // score of the weak model's answer, by row of the file
}

// Scores returns the negative score of the weak model's answer.
func (p *pair) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	at, err := p.Rows(prompts)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(at))
	for i, row := range at {
		out[i] = -p.weak[row]
	}
	return out, nil
}

// ForPool returns the cascade among a pool's models: those of the order, or else all of the pool by
// ascending mean cost. The last one needs no scores.
func (c *Cascade) ForPool(of routers.Pool) (routers.Predictor, error) {
	order, err := c.orderOn(of)
	if err != nil {
		return nil, err
	}
	d := &decider{Cascade: c, models: of.Models}
	for _, m := range order {
		at := slices.Index(of.Models, m)
		if at < 0 {
			return nil, hint.DidYouMean(fmt.Errorf("the cascade asks %q, which is not a model of the pool", m), m, of.Models)
		}
		d.order = append(d.order, at)
	}
	for _, m := range order[:len(order)-1] {
		scores, err := c.file.ScoresOf(m)
		if err != nil {
			return nil, hint.With(err, "cascade:FILE#MODEL,MODEL,... names the models to ask; the last one needs no scores")
		}
		d.scores = append(d.scores, scores)
	}
	return d, nil
}

// orderOn returns the models in the order of calls.
func (c *Cascade) orderOn(of routers.Pool) ([]string, error) {
	if c.order != nil {
		return c.order, nil
	}
	if len(of.Cost) != len(of.Models) {
		return nil, hint.With(fmt.Errorf("%q: the order in which to ask the models is not known", c.file.Path), "name it: cascade:FILE#CHEAPEST,...,DEAREST")
	}
	order := make([]int, len(of.Models))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of.Cost[a], of.Cost[b]) })
	names := make([]string, len(order))
	for i, m := range order {
		names[i] = of.Models[m]
	}
	return names, nil
}

// decider is a cascade among the models of a pool.
type decider struct {
	*Cascade
	models []string
	order  []int       // numbers of the models in the order of calls
	scores [][]float64 // scores of the answers of each model but the last, by row of the file
}

func (d *decider) Models() []string { return d.models }

// step is a threshold above which a prompt is passed on.
type step struct {
	above  float64 // score of the answer that is used up to this threshold
	prompt int
	place  int // place in the order of the model that answers above it
}

// Decide implements [routers.PoolDecider]. It has one operating point per distinct threshold that
// changes an answer, the lowest first. The knob of a point is the highest threshold of the same
// decisions.
func (d *decider) Decide(ctx context.Context, prompts []routers.Prompt) (pool.Decided, error) {
	at, err := d.Rows(prompts)
	if err != nil {
		return pool.Decided{}, err
	}
	out := pool.Decided{Cascade: d.order, First: make([]pool.Choice, len(prompts)), Start: pool.Point{Knob: math.Inf(1)}}
	for i := range out.First {
		out.First[i] = pool.NewChoice(d.order[0])
	}
	steps := d.steps(at)
	for k, s := range steps {
		if k == 0 || s.above != steps[k-1].above {
			d.close(&out, s.above)
			out.Points = append(out.Points, pool.Point{Knob: math.Inf(1)})
		}
		last := &out.Points[len(out.Points)-1]
		last.Changes = append(last.Changes, pool.Change{Prompt: s.prompt, Choice: pool.NewChoice(d.order[s.place])})
	}
	return out, ctx.Err()
}

// close sets the knob of the last operating point so far.
func (d *decider) close(out *pool.Decided, threshold float64) {
	if n := len(out.Points); n > 0 {
		out.Points[n-1].Knob = threshold
		return
	}
	out.Start.Knob = threshold
}

// steps returns all changes by rising threshold. A prompt stays with the first model whose score is
// the largest so far.
func (d *decider) steps(at []int) []step {
	var steps []step
	for i, row := range at {
		for place := 0; place < len(d.scores); {
			g := d.scores[place][row]
			for place++; place < len(d.scores) && d.scores[place][row] <= g; place++ {
			}
			steps = append(steps, step{g, i, place})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.above, b.above) })
	return steps
}
