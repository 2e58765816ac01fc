package pool

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
)

// Choice is what happens to one prompt.
type Choice struct {
	Model int // the model whose answer is used
	// Cost and Latency are what the prompt cost in US dollars and took in seconds; NaN stands for
	// those of the model's answer in the outcomes, or of all answers of a cascade.
	Cost, Latency float64
}

// NewChoice returns the choice of a model whose cost and latency are those of its outcomes.
func NewChoice(model int) Choice { return Choice{model, math.NaN(), math.NaN()} }

// Change is a change of the choice for one prompt.
type Change struct {
	Prompt int
	Choice
}

// Point is an operating point of a router that makes decisions.
type Point struct {
	Name string // name of the setting, such as "threshold 0.7"; "" if it has none
	// Knob is the value of the setting, such as the threshold; NaN if it has none.
	Knob float64
	// Changes are the differences from the point before, or from First.
	Changes []Change
}

// Decided holds what a router that predicts nothing does with each prompt, at each of its
// operating points. Between two points it deals the prompts at random, which is the straight line
// between them.
type Decided struct {
	// Cascade lists models in the order in which they are asked: who gets the answer of one of them
	// pays for this one and all before it. It is nil if only the chosen model is asked.
	Cascade []int
	First   []Choice // one per prompt: the first operating point
	Start   Point    // the first operating point's name and knob
	Points  []Point  // the further ones
}

// Validate returns an error unless there is one choice per prompt, each among the models, with
// costs that are 0 or more.
func (d Decided) Validate(n, models int) error {
	if len(d.First) != n {
		return fmt.Errorf("%s for %s: want one per prompt", text.Plural(len(d.First), "decision"), text.Plural(n, "prompt"))
	}
	for i, c := range d.First {
		if err := c.check(i, models); err != nil {
			return err
		}
	}
	for _, p := range d.Points {
		for _, c := range p.Changes {
			if c.Prompt < 0 || c.Prompt >= n {
				return fmt.Errorf("a decision on prompt %d of %d", c.Prompt, n)
			}
			if err := c.check(c.Prompt, models); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c Choice) check(prompt, models int) error {
	bad := func(v float64) bool { return !math.IsNaN(v) && (!num.Finite(v) || v < 0) }
	if c.Model < 0 || c.Model >= models {
		return fmt.Errorf("prompt %d: model %d of %d", prompt, c.Model, models)
	}
	if bad(c.Cost) || bad(c.Latency) {
		return fmt.Errorf("prompt %d: cost %v, latency %v: want numbers of 0 or more", prompt, c.Cost, c.Latency)
	}
	return nil
}

// costOf returns what a choice for prompt i costs.
func (d Decided) costOf(o Outcomes, i int, c Choice) float64 {
	if !math.IsNaN(c.Cost) {
		return c.Cost
	}
	return d.upTo(o.Cost, i, c.Model)
}

// LatencyOf returns how long a choice for prompt i takes, where latency has the time of each model's
// answer in seconds: the models of a cascade are asked one after the other.
func (d Decided) LatencyOf(latency Matrix, i int, c Choice) float64 {
	if !math.IsNaN(c.Latency) {
		return c.Latency
	}
	return d.upTo(latency, i, c.Model)
}

// upTo returns the value of a model for prompt i or, in a cascade, the sum over the models up to it.
func (d Decided) upTo(of Matrix, i, model int) float64 {
	sum := 0.0
	for _, m := range d.Cascade {
		sum += of.At(i, m)
		if m == model {
			return sum
		}
	}
	return of.At(i, model)
}

// OnLatency returns the decisions with latencies in place of costs.
func (d Decided) OnLatency() Decided {
	out := d
	out.First = slices.Clone(d.First)
	for i := range out.First {
		out.First[i].Cost = out.First[i].Latency
	}
	out.Points = slices.Clone(d.Points)
	for k, p := range out.Points {
		out.Points[k].Changes = slices.Clone(p.Changes)
		for i := range p.Changes {
			out.Points[k].Changes[i].Cost = p.Changes[i].Latency
		}
	}
	return out
}

// Choices returns the choice for every prompt at the k-th operating point, counted from 0. It takes
// the time of all changes up to there.
func (d Decided) Choices(k int) []Choice {
	out := slices.Clone(d.First)
	for _, p := range d.Points[:k] {
		for _, c := range p.Changes {
			out[c.Prompt] = c.Choice
		}
	}
	return out
}

// Sorted returns the decisions with the operating points in the order of their mean cost. Points of
// equal cost keep their order.
func (d Decided) Sorted(o Outcomes) Decided {
	sums := d.sumsOfCost(o)
	if slices.IsSorted(sums) {
		return d
	}
	order := make([]int, len(sums))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sums[a], sums[b]) })
	points := append([]Point{d.Start}, d.Points...)
	rows := make([][]Choice, len(points))
	for k := range rows {
		rows[k] = d.Choices(k)
	}
	out := Decided{Cascade: d.Cascade, First: rows[order[0]], Start: points[order[0]], Points: make([]Point, 0, len(d.Points))}
	for k, at := range order[1:] {
		p := points[at]
		p.Changes = Changes(rows[order[k]], rows[at])
		out.Points = append(out.Points, p)
	}
	return out
}

