package ridge

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/internal/inputs"
)

// Directions returns the directions in which the fitted values of all targets vary together, the
// largest variance first: one column per direction with one element per target, of length 1. The
// variance is over the rows of the block that has most.
func (r Rest) Directions(fits []inputs.Linear) *mat.Dense {
	g := r.blocks[0]
	for _, b := range r.blocks {
		if b.N > g.N {
			g = b
		}
	}
	covariance := mat.NewSymDense(len(fits), nil)
	for t := range fits {
		moved := g.centred(fits[t].Weights)
		for u := t; u < len(fits); u++ {
			covariance.SetSym(t, u, floats.Dot(moved, fits[u].Weights))
		}
	}
	out := mat.NewDense(len(fits), len(fits), nil)
	var e mat.EigenSym
	if !e.Factorize(covariance, true) {
		panic("ridge: the fitted values have no directions of variance")
	}
	var ascending mat.Dense
	e.VectorsTo(&ascending)
	for k := range fits {
		out.SetCol(k, mat.Col(nil, len(fits)-1-k, &ascending))
	}
	return out
}

// centred returns the product of weights with the sum of (x - mean)(x - mean)'.
func (g Gram) centred(w []float64) []float64 {
	out := make([]float64, len(w))
	blas64.Symv(1, g.xx.RawSymmetric(), blas64.Vector{N: len(w), Inc: 1, Data: w}, 0, blas64.Vector{N: len(w), Inc: 1, Data: out})
	floats.AddScaled(out, -floats.Dot(g.x, w)/max(g.N, 1), g.x)
	return out
}

// Reduce returns the fits with the rank that the first directions have: fitted values vary along
// them alone, and the mean of each target stays.
func (r Rest) Reduce(fits []inputs.Linear, directions *mat.Dense, rank int) []inputs.Linear {
	d := len(fits[0].Weights)
	out := make([]inputs.Linear, len(fits))
	for t := range out {
		out[t].Weights = make([]float64, d)
	}
	for k := range rank {
		factor := Factor(fits, directions, k)
		for t := range out {
			floats.AddScaled(out[t].Weights, directions.At(t, k), factor)
		}
	}
	for k, b := range r.sums.blocks {
		g := r.blocks[k]
		for j, t := range b.targets {
			out[t].Intercept = (g.y[j] - floats.Dot(g.x, out[t].Weights)) / max(g.N, 1)
		}
	}
	return out
}

// Factor returns the weights of the inputs along one direction.
func Factor(fits []inputs.Linear, directions *mat.Dense, k int) []float64 {
	out := make([]float64, len(fits[0].Weights))
	for t, fit := range fits {
		floats.AddScaled(out, directions.At(t, k), fit.Weights)
	}
	return out
}
