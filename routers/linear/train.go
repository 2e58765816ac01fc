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
	for k := range 11 {
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
	m := &Model{PoolCard: training.NewPoolCard(o, options.Options)}
	if m.Mean != nil && !options.MeanCost {
		t.addCosts()
	}
	if err := t.fit(ctx, options.Progress); err != nil {
		return nil, training.Validation{}, err
	}
	t.fill(m)
	t.validation = o.Level(t.data.Division, t.validation)
	m.Keep(o.Norm, t.validation)
	return m, t.validation, nil
}

// addCosts makes targets of the logarithms of costs, for models that never cost 0.
func (t *trainer) addCosts() {
	for m := range t.outcomes.Models {
		column := t.outcomes.Cost.Column(m)
		if slices.ContainsFunc(column, func(v float64) bool { return v <= 0 }) {
			continue
		}
		for i, v := range column {
			column[i] = math.Log(v)
		}
		t.data.Targets, t.costly = append(t.data.Targets, column), append(t.costly, m)
	}
}

// fill sets the regressions of a model. A model's cost without a regression is its mean.
func (t *trainer) fill(m *Model) {
	models := len(t.outcomes.Models)
	for _, l := range t.full[:models] {
		m.quality = append(m.quality, t.rows.Fold(l.Weights, l.Intercept))
	}
	if t.costly == nil {
		return
	}
	for k := range models {
		constant := inputs.Linear{Weights: make([]float64, t.data.Dim)}
		if m.Mean[k] > 0 {
			constant.Intercept = math.Log(m.Mean[k])
		}
		m.logCost = append(m.logCost, constant)
	}
	for j, k := range t.costly {
		l := t.full[models+j]
		m.logCost[k] = t.rows.Fold(l.Weights, l.Intercept)
	}
}

// trainer fits one regression per target: the qualities, then the costs.
type trainer struct {
	outcomes   *training.Outcomes
	rows       inputs.Prompts
	data       ridge.Data
	costly     []int // models of the targets of costs
	sums       *ridge.Sums
	errors     ridge.Errors
	full       []inputs.Linear // regressions of all rows, on scaled inputs
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
		for k, m := range t.costly {
			if cost := t.outcomes.Cost.At(i, m); !math.IsNaN(cost) {
				real[k] += cost
				predicted[k] += math.Exp(fits[k].At(x))
			}
		}
	}
	for k := range fits {
		if real[k] > 0 {
			fits[k].Intercept += math.Log(real[k] / predicted[k])
		}
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
				t.validation.Cost.Row(i)[t.costly[k-models]] = math.Exp(l.At(x))
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