// sumsOfCost returns the sum of costs at each operating point.
func (d Decided) sumsOfCost(o Outcomes) []float64 {
	sum := 0.0
	at := slices.Clone(d.First)
	for i, c := range at {
		sum += float64(weightOf(i, o.Weight, nil, nil) * d.costOf(o, i, c))
	}
	out := []float64{sum}
	for _, p := range d.Points {
		for _, c := range p.Changes {
			sum += float64(weightOf(c.Prompt, o.Weight, nil, nil) * (d.costOf(o, c.Prompt, c.Choice) - d.costOf(o, c.Prompt, at[c.Prompt])))
			at[c.Prompt] = c.Choice
		}
		out = append(out, sum)
	}
	return out
}

// Changes lists the prompts whose choice differs between two operating points.
func Changes(from, to []Choice) []Change {
	same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	var out []Change
	for i, c := range to {
		if old := from[i]; c.Model != old.Model || !same(c.Cost, old.Cost) || !same(c.Latency, old.Latency) {
			out = append(out, Change{i, c})
		}
	}
	return out
}

// NewDecided returns the path of a router that makes decisions. It has one vertex per operating
// point, in their order, whose lambda is +Inf for the first one and then counts down to 1. own is
// the router's own cost per prompt.
func NewDecided(o Outcomes, d Decided, own float64) (*Sweep, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := d.Validate(o.N(), o.Models()); err != nil {
		return nil, err
	}
	s := &Sweep{cost: make([]float64, o.N()), quality: make([]float64, o.N()), own: own, weight: o.Weight, cluster: o.Cluster}
	for i, c := range d.First {
		s.cost[i], s.quality[i] = d.costOf(o, i, c), o.Quality.At(i, c.Model)
	}
	s.record(d.moves(o), 0)
	return s, nil
}

// moves returns the changes with what they add.
func (d Decided) moves(o Outcomes) []move {
	var moves []move
	at := slices.Clone(d.First)
	for k, p := range d.Points {
		lambda := float64(len(d.Points) - k)
		if len(p.Changes) == 0 { // a vertex all the same
			moves = append(moves, move{lambda: lambda})
		}
		for _, c := range p.Changes {
			i, old := c.Prompt, at[c.Prompt]
			moves = append(moves, move{lambda, int32(i), o.Quality.At(i, c.Model) - o.Quality.At(i, old.Model), d.costOf(o, i, c.Choice) - d.costOf(o, i, old)})
			at[i] = c.Choice
		}
	}
	return moves
}

// At returns what the k-th operating point, counted from 0, gives and costs on each prompt, and its
// mix: the share of the prompts that each model answers, by weight. own is the router's own cost per
// prompt.
func (d Decided) At(o Outcomes, k int, own float64) (Decisions, []float64) {
	out, mix, total := Decisions{make([]float64, o.N()), make([]float64, o.N())}, make([]float64, o.Models()), 0.0
	for i, c := range d.Choices(k) {
		w := weightOf(i, o.Weight, nil, nil)
		total += w
		mix[c.Model] += w
		out.Cost[i], out.Quality[i] = d.costOf(o, i, c)+own, o.Quality.At(i, c.Model)
	}
	for m := range mix {
		mix[m] /= total
	}
	return out, mix
}

// Pick returns the decisions on the prompts at the given indices, in their order.
func (d Decided) Pick(index []int) Decided {
	out, at := d, slices.Clone(d.First)
	last := slicesx.Pick(at, index)
	out.First, out.Points = last, nil
	for _, p := range d.Points {
		for _, c := range p.Changes {
			at[c.Prompt] = c.Choice
		}
		now := slicesx.Pick(at, index)
		p.Changes = Changes(last, now)
		out.Points, last = append(out.Points, p), now
	}
	return out
}
