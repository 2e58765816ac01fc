package linear

import (
	"context"
	"math"
	"slices"
	"sync"

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

// factors returns the multiples of the ridge weights of which [training.Choice.Path] tells the
// errors. The model itself uses the weights as they are.
func factors() []float64 {
	out := []float64{1}
	for k := range 4 {
		f := math.Pow(10, float64(k+1)/2)
		out = append([]float64{1 / f}, append(out, f)...)
	}
	return out
}

// Train fits a model to outcomes and validates it. Equal outcomes give equal models. A model is
// fitted on the rows on which it was measured.
func Train(ctx context.Context, o *training.Outcomes, options Options) (*Model, training.Validation, error) {
	if err := o.Check(true); err != nil {
		return nil, training.Validation{}, err
	}
	t := trainer{outcomes: o, rows: inputs.NewPrompts(o.Prompts), data: ridge.Data{Division: training.Divide(o)}}
	t.data.Inputs, t.data.Dim = t.rows.Inputs, t.rows.Dim()
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
	m.inputs, m.quality = t.rows.Scaler, t.full[:models]
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
		m.logCost[k] = t.full[models+j]
	}
}

// trainer fits one regression per target: the qualities, then the costs.
type trainer struct {
	outcomes   *training.Outcomes
	rows       inputs.Prompts
	data       ridge.Data
	costly     []int // models of the targets of costs
	sums       *ridge.Sums
	errors     [][][]float64   // squared errors by part, factor and target
	effective  []float64       // effective number of weights of each target's regression of all rows
	full       []inputs.Linear // regressions of all rows, on scaled inputs
	validation training.Validation
}

// fit fits the regressions, with and without each part.
func (t *trainer) fit(ctx context.Context, progress func(done, total int)) (err error) {
	if t.sums, err = ridge.NewSums(ctx, t.data); err != nil {
		return err
	}
	n, parts := len(t.data.Of), t.data.Parts
	t.validation.Quality = pool.NewMatrix(n, len(t.outcomes.Models))
	t.validation.Cost = t.outcomes.HeldOutCosts(t.data.Division)
	t.errors = make([][][]float64, parts)
	var lock sync.Mutex
	done := 0
	err = parallel.Each(ctx, parts+1, func(part int) {
		if part < parts {
			t.validate(part)
		} else {
			fits, effective := t.sums.Without().BestWeights(t.rows.Groups(), 1)
			t.full, t.effective = fits[0], effective
			t.correct(t.full[len(t.outcomes.Models):], -1)
		}
		lock.Lock()
		defer lock.Unlock()
		if done++; progress != nil {
			progress(done, parts+1)
		}
	})
	if err == nil {
		t.describe()
	}
	return err
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
		x = t.rows.Inputs(x, i)
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

// validate predicts the rows of a part from the others.
func (t *trainer) validate(part int) {
	all, _ := t.sums.Without(part).BestWeights(t.rows.Groups(), factors()...)
	for _, fits := range all {
		t.errors[part] = append(t.errors[part], t.sums.Errors(part, fits))
	}
	fits, models := all[len(all)/2], len(t.outcomes.Models)
	t.correct(fits[models:], part)
	var x []float64
	for i, of := range t.data.Of {
		if of != part {
			continue
		}
		x = t.rows.Inputs(x, i)
		for k, l := range fits {
			if k < models {
				t.validation.Quality.Row(i)[k] = l.At(x)
			} else {
				t.validation.Cost.Row(i)[t.costly[k-models]] = math.Exp(l.At(x))
			}
		}
	}
}

// describe records the effective number of weights of each model's quality, and the errors of
// multiples of the ridge weights.
func (t *trainer) describe() {
	measured := t.outcomes.Measured()
	for m, name := range t.outcomes.Models {
		c := training.Choice{Of: name, Name: "weights", Value: t.effective[m]}
		for k, factor := range factors() {
			sum := 0.0
			for part := range t.errors {
				sum += t.errors[part][k][m]
			}
			c.Path = append(c.Path, training.Step{Setting: factor, Error: sum / float64(measured[m])})
		}
		t.validation.Choices = append(t.validation.Choices, c)
	}
}
