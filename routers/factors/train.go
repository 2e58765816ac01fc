package factors

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/parallel"
	"github.com/routellm/routellm/routers/internal/ridge"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// setting is what cross-validation chooses.
type setting struct {
	lambda float64 // ridge weight
	rank   int     // number of factors
}

// settings returns the settings that cross-validation tries for a number of models, by rank.
func settings(models int) []setting {
	var all []setting
	for _, rank := range []int{1, 2, 3, 4, 6, 8, 12, 16} {
		for k := range 11 {
			if rank < models {
				all = append(all, setting{math.Pow(10, float64(k)/2), rank})
			}
		}
	}
	return all
}

// Train fits a model to outcomes and validates it. Equal outcomes give equal models. The factors
// come from ridge regressions of every model's quality, reduced to the directions in which their
// fitted values vary most; logistic regressions on held-out values turn these into qualities.
func Train(ctx context.Context, o *training.Outcomes, options training.Options) (*Model, training.Validation, error) {
	none := training.Validation{}
	if err := o.Check(true); err != nil {
		return nil, none, err
	}
	t := newTrainer(o)
	if err := t.search(ctx, options.Progress); err != nil {
		return nil, none, err
	}
	v := training.Validation{Quality: pool.NewMatrix(len(o.Prompts), len(o.Models)), Cost: o.HeldOutCosts(t.data.Division)}
	parts := t.data.Parts
	scales := make([][]scale, parts+1)
	if err := parallel.Each(ctx, parts+1, func(part int) { scales[part] = t.calibrate(part) }); err != nil {
		return nil, none, err
	}
	for part := range parts {
		t.predict(t.reduced(part, part), part, func(i, m int, score float64) {
			v.Quality.Row(i)[m] = t.lo + float64((t.hi-t.lo)*scales[part][m].at(score))
		})
	}
	v = o.Level(t.data.Division, v)
	m := t.model(scales[parts])
	m.PoolCard = training.NewPoolCard(o, options)
	v.Choices = t.choices()
	m.Keep(o.Norm, v)
	return m, v, nil
}

type trainer struct {
	outcomes *training.Outcomes
	rows     inputs.Prompts
	data     ridge.Data
	lo, hi   float64
	settings []setting
	sums     *ridge.Sums
	errors   ridge.Errors
	targets  []int
}

func newTrainer(o *training.Outcomes) *trainer {
	t := &trainer{outcomes: o, rows: inputs.NewPrompts(o.Prompts), settings: settings(len(o.Models)), lo: math.Inf(1), hi: math.Inf(-1)}
	t.data = ridge.Data{Division: training.Divide(o), Inputs: t.rows.Inputs, Dim: t.rows.Dim()}
	for m := range o.Models {
		t.data.Targets, t.targets = append(t.data.Targets, o.Quality.Column(m)), append(t.targets, m)
	}
	for _, y := range o.Quality.Values {
		if !math.IsNaN(y) {
			t.lo, t.hi = min(t.lo, y), max(t.hi, y)
		}
	}
	return t
}

// search measures every setting.
func (t *trainer) search(ctx context.Context, progress func(done, total int)) (err error) {
	if t.sums, err = ridge.NewSums(ctx, t.data); err != nil {
		return err
	}
	t.errors, err = t.sums.Search(ctx, func(r ridge.Rest) [][]inputs.Linear {
		out := make([][]inputs.Linear, len(t.settings))
		fits, directions := map[float64][]inputs.Linear{}, map[float64]*mat.Dense{}
		for k, s := range t.settings {
			if fits[s.lambda] == nil {
				fits[s.lambda] = r.Solve(s.lambda)
				directions[s.lambda] = r.Directions(fits[s.lambda])
			}
			out[k] = r.Reduce(fits[s.lambda], directions[s.lambda], s.rank)
		}
		return out
	}, progress)
	return err
}

