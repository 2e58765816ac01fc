package linear

import (
	"context"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/parallel"
	"github.com/routellm/routellm/routers/internal/ridge"
	"github.com/routellm/routellm/routers/training"
)

// Options says how to train.
type Options struct {
	training.Options
	// MeanCost predicts a model's mean cost for every prompt instead of a cost per prompt.
	MeanCost bool
}

// lambdas returns the ridge weights that cross-validation tries.
func lambdas() []float64 {
	var all []float64
	for k := range 9 {
		all = append(all, math.Pow(10, float64(k)/2))
	}
	return all
}

// Train fits a model to outcomes and validates it. Equal outcomes give equal models. A model is
// fitted on the rows on which it was measured.
func Train(ctx context.Context, o *training.Outcomes, options Options) (*Model, training.Validation, error) {
	if err := o.Check(true); err != nil {
		return nil, training.Validation{}, err
	}
	t := trainer{outcomes: o, rows: inputs.NewPrompts(o.Prompts), data: ridge.Data{Division: training.Divide(o)}}
	t.data.Inputs, t.data.Dim = t.rows.Row, t.rows.Dim()
	for m := range o.Models {
		t.data.Targets = append(t.data.Targets, o.Quality.Column(m))
	}
	if costs := logCosts(o); costs != nil && !options.MeanCost {
		t.data.Targets = append(t.data.Targets, costs...)
	}
	if err := t.fit(ctx, options.Progress); err != nil {
		return nil, training.Validation{}, err
	}
	m := &Model{PoolCard: training.NewPoolCard(o, options.Options)}
	for k, l := range t.full {
		l = t.rows.Fold(l.Weights, l.Intercept)
		if k < len(o.Models) {
			m.quality = append(m.quality, l)
		} else {
			m.logCost = append(m.logCost, l)
		}
	}
	m.Keep(o.Norm, t.validation)
	return m, t.validation, nil
}

// logCosts returns the logarithms of each model's costs; nil if there are none, or one is 0.
func logCosts(o *training.Outcomes) [][]float64 {
	if o.MeanCosts() == nil || slices.ContainsFunc(o.Cost.Values, func(v float64) bool { return v <= 0 }) {
		return nil
	}
	var out [][]float64
	for m := range o.Models {
		column := o.Cost.Column(m)
		for i, v := range column {
			column[i] = math.Log(v)
		}
		out = append(out, column)
	}
	return out
}

// trainer fits one regression per target: the qualities, then the costs.
type trainer struct {
	outcomes   *training.Outcomes
	rows       inputs.Prompts
	data       ridge.Data
	sums       *ridge.Sums
	errors     ridge.Errors
	full       []inputs.Linear // on scaled inputs
	validation training.Validation
}

// fit chooses a ridge weight per target and fits the regressions, with and without each part.
func (t *trainer) fit(ctx context.Context, progress func(done, total int)) (err error) {
	if t.sums, err = ridge.NewSums(ctx, t.data); err != nil {
		return err
	}
	all := lambdas()
	t.errors, err = t.sums.Search(ctx, func(r ridge.Rest) (out [][]inputs.Linear) {
		for _, lambda := range all {
			out = append(out, r.Solve(lambda))
		}
		return out
	}, progress)
	if err != nil {
		return err
	}
	n, models := len(t.data.Of), len(t.outcomes.Models)
	t.validation.Quality = pool.NewMatrix(n, models)
	t.validation.Cost = t.outcomes.HeldOutCosts(t.data.Division)
	err = parallel.Each(ctx, t.data.Parts, t.validate)
	t.full = t.solve(t.data.Parts, -1)
	t.describe()
	return err
}

// solve returns the regressions without a part, with the ridge weights chosen without it. Those of
// costs predict the logarithm of a cost with the right mean.
func (t *trainer) solve(excluded, part int) []inputs.Linear {
	rest, solved := t.sums.Without(part), map[int][]inputs.Linear{}
	out := make([]inputs.Linear, len(t.data.Targets))
	for target := range out {
		k := t.errors.Best(excluded, target)
		if solved[k] == nil {
			solved[k] = rest.Solve(lambdas()[k])
		}
		out[target] = solved[k][target]
	}
	t.correct(out[len(t.outcomes.Models):], part)
	return out
}

// correct shifts predicted logarithms of costs, so that the mean predicted cost is the mean cost
// over the rows outside a part: the exponential of a mean logarithm is too small.
func (t *trainer) correct(fits []inputs.Linear, part int) {
	if len(fits) == 0 {
		return
	}
	real, predicted := make([]float64, len(fits)), make([]float64, len(fits))
	var x []float64
	for i, of := range t.data.Of {
		if of == part {
			continue
		}
		x = t.rows.Row(x, i)
		for m, cost := range t.outcomes.Cost.Row(i) {
			if !math.IsNaN(cost) {
				real[m] += cost
				predicted[m] += math.Exp(fits[m].At(x))
			}
		}
	}
	for m := range fits {
		fits[m].Intercept += math.Log(real[m] / predicted[m])
	}
}

// validate predicts the rows of a part.
func (t *trainer) validate(part int) {
	fits, models := t.solve(part, part), len(t.outcomes.Models)
	var x []float64
	for i, of := range t.data.Of {
		if of != part {
			continue
		}
		x = t.rows.Row(x, i)
		for k, l := range fits {
			if k < models {
				t.validation.Quality.Row(i)[k] = l.At(x)
			} else {
				t.validation.Cost.Row(i)[k-models] = math.Exp(l.At(x))
			}
		}
	}
}

// describe records which ridge weight was chosen for each model's quality, and the errors.
func (t *trainer) describe() {
	measured := t.outcomes.Measured()
	for m, name := range t.outcomes.Models {
		c := training.Choice{Of: name, Name: "ridge", Value: lambdas()[t.errors.Best(t.data.Parts, m)]}
		for k, lambda := range lambdas() {
			c.Path = append(c.Path, training.Step{Setting: lambda, Error: t.errors.Sum(t.data.Parts, k, m) / float64(measured[m])})
		}
		t.validation.Choices = append(t.validation.Choices, c)
	}
}
