package ridge

import (
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/internal/inputs"
)

// Grouped fits ridge regressions with one ridge weight per group of inputs: the minimum of
//
//	sum (y - w.x - c)^2 + sum over groups g of lambda_g |w_g|^2.
//
// It rotates the first group, which may be large, to axes in which that group's products are
// tridiagonal. After that, a fit takes time with the size of that group, and with the third power of
// the number of other inputs, however many weights are tried.
type Grouped struct {
	sums   Gram
	groups []inputs.Group
	axes   *mat.Dense    // one axis of the first group per column
	block  tridiagonal   // sums of products along the axes
	mixed  *mat.Dense    // sums of products: other inputs by axes
	others *mat.SymDense // sums of products of the other inputs
}

// Grouped prepares the sums for groups that cover all inputs in their order, at least two groups.
// All sums are of deviations from the means, because the intercept is not penalised.
func (g Gram) Grouped(groups []inputs.Group) *Grouped {
	first, d := groups[0].To, len(g.x)
	q := &Grouped{sums: g, groups: groups, mixed: mat.NewDense(d-first, first, nil), others: mat.NewSymDense(d-first, nil)}
	block, between := mat.NewSymDense(first, nil), mat.NewDense(d-first, first, nil)
	for i := range d {
		for j := i; j < d; j++ {
			switch v := g.xx.At(i, j) - g.x[i]*g.x[j]/max(g.N, 1); {
			case j < first:
				block.SetSym(i, j, v)
			case i < first:
				between.Set(j-first, i, v)
			default:
				q.others.SetSym(i-first, j-first, v)
			}
		}
	}
	q.block, q.axes = tridiagonalOf(block)
	q.mixed.Mul(between, q.axes)
	return q
}

// target holds the products of the inputs with one target.
type target struct {
	along, others []float64 // sums of products, along the axes and for the other inputs
	squares       float64   // sum of the target's squares
}

func (q *Grouped) target(t int) target {
	g, n, first := q.sums, max(q.sums.N, 1), q.groups[0].To
	all := make([]float64, len(g.x))
	for i, v := range g.xy[t] {
		all[i] = v - g.x[i]*g.y[t]/n
	}
	var along mat.VecDense
	along.MulVec(q.axes.T(), mat.NewVecDense(first, all[:first]))
	return target{along.RawVector().Data, all[first:], max(g.yy[t]-g.y[t]*g.y[t]/n, 0)}
}

// Solve returns the ridge regression of a target with one ridge weight per group, all above 0.
func (q *Grouped) Solve(t int, lambda []float64) inputs.Linear {
	f, first := q.fit(q.target(t), lambda), q.groups[0].To
	var w mat.VecDense
	w.MulVec(q.axes, mat.NewVecDense(first, f.along))
	l := inputs.Linear{Weights: append(w.RawVector().Data, f.others...)}
	l.Intercept = (q.sums.y[t] - floats.Dot(l.Weights, q.sums.x)) / max(q.sums.N, 1)
	return l
}

// solution is a ridge regression on the axes and the other inputs.
type solution struct {
	along, others []float64    // weights
	block         shifted      // the first group's block with its ridge weight
	through       *mat.Dense   // mixed products divided by that block: other inputs by axes
	factor        mat.Cholesky // the other inputs' block after the axes are eliminated
	loss          float64      // the minimum: squared errors and penalties
}

// fit solves the normal equations. It eliminates the axes first, whose block is tridiagonal.
func (q *Grouped) fit(t target, lambda []float64) solution {
	f := solution{along: slices.Clone(t.along), block: q.block.plus(lambda[0]), through: mat.DenseCopyOf(q.mixed)}
	f.block.solve(f.along)
	for i := range len(t.others) {
		f.block.solve(f.through.RawRowView(i))
	}
	left := products(q.mixed, f.through)
	left.ScaleSym(-1, left)
	left.AddSym(left, q.others)
	for g, group := range q.groups[1:] {
		for k := group.From - len(t.along); k < group.To-len(t.along); k++ {
			left.SetSym(k, k, left.At(k, k)+lambda[g+1])
		}
	}
	if !f.factor.Factorize(left) {
		panic("ridge: a ridge made of positive parts is not positive definite")
	}
	var w, carried mat.VecDense
	w.MulVec(q.mixed, mat.NewVecDense(len(f.along), f.along))
	w.SubVec(mat.NewVecDense(len(t.others), t.others), &w)
	if err := f.factor.SolveVecTo(&w, &w); err != nil {
		panic("ridge: " + err.Error())
	}
	f.others = w.RawVector().Data
	carried.MulVec(f.through.T(), &w)
	floats.Sub(f.along, carried.RawVector().Data)
	f.loss = t.squares - floats.Dot(f.along, t.along) - floats.Dot(f.others, t.others)
	return f
}

// products returns a b', which must be symmetric.
func products(a, b *mat.Dense) *mat.SymDense {
	var all mat.Dense
	all.Mul(a, b.T())
	n, _ := all.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, all.At(i, j))
		}
	}
	return out
}
