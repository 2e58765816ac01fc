package nearest

import (
	"context"
	"sync"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// Options says how to train.
type Options struct {
	training.Options
	// Unit is the number of which all components of the vectors are whole multiples, 0 if there
	// is none: see package encoder.
	Unit float32
	// MeanCost predicts a model's mean cost for every prompt instead of a cost per prompt.
	MeanCost bool
}

// mostQueries is the largest number of prompts that choose the number of neighbours.
const mostQueries = 2000

// Train makes a model of outcomes and validates it. Equal outcomes give equal models.
func Train(ctx context.Context, o *training.Outcomes, options Options) (*Model, training.Validation, error) {
	none := training.Validation{}
	if err := o.Check(true); err != nil {
		return nil, none, err
	}
	m := &Model{PoolCard: training.NewPoolCard(o, options.Options), meanCost: options.MeanCost}
	cost := o.Cost
	if m.Mean == nil {
		cost = pool.Matrix{Columns: len(o.Models)}
	}
	m.memory = newMemory(neighboursOf(o.Prompts, options.Unit), o.Quality, cost)
	t := trainer{model: m, outcomes: o, division: training.Divide(o), vectors: vectorsOf(o.Prompts), progress: options.Progress}
	t.queries = training.Smallest(o.Norm, mostQueries)
	for _, k := range []int{5, 10, 20, 40, 80, 160, 320} {
		if k == 5 || k <= len(o.Prompts)/2 {
			t.settings = append(t.settings, k)
		}
	}
	if err := t.choose(ctx); err != nil {
		return nil, none, err
	}
	v, err := t.validate(ctx)
	if err != nil {
		return nil, none, err
	}
	v = o.Level(t.division, v)
	m.k = t.settings[t.best(t.division.Parts)]
	v.Choices = []training.Choice{t.choice()}
	m.Keep(o.Norm, v)
	return m, v, nil
}

func vectorsOf(prompts []routers.Prompt) [][]float32 {
	out := make([][]float32, len(prompts))
	for i, p := range prompts {
		out[i] = p.Vector
	}
	return out
}

// trainer chooses the number of neighbours.
type trainer struct {
	model    *Model
	outcomes *training.Outcomes
	division training.Division
	vectors  [][]float32
	queries  []int // rows that choose the number of neighbours
	settings []int
	errors   [][]float64 // [excluded part][setting]; the last element excludes no part
	measured float64     // number of errors in the last element
	progress func(done, total int)
	lock     sync.Mutex
	done     int
}

// tick reports that a row is done.
func (t *trainer) tick() {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.done++; t.progress != nil && t.done%100 == 0 {
		t.progress(t.done, len(t.queries)+len(t.vectors))
	}
}

// choose sums the squared errors of held-out rows, for each setting. A part's errors are those of
// the rows of the other parts, each predicted without its own part and without this one.
func (t *trainer) choose(ctx context.Context) error {
	all := make([][][]float64, len(t.queries))
	err := t.model.vectors.Distances(ctx, slicesx.Pick(t.vectors, t.queries), func(q int, distances []float64) error {
		defer t.tick()
		all[q] = t.empty()
		for _, g := range t.model.byQuality {
			t.measure(t.queries[q], g, distances, all[q])
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.errors = t.empty()
	for q, errs := range all { // in order, because sums depend on it
		for excluded := range errs {
			for k, e := range errs[excluded] {
				t.errors[excluded][k] += e
			}
		}
		for _, y := range t.outcomes.Quality.Row(t.queries[q]) {
			if num.Finite(y) {
				t.measured++
			}
		}
	}
	return nil
}

// empty returns zeros in the form of errors.
func (t *trainer) empty() [][]float64 {
	out := make([][]float64, t.division.Parts+1)
	for k := range out {
		out[k] = make([]float64, len(t.settings))
	}
	return out
}

// measure adds the squared errors of one row, for models that were measured on the same rows.
func (t *trainer) measure(row int, g alike, distances []float64, errs [][]float64) {
	if !g.has(row) {
		return
	}
	own, most := t.division.Of[row], t.settings[len(t.settings)-1]
	use := func(i int) bool { return t.division.Of[i] != own && g.has(i) }
	near := nearest(distances, 2*most, use)
	whole := len(near) < 2*most // all rows that may be used
	for excluded := range errs {
		if excluded == own {
			continue
		}
		rows := t.without(near, excluded, most)
		if len(rows) < most && !whole {
			near, whole = nearest(distances, len(distances), use), true
			rows = t.without(near, excluded, most)
		}
		t.add(row, g, rows, errs[excluded])
	}
}

// without returns the first n rows that are not in a part.
func (t *trainer) without(rows []int, part, n int) []int {
	out := make([]int, 0, n)
	for _, i := range rows {
		if t.division.Of[i] != part && len(out) < n {
			out = append(out, i)
		}
	}
	return out
}

// add adds the squared errors of one row with the given neighbours, for each setting.
func (t *trainer) add(row int, g alike, near []int, errs []float64) {
	for _, c := range g.columns {
		y, sum, n := t.outcomes.Quality.At(row, c), 0.0, 0
		for k, want := range t.settings {
			for ; n < min(want, len(near)); n++ {
				sum += t.outcomes.Quality.At(near[n], c)
			}
			if n > 0 {
				d := sum/float64(n) - y
				errs[k] += float64(d * d)
			}
		}
	}
}

// best returns the setting with the smallest error.
func (t *trainer) best(excluded int) int {
	best := 0
	for k, e := range t.errors[excluded] {
		if e < t.errors[excluded][best] {
			best = k
		}
	}
	return best
}

// validate predicts every row from the other parts, with the setting that they chose.
func (t *trainer) validate(ctx context.Context) (training.Validation, error) {
	m, n := t.model, len(t.vectors)
	v := training.Validation{Quality: pool.NewMatrix(n, len(m.Pool)), Cost: t.outcomes.HeldOutCosts(t.division)}
	return v, m.vectors.Distances(ctx, t.vectors, func(i int, distances []float64) error {
		defer t.tick()
		own := t.division.Of[i]
		use := func(j int) bool { return t.division.Of[j] != own }
		k := t.settings[t.best(own)]
		m.means(m.quality, m.byQuality, distances, k, use, v.Quality.Row(i))
		if v.Cost.Rows() > 0 && !m.meanCost {
			m.means(m.cost, m.byCost, distances, k, use, v.Cost.Row(i))
		}
		return nil
	})
}

// choice describes the chosen number of neighbours.
func (t *trainer) choice() training.Choice {
	c := training.Choice{Of: "all models", Name: "neighbours", Value: float64(t.model.k)}
	for k, e := range t.errors[t.division.Parts] {
		c.Path = append(c.Path, training.Step{Setting: float64(t.settings[k]), Error: e / t.measured})
	}
	return c
}
