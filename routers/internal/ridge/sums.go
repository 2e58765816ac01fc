package ridge

import (
	"context"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/parallel"
	"github.com/routellm/routellm/routers/training"
)

// Data holds inputs and several targets of the same rows, divided for cross-validation.
type Data struct {
	training.Division
	Inputs  func(dst []float64, row int) []float64 // Inputs returns a row's inputs, in dst if it is large enough; concurrent calls are safe
	Dim     int                                    // Dim is the number of inputs
	Targets [][]float64                            // Targets has one value per row for each target; NaN if unknown
}

// Sums holds the sums of every part. Targets that are known on the same rows share them.
type Sums struct {
	parts  int
	blocks []block
}

// block holds the sums of targets that are known on the same rows.
type block struct {
	targets []int
	parts   []Gram
}

// NewSums sums the rows of each part.
func NewSums(ctx context.Context, d Data) (*Sums, error) {
	s := &Sums{parts: d.Parts}
	for t, values := range d.Targets {
		found := false
		for k := range s.blocks {
			if sameRows(values, d.Targets[s.blocks[k].targets[0]]) {
				s.blocks[k].targets, found = append(s.blocks[k].targets, t), true
				break
			}
		}
		if !found {
			s.blocks = append(s.blocks, block{targets: []int{t}, parts: make([]Gram, d.Parts)})
		}
	}
	err := parallel.Each(ctx, len(s.blocks)*d.Parts, func(k int) {
		b, part := &s.blocks[k/d.Parts], k%d.Parts
		b.parts[part] = d.sum(b.targets, part)
	})
	return s, err
}

// sameRows reports whether two targets are known on the same rows.
func sameRows(a, b []float64) bool {
	for i := range a {
		if num.Finite(a[i]) != num.Finite(b[i]) {
			return false
		}
	}
	return true
}

// sum returns the sums over the rows of a part on which the targets are known.
func (d Data) sum(targets []int, part int) Gram {
	g := New(d.Dim, len(targets))
	x, y := make([]float64, d.Dim), make([]float64, len(targets))
	for i, of := range d.Of {
		if of != part || !num.Finite(d.Targets[targets[0]][i]) {
			continue
		}
		for k, t := range targets {
			y[k] = d.Targets[t][i]
		}
		x = d.Inputs(x, i)
		g.Add(x, y...)
	}
	return g
}

// Rest holds the sums over the rows outside some parts.
type Rest struct {
	sums   *Sums
	blocks []Gram
}

// Without returns the sums over the rows outside the given parts.
func (s *Sums) Without(parts ...int) Rest {
	r := Rest{sums: s}
	for _, b := range s.blocks {
		g := New(len(b.parts[0].x), len(b.targets))
		for part, h := range b.parts {
			if !slices.Contains(parts, part) {
				g = g.Plus(h)
			}
		}
		r.blocks = append(r.blocks, g)
	}
	return r
}

// targets returns the number of targets.
func (r Rest) targets() (n int) {
	for _, b := range r.sums.blocks {
		n += len(b.targets)
	}
	return n
}

// Solve returns the ridge regression of every target. A target without rows is 0.
func (r Rest) Solve(lambda float64) []inputs.Linear {
	out := make([]inputs.Linear, r.targets())
	for k, g := range r.blocks {
		for j, fit := range g.Solve(lambda) {
			out[r.sums.blocks[k].targets[j]] = fit
		}
	}
	return out
}

// BestWeights fits the ridge regression of every target with the ridge weights of groups of inputs
// at which its marginal likelihood is largest. It returns for each of the factors the regressions
// with that multiple of the weights, and the effective number of weights of each target.
func (r Rest) BestWeights(groups []inputs.Group, factors ...float64) (fits [][]inputs.Linear, effective []float64) {
	n := r.targets()
	fits, effective = make([][]inputs.Linear, len(factors)), make([]float64, n)
	for k := range fits {
		fits[k] = make([]inputs.Linear, n)
	}
	for k, g := range r.blocks {
		q, lambda := g.Grouped(groups), []float64(nil)
		for j, t := range r.sums.blocks[k].targets {
			lambda = q.Weights(j, lambda) // targets are alike: the last one's weights are a good start
			effective[t] = floats.Sum(q.Effective(j, lambda))
			for f, factor := range factors {
				multiple := slices.Clone(lambda)
				floats.Scale(factor, multiple)
				fits[f][t] = q.Solve(j, multiple)
			}
		}
	}
	return fits, effective
}

// Errors returns the squared errors of predictions of every target over the rows of a part.
func (s *Sums) Errors(part int, fits []inputs.Linear) []float64 {
	out := make([]float64, len(fits))
	for _, b := range s.blocks {
		for j, t := range b.targets {
			out[t] = b.parts[part].SquaredError(j, fits[t])
		}
	}
	return out
}
