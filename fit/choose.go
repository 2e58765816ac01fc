package fit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/training"
)

// choiceResamples is the number of resamples for standard errors among several models.
const choiceResamples = 200

// choose cross-validates every kind of router on the training part, and chooses one.
func (f *fitting) choose(ctx context.Context) error {
	for _, k := range f.wanted() {
		f.trials = append(f.trials, &trial{kind: k})
	}
	parts := training.Divide(f.data.Outcomes.Pick(f.train))
	done, total := 0, parts.Parts*len(f.trials)
	tick := func() { done++; f.progress("training", done, total) }
	for _, t := range f.trials {
		var err error
		if f.pairwise() {
			err = f.validate(ctx, t, parts, tick)
		} else {
			err = f.validatePool(ctx, t)
			for range parts.Parts {
				tick()
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		t.failed = err
	}
	f.parts = parts
	if err := f.measure(ctx, f.trials); err != nil {
		return err
	}
	return f.pickOne(parts)
}

// wanted returns the kinds to try: those of the options that suit the number of models and what the
// data has, and controls.
func (f *fitting) wanted() []kind {
	return slices.DeleteFunc(kinds(), func(k kind) bool {
		if k.way == control {
			return !f.data.Tasks
		}
		if k.way == forAnswers && !f.byCost {
			return true
		}
		if given := f.options.Candidates; given != nil && !slices.Contains(given, k.name) {
			return true
		}
		return !f.pairwise() && k.way != forPool || !f.data.Vectors && k.way != untrained && (k.way != forAnswers || k.vectors)
	})
}

// measure computes the value of trials from their out-of-fold scores or predictions.
func (f *fitting) measure(ctx context.Context, trials []*trial) error {
	trials = slices.DeleteFunc(slices.Clone(trials), func(t *trial) bool { return t.failed != nil })
	switch {
	case len(trials) == 0:
		return nil
	case f.byCost:
		return f.measureCosts(ctx, trials)
	case f.pairwise():
		return f.measureAreas(trials)
	}
	return f.measureLifts(ctx, trials)
}

// measureAreas computes the area over random of each trial, within each part and together: scores
// of different parts come from different routers.
func (f *fitting) measureAreas(trials []*trial) (err error) {
	for _, t := range trials {
		if t.value, t.influence, err = f.area(t.scores, f.parts); err != nil {
			return err
		}
	}
	return nil
}

// area returns the mean over the parts of the area over random, by their weights, and the influence
// of each training row on it: 0 for rows on which a model was not measured.
func (f *fitting) area(scores []float64, parts training.Division) (area float64, influence []float64, err error) {
	influence = make([]float64, len(f.train))
	total := 0.0
	for part := range parts.Parts {
		_, in := apart(parts, part)
		o, rows := f.outcomes(in)
		if len(rows) == 0 {
			continue
		}
		a, of, err := eval.AreaInfluence(o, slicesx.Pick(scores, rows))
		if err != nil {
			return 0, nil, err
		}
		size := weightOf(o)
		for k, i := range rows {
			influence[i] = of[k] * (size / float64(len(rows)))
		}
		area += float64(a * size)
		total += size
	}
	for i := range influence {
		influence[i] *= float64(len(influence)) / total
	}
	return area / total, influence, nil
}

// measureLifts computes the lift of each trial over the static mix, with resamples.
func (f *fitting) measureLifts(ctx context.Context, trials []*trial) error {
	rows := f.complete()
	all := slicesx.Pick(f.train, rows)
	table := pool.Table{Outcomes: pool.Outcomes{
		Quality: f.data.Quality.Pick(all), Cost: f.data.Cost.Pick(all), Cluster: eval.ClusterIDs(slicesx.Pick(f.parts.Group, rows)), Weight: f.data.Weights(all),
	}}
	for _, t := range trials {
		sweep, err := pool.NewFoldedSweep(table.Outcomes, t.predictions.Pick(rows), 0, slicesx.Pick(f.parts.Of, rows))
		if err != nil {
			return err
		}
		table.Routers = append(table.Routers, sweep)
	}
	return f.lifts(ctx, trials, table)
}

// lifts sets the lift of trials, which are the routers of a table in the same order, with resamples.
func (f *fitting) lifts(ctx context.Context, trials []*trial, table pool.Table) error {
	e, err := table.Evaluate(eval.Bootstrap{Resamples: choiceResamples, Confidence: f.options.Confidence, Seed: f.options.Seed,
		Progress: func(done, total int) error { f.progress("choosing", done, total); return ctx.Err() }})
	if err != nil {
		return err
	}
	for k, t := range trials {
		t.value = e.Routers[k].Lift.Value
		if e.Replicates != nil {
			t.replicates = e.Replicates.Routers[k].Lift
		}
	}
	return nil
}

// complete returns the indices in f.train of the rows with every quality and cost.
func (f *fitting) complete() []int {
	usable := map[int]bool{}
	for _, i := range f.usable(harness.TrainingPart) {
		usable[i] = true
	}
	var rows []int
	for k, i := range f.train {
		if usable[i] {
			rows = append(rows, k)
		}
	}
	return rows
}

// pickOne chooses the simplest candidate that is within one standard error of the best: the
// standard error of their paired difference.
func (f *fitting) pickOne(parts training.Division) error {
	var best *trial
	for _, t := range f.trials {
		if t.eligible() && (best == nil || t.value > best.value) {
			best = t
		}
	}
	if best == nil {
		return f.noneTrained()
	}
	for _, t := range f.trials {
		c := f.describeTrial(t, best, parts)
		f.doc.Candidates = append(f.doc.Candidates, c)
		if f.chosen == nil && t.eligible() && (t == best || float64(c.Behind) <= float64(c.BehindSE)) {
			f.chosen = t
		}
	}
	f.doc.Chosen = f.chosen.name
	return nil
}

// eligible reports whether a trial can be chosen.
func (t *trial) eligible() bool { return t.failed == nil && t.way != control && num.Finite(t.value) }

// noneTrained returns the error of a search in which no router could be trained.
func (f *fitting) noneTrained() error {
	var all []error
	for _, t := range f.trials {
		if t.failed != nil {
			all = append(all, fmt.Errorf("%s: %w", t.name, t.failed))
		}
	}
	err := errors.Join(all...)
	if len(f.wanted()) == 0 || err == nil {
		err = errors.New("the data has neither prompts nor their vectors")
	}
	return hint.With(fmt.Errorf("%s: no router could be trained: %w", f.data.Name, err), "routellm datasets import table keeps the prompts")
}

// describeTrial returns what the document says of a trial.
func (f *fitting) describeTrial(t, best *trial, parts training.Division) results.FitCandidate {
	none := results.Missing
	c := results.FitCandidate{Name: t.name, Router: t.router, Control: t.way == control, Value: results.Metric{Value: none, Lo: none, Hi: none}, SE: none, Behind: none, BehindSE: none}
	if t.failed != nil {
		c.Failed = t.failed.Error()
		return c
	}
	unit := f.unitOf
	se, behind := f.se(t, nil, parts), f.se(best, t, parts)
	z := eval.NormalQuantile(f.options.Confidence)
	c.Value = results.Metric{Value: results.Value(f.shown(t.value)), Lo: results.Value(f.shown(t.value - z*se)), Hi: results.Value(f.shown(t.value + z*se))}
	c.SE, c.Behind, c.BehindSE = results.Value(se/unit), results.Value((best.value-t.value)/unit), results.Value(behind/unit)
	return c
}

// se returns the standard error of a trial's value, or of its difference from another's.
func (f *fitting) se(t, from *trial, parts training.Division) float64 {
	if t.replicates != nil {
		d := slices.Clone(t.replicates)
		for i := range d {
			if from != nil {
				d[i] -= from.replicates[i]
			}
		}
		return spread(d)
	}
	if t.influence == nil {
		return math.NaN()
	}
	d := slices.Clone(t.influence)
	for i := range d {
		if from != nil {
			d[i] -= from.influence[i]
		}
	}
	return eval.ClusterSE(d, parts.Group)
}

// spread returns the standard deviation of finite values.
func spread(x []float64) float64 {
	x = slices.DeleteFunc(x, func(v float64) bool { return !num.Finite(v) })
	mean, squares := training.Mean(x), 0.0
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	return math.Sqrt(squares / float64(len(x)-1))
}
