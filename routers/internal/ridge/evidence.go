package ridge

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Bounds of the ridge weights that [Grouped.Weights] chooses, for inputs with variances near 1.
// A group with the largest one predicts nothing.
const (
	leastWeight = 0.1
	mostWeight  = 1e9
)

// Settings of the search for the largest evidence.
const (
	startWeight = 30.0
	mostRounds  = 300
	settled     = 1e-3 // largest change of a group's effective number of weights in the last round
)

// Evidence returns the logarithm of the marginal likelihood of a target at ridge weights lambda:
// the density of the target if noise is normal, the weights of group g are normal with variance
// (noise variance)/lambda_g, the intercept has a flat prior, and the noise variance is the one
// that makes the density largest (MacKay 1992, Bayesian interpolation; Patterson and Thompson 1971
// for the intercept). Only differences of evidences mean something.
func (q *Grouped) Evidence(t int, lambda []float64) float64 {
	f := q.fit(q.target(t), lambda)
	free := q.sums.N - 1
	out := -free/2*(1+math.Log(2*math.Pi*q.noise(f))) - f.factor.LogDet()/2 - f.block.logDet()/2
	for g, group := range q.groups {
		out += float64(group.To-group.From) / 2 * math.Log(lambda[g])
	}
	return out
}

// noise returns the noise variance with the largest density.
func (q *Grouped) noise(f solution) float64 {
	return max(f.loss/max(q.sums.N-1, 1), math.SmallestNonzeroFloat32)
}

// Weights returns the ridge weight of each group at which the evidence of a target is largest,
// found from start, or from a common one for all groups if start is nil. It repeats MacKay's
// re-estimation: lambda_g = gamma_g (noise variance)/|w_g|^2, where gamma_g is the effective
// number of the group's weights. A group that tells nothing ends with a weight so large that
// it predicts nothing.
func (q *Grouped) Weights(t int, start []float64) []float64 {
	lambda := make([]float64, len(q.groups))
	for g := range lambda {
		lambda[g] = startWeight
	}
	copy(lambda, start)
	of, before := q.target(t), make([]float64, len(lambda))
	for range mostRounds {
		f := q.fit(of, lambda)
		effective, noise, moved := q.effective(f, lambda), q.noise(f), 0.0
		for g, group := range q.groups {
			w := f.weights(group.From, group.To)
			next := effective[g] * noise / max(floats.Dot(w, w), math.SmallestNonzeroFloat64)
			lambda[g] = min(max(next, leastWeight), mostWeight)
			moved = max(moved, math.Abs(effective[g]-before[g]))
		}
		if moved < settled {
			break
		}
		before = effective
	}
	return lambda
}

// weights returns the weights of inputs from to to, of which the first group's are along the axes.
func (f solution) weights(from, to int) []float64 {
	if n := len(f.along); from >= n {
		return f.others[from-n : to-n]
	}
	return f.along
}

// Effective returns the effective number of weights of each group of a target's regression, between
// 0 and the size of the group.
func (q *Grouped) Effective(t int, lambda []float64) []float64 {
	return q.effective(q.fit(q.target(t), lambda), lambda)
}

// effective returns the effective number of weights of each group: its size less lambda_g times
// the trace of its block in the inverse of the penalised products.
func (q *Grouped) effective(f solution, lambda []float64) []float64 {
	var inverse mat.SymDense
	if err := f.factor.InverseTo(&inverse); err != nil {
		panic("ridge: " + err.Error())
	}
	out := make([]float64, len(q.groups))
	through, trace := products(f.through, f.through), f.block.trace
	n := inverse.SymmetricDim()
	for i := range n {
		for j := range n {
			trace += float64(through.At(i, j) * inverse.At(i, j))
		}
	}
	out[0] = float64(q.groups[0].To) - float64(lambda[0]*trace)
	for g, group := range q.groups[1:] {
		trace = 0
		for k := group.From - q.groups[0].To; k < group.To-q.groups[0].To; k++ {
			trace += inverse.At(k, k)
		}
		out[g+1] = float64(group.To-group.From) - float64(lambda[g+1]*trace)
	}
	for g := range out {
		out[g] = max(out[g], 0)
	}
	return out
}
