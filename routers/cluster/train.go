package cluster

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers/internal/parallel"
	"github.com/routellm/routellm/routers/training"
)

// Options says how to train.
type Options struct {
	training.Options
	// Unit is the number of which all components of the vectors are whole multiples, 0 if there
	// is none: see package encoder.
	Unit float32
	// MeanCost predicts a model's mean cost for every prompt instead of a cost per cluster.
	MeanCost bool
}

// mostRows is the largest number of prompts that place the centres.
const mostRows = 5000

// sizes returns the numbers of clusters that cross-validation tries for a number of prompts.
func sizes(prompts int) []int {
	out := []int{2}
	for k := 4; k <= 64 && k <= prompts/8; k *= 2 {
		out = append(out, k)
	}
	return out
}

// Train makes a model of outcomes and validates it. Equal outcomes and seeds give equal models.
func Train(ctx context.Context, o *training.Outcomes, options Options) (*Model, training.Validation, error) {
	none := training.Validation{}
	if err := o.Check(true); err != nil {
		return nil, none, err
	}
	t := newTrainer(o, options)
	if err := t.fit(ctx); err != nil {
		return nil, none, err
	}
	v, whole := o.Level(t.division, t.validate()), t.fits[t.division.Parts]
	m := &Model{PoolCard: training.NewPoolCard(o, options.Options), meanCost: options.MeanCost}
	best := whole[t.best(t.division.Parts)]
	m.space, m.centres, m.quality = t.space, best.centres, best.total(best.quality)
	if m.Mean != nil {
		m.cost = best.total(best.cost)
	}
	v.Choices = []training.Choice{t.choice()}
	m.Keep(o.Norm, v)
	return m, v, nil
}

// trainer chooses the number of clusters.
type trainer struct {
	outcomes *training.Outcomes
	options  Options
	division training.Division
	space    space
	rows     [][]float32 // vectors of the prompts
	sizes    []int
	fits     [][]fit // [excluded part][size]; the last element excludes no part
	lock     sync.Mutex
	done     int
}

func newTrainer(o *training.Outcomes, options Options) *trainer {
	t := &trainer{outcomes: o, options: options, division: training.Divide(o), sizes: sizes(len(o.Prompts))}
	for _, p := range o.Prompts {
		t.rows = append(t.rows, p.Vector)
	}
	t.space = space{len(t.rows[0]), options.Unit}
	for range t.division.Parts + 1 {
		t.fits = append(t.fits, make([]fit, len(t.sizes)))
	}
	return t
}

// fit holds clusters whose centres were placed without a part.
type fit struct {
	centres       [][]float32
	of            []int   // cluster of each row, also of that part
	quality, cost []tally // sums of each part
	err           float64 // squared error of the rows outside the part, each predicted without its own
}

// total returns the tally of all parts but some.
func (f fit) total(parts []tally, without ...int) tally {
	out := newTally(len(f.centres), parts[0].sum.Columns)
	for part, p := range parts {
		if slices.Contains(without, part) {
			continue
		}
		for k := range out.sum.Values {
			out.sum.Values[k] += p.sum.Values[k]
			out.count.Values[k] += p.count.Values[k]
		}
	}
	return out
}

// fit places clusters of every size without each part, and without none.
func (t *trainer) fit(ctx context.Context) error {
	n := len(t.fits) * len(t.sizes)
	return parallel.Each(ctx, n, func(k int) {
		excluded, size := k/len(t.sizes), k%len(t.sizes)
		t.fits[excluded][size] = t.place(ctx, excluded, t.sizes[size])
		t.lock.Lock()
		defer t.lock.Unlock()
		if t.done++; t.options.Progress != nil {
			t.options.Progress(t.done, n)
		}
	})
}

// place places clusters without a part and measures them on the other parts. The result is worth
// nothing once the context has ended.
func (t *trainer) place(ctx context.Context, excluded, size int) fit {
	var rows []int
	for i, part := range t.division.Of {
		if part != excluded {
			rows = append(rows, i)
		}
	}
	chosen := training.Smallest(slicesx.Pick(t.outcomes.Norm, rows), mostRows)
	f := fit{centres: t.space.kmeans(ctx, slicesx.Pick(t.rows, slicesx.Pick(rows, chosen)), size, t.options.Seed)}
	var err error
	if f.of, err = t.space.assign(ctx, t.rows, f.centres); err != nil {
		return f
	}
	f.quality, f.cost = t.tallies(f, t.outcomes.Quality), t.tallies(f, t.outcomes.Cost)
	for part := range t.division.Parts {
		if part != excluded {
			f.err += t.errorOf(f, part, excluded)
		}
	}
	return f
}

// tallies returns the sums of a matrix by part.
func (t *trainer) tallies(f fit, m pool.Matrix) []tally {
	out := make([]tally, t.division.Parts)
	for part := range out {
		out[part] = newTally(len(f.centres), len(t.outcomes.Models))
	}
	if m.Rows() > 0 {
		for i, part := range t.division.Of {
			out[part].add(f.of[i], m.Row(i))
		}
	}
	return out
}

// errorOf returns the squared error of the qualities of a part, predicted without it and without
// an excluded part.
func (t *trainer) errorOf(f fit, part, excluded int) float64 {
	means, sum := f.total(f.quality, part, excluded).means(), 0.0
	for i, of := range t.division.Of {
		if of != part {
			continue
		}
		for m, y := range t.outcomes.Quality.Row(i) {
			if num.Finite(y) {
				d := means.At(f.of[i], m) - y
				sum += float64(d * d)
			}
		}
	}
	return sum
}

// best returns the size with the smallest error.
func (t *trainer) best(excluded int) int {
	best := 0
	for k, f := range t.fits[excluded] {
		if f.err < t.fits[excluded][best].err {
			best = k
		}
	}
	return best
}

// validate predicts every row from the other parts, with the number of clusters that they chose.
func (t *trainer) validate() training.Validation {
	o := t.outcomes
	v := training.Validation{Quality: pool.NewMatrix(len(o.Prompts), len(o.Models)), Cost: o.HeldOutCosts(t.division)}
	for part := range t.division.Parts {
		f := t.fits[part][t.best(part)]
		quality, cost := f.total(f.quality, part).means(), f.total(f.cost, part).means()
		for i, of := range t.division.Of {
			if of != part {
				continue
			}
			copy(v.Quality.Row(i), quality.Row(f.of[i]))
			if v.Cost.Rows() > 0 && !t.options.MeanCost {
				copy(v.Cost.Row(i), cost.Row(f.of[i]))
			}
		}
	}
	return v
}

// choice describes the chosen number of clusters.
func (t *trainer) choice() training.Choice {
	whole, n := t.fits[t.division.Parts], 0
	for _, y := range t.outcomes.Quality.Values {
		if !math.IsNaN(y) {
			n++
		}
	}
	c := training.Choice{Of: "all models", Name: "clusters", Value: float64(t.sizes[t.best(t.division.Parts)])}
	for k, f := range whole {
		c.Path = append(c.Path, training.Step{Setting: float64(t.sizes[k]), Error: f.err / float64(n)})
	}
	return c
}