// chosen returns the setting that the parts other than an excluded one chose.
func (t *trainer) chosen(excluded int) setting {
	return t.settings[t.errors.Best(excluded, t.targets...)]
}

// reduced returns the regressions without some parts, with the setting chosen without an excluded
// part.
func (t *trainer) reduced(excluded int, without ...int) []inputs.Linear {
	rest, s := t.sums.Without(without...), t.chosen(excluded)
	fits := rest.Solve(s.lambda)
	return rest.Reduce(fits, rest.Directions(fits), s.rank)
}

// predict calls do with the score of every model for every row of a part.
func (t *trainer) predict(fits []inputs.Linear, part int, do func(row, model int, score float64)) {
	var x []float64
	for i, of := range t.data.Of {
		if of == part {
			x = t.rows.Inputs(x, i)
			for m, l := range fits {
				do(i, m, l.At(x))
			}
		}
	}
}

// scale turns a model's score into a share of the range of quality.
type scale struct {
	winrate.Scale
	mean, sd float64
}

func (s scale) at(score float64) float64 { return s.Rate((score - s.mean) / s.sd) }

// calibrate fits the scale of each model to scores of rows outside an excluded part, each from
// regressions that saw neither its own part nor the excluded one.
func (t *trainer) calibrate(excluded int) []scale {
	scores, shares := make([][]float64, len(t.outcomes.Models)), make([][]float64, len(t.outcomes.Models))
	for part := range t.data.Parts {
		if part == excluded {
			continue
		}
		t.predict(t.reduced(excluded, excluded, part), part, func(i, m int, score float64) {
			if y := t.outcomes.Quality.At(i, m); !math.IsNaN(y) {
				scores[m], shares[m] = append(scores[m], score), append(shares[m], t.share(y))
			}
		})
	}
	out := make([]scale, len(scores))
	for m, z := range scores {
		if len(z) == 0 {
			out[m].sd = 1
			continue
		}
		out[m].mean, out[m].sd = winrate.Moments(z)
		floats.AddConst(-out[m].mean, z)
		floats.Scale(1/out[m].sd, z)
		out[m].Scale = winrate.Fit(z, shares[m])
	}
	return out
}

// share returns a quality as a share of the range, 1/2 if there is none.
func (t *trainer) share(quality float64) float64 {
	if t.hi == t.lo {
		return 0.5
	}
	return (quality - t.lo) / (t.hi - t.lo)
}

// model returns the model of all rows.
func (t *trainer) model(scales []scale) *Model {
	rest, s := t.sums.Without(), t.chosen(t.data.Parts)
	fits := rest.Solve(s.lambda)
	directions := rest.Directions(fits)
	m := &Model{inputs: t.rows.Scaler, lo: t.lo, hi: t.hi}
	for k := range s.rank {
		m.factors = append(m.factors, inputs.Linear{Weights: ridge.Factor(fits, directions, k)})
	}
	for k, l := range rest.Reduce(fits, directions, s.rank) {
		slope := scales[k].Slope / scales[k].sd
		row := inputs.Linear{Weights: make([]float64, s.rank), Intercept: scales[k].Shift + float64(slope*(l.Intercept-scales[k].mean))}
		for f := range row.Weights {
			row.Weights[f] = slope * directions.At(k, f)
		}
		m.models = append(m.models, row)
	}
	return m
}

// choices describes the chosen setting: the errors of ridge weights at the chosen number of
// factors.
func (t *trainer) choices() []training.Choice {
	s, n := t.chosen(t.data.Parts), 0
	for _, measured := range t.outcomes.Measured() {
		n += measured
	}
	c := training.Choice{Of: fmt.Sprintf("all models, rank %d", s.rank), Name: "ridge", Value: s.lambda}
	for k, other := range t.settings {
		if other.rank == s.rank {
			c.Path = append(c.Path, training.Step{Setting: other.lambda, Error: t.errors.Sum(t.data.Parts, k, t.targets...) / float64(n)})
		}
	}
	return []training.Choice{c}
}
