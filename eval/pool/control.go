package pool

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/text"
)

// Apply returns what a policy gives and costs on each prompt, and its mix: the share of the prompts
// that each model answers, by weight. Random choices count as expected values. own is the router's
// own cost per prompt. It returns an error for the same input as [NewSweep].
func (y Policy) Apply(o Outcomes, p Predictions, own float64) (d Decisions, mix []float64, err error) {
	if err := o.Validate(); err != nil {
		return d, nil, err
	}
	if err := p.check(o.N(), o.Models()); err != nil {
		return d, nil, err
	}
	return o.assign(own, func(i int, share []float64) { y.Shares(share, p.Quality.Row(i), p.costs(i)) })
}

// Take returns what calling model[i] for prompt i gives and costs, and the mix, as [Policy.Apply]
// does.
func (o Outcomes) Take(model []int, own float64) (d Decisions, mix []float64, err error) {
	if len(model) != o.N() {
		return d, nil, fmt.Errorf("%s for %s: want one per prompt", text.Plural(len(model), "model"), text.Plural(o.N(), "prompt"))
	}
	for i, m := range model {
		if m < 0 || m >= o.Models() {
			return d, nil, fmt.Errorf("prompt %d: model is %d: want 0 to %d", i, m, o.Models()-1)
		}
	}
	return o.assign(own, func(i int, share []float64) {
		clear(share)
		share[model[i]] = 1
	})
}

// assign calls models in the given shares for each prompt.
func (o Outcomes) assign(own float64, shares func(i int, share []float64)) (Decisions, []float64, error) {
	d := Decisions{make([]float64, o.N()), make([]float64, o.N())}
	share, mix, total := make([]float64, o.Models()), make([]float64, o.Models()), 0.0
	for i := range o.N() {
		shares(i, share)
		w := weightOf(i, o.Weight, nil, nil)
		total += w
		cost, quality := o.Cost.Row(i), o.Quality.Row(i)
		for m, s := range share {
			mix[m] += float64(w * s)
			d.Cost[i] += float64(s * cost[m])
			d.Quality[i] += float64(s * quality[m])
		}
		d.Cost[i] += own
	}
	for m := range mix {
		mix[m] /= total
	}
	return d, mix, nil
}

// Oracle returns the predictions that are always right: no router has a larger area. Where no model
// is right, it takes the cheapest one and is charged for it.
func Oracle(o Outcomes) Predictions { return Predictions{Quality: o.Quality, Cost: o.Cost} }

// Uniform returns the mix of a router that chooses each model equally often.
func Uniform(models int) []float64 {
	mix := make([]float64, models)
	for m := range mix {
		mix[m] = 1 / float64(models)
	}
	return mix
}

// Dealt holds what a mix of models gives if it is dealt to the prompts at random.
type Dealt struct {
	Cost, Quality float64 // expected means
	SD            float64 // standard deviation of the mean quality over all deals
}

// NewDealt deals a mix, one share per model that sum to 1, to single prompts, whatever their
// clusters. The means are exact. So is the standard deviation where each share is a whole number of
// prompts, with weights too (Hoeffding, Annals of Mathematical Statistics 22, 1951); between, it is
// the smooth function through these.
func NewDealt(o Outcomes, mix []float64) Dealt {
	c := NewConstants(o, nil)
	d, n := Dealt{}, float64(o.N())
	total := 0.0
	for i := range o.N() {
		total += weightOf(i, o.Weight, nil, nil)
	}
	for m, s := range mix {
		d.Cost += float64(s * c.Cost[m])
		d.Quality += float64(s * c.Quality[m])
	}
	squares := 0.0
	for i := range o.N() {
		// One deal's mean quality is the mean of scale * quality over the prompts.
		scale, row := weightOf(i, o.Weight, nil, nil)*n/total, o.Quality.Row(i)
		mean := 0.0
		for m, s := range mix {
			mean += float64(s * scale * row[m])
		}
		for m, s := range mix {
			x := float64(scale*row[m]) - c.Quality[m] - mean + d.Quality
			squares += float64(s * x * x)
		}
	}
	if o.N() > 1 {
		d.SD = math.Sqrt(squares / (n - 1) / n)
	}
	return d
}

// TaskModels holds the best constant model of each task.
type TaskModels struct {
	ByTask  map[string]int
	Overall int // best model of all tasks, for tasks that are not in ByTask
}

// NewTaskModels finds the best model of each task, as [NewConstants] does. task[i] is the task of
// prompt i. The outcomes should be those of training prompts: a choice on the evaluated prompts
// looks better than it is.
func NewTaskModels(o Outcomes, task []string) TaskModels {
	rows := map[string][]int{}
	for i, name := range task {
		rows[name] = append(rows[name], i)
	}
	t := TaskModels{ByTask: map[string]int{}, Overall: NewConstants(o, nil).Best}
	for name, index := range rows {
		t.ByTask[name] = NewConstants(o.Pick(index), nil).Best
	}
	return t
}

// Models returns the model of each prompt, for [Outcomes.Take].
func (t TaskModels) Models(task []string) []int {
	out := make([]int, len(task))
	for i, name := range task {
		if m, ok := t.ByTask[name]; ok {
			out[i] = m
		} else {
			out[i] = t.Overall
		}
	}
	return out
}
