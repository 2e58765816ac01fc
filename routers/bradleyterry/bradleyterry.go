// Package bradleyterry estimates strengths from battles: model a beats model b with
// probability sigmoid(s_a - s_b) (Bradley and Terry 1952). Collect battles in [Wins],
// made by [NewWins], and call [Wins.Fit]. Strengths are in nats; multiply them by 400 /
// ln 10 for the Elo scale.
package bradleyterry

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// Wins holds the weighted wins among n models. A tie counts as half a win for each.
type Wins struct {
	n   int
	won []float64 // n x n: wins of the row's model over the column's
}

// NewWins returns a Wins without battles among n models, numbered from 0.
func NewWins(n int) *Wins { return &Wins{n, make([]float64, n*n)} }

// Add adds a battle of a against b. won is 1 if a won, 0 if b won and 0.5 for a tie;
// weight is at least 0.
func (w *Wins) Add(a, b int, won, weight float64) {
	w.won[a*w.n+b] += float64(weight * won)
	w.won[b*w.n+a] += float64(weight * (1 - won))
}

// Of returns a pointer to the weighted wins of a over b, for reading and writing.
func (w *Wins) Of(a, b int) *float64 { return &w.won[a*w.n+b] }

// Table returns the weighted wins of all models, row by row, for reading and writing: element a*n+b
// counts those of a over b.
func (w *Wins) Table() []float64 { return w.won }

// Reset removes all battles.
func (w *Wins) Reset() { clear(w.won) }

// Free means that no model's strength is pinned.
const Free = -1

const (
	maxSteps  = 100
	tolerance = 1e-9 // size of the last Newton step; each step about doubles the correct digits
	maxStep   = 2.0  // longer steps are cut, because far from the optimum they overshoot
)

// ErrUndetermined is returned if the battles leave strengths undetermined or infinite.
var ErrUndetermined = errors.New("the battles do not determine the strengths")

// Fit returns the strengths that maximise the sum of wins times log probability, minus
// prior/2 times the sum of squared strengths. Without a prior, that is with prior 0, only
// differences are determined, so one model must be pinned: its strength is 0. With a
// prior, pinned may be [Free]. Without a prior it is an error if the models fall into
// groups that do not meet or if a model never lost: see [ErrUndetermined].
func (w *Wins) Fit(prior float64, pinned int) ([]float64, error) {
	return w.FitFrom(nil, prior, pinned)
}

// FitFrom does what Fit does, in fewer steps if it starts from strengths near the solution; nil
// stands for 0.
func (w *Wins) FitFrom(start []float64, prior float64, pinned int) ([]float64, error) {
	s := make([]float64, w.n)
	copy(s, start)
	gradient, hessian := mat.NewVecDense(w.n, nil), mat.NewSymDense(w.n, nil)
	step := mat.NewVecDense(w.n, nil)
	for range maxSteps {
		w.derive(s, prior, pinned, gradient, hessian)
		if err := solve(step, hessian, gradient, prior > 0); err != nil {
			return nil, err
		}
		largest := mat.Norm(step, math.Inf(1))
		if largest > maxStep {
			step.ScaleVec(maxStep/largest, step)
		}
		for i := range s {
			s[i] -= step.AtVec(i)
		}
		if largest < tolerance {
			return s, nil
		}
	}
	return nil, ErrUndetermined
}

// solve writes the solution of hessian x = gradient to x, and may overwrite hessian. Unless it is
// known to be well-conditioned, as a prior makes it, it is an error if it is not.
func solve(x *mat.VecDense, hessian *mat.SymDense, gradient *mat.VecDense, known bool) error {
	if !known {
		var c mat.Cholesky
		if !c.Factorize(hessian) {
			return ErrUndetermined
		}
		if err := c.SolveVecTo(x, gradient); err != nil {
			return fmt.Errorf("%w: %w", ErrUndetermined, err)
		}
		return nil
	}
	factor, ok := lapack64.Potrf(hessian.RawSymmetric())
	if !ok {
		return ErrUndetermined
	}
	x.CopyVec(gradient)
	lapack64.Potrs(factor, blas64.General{Rows: x.Len(), Cols: 1, Stride: 1, Data: x.RawVector().Data})
	return nil
}

// derive computes gradient and Hessian of the function that Fit minimises, at strengths
// s.
func (w *Wins) derive(s []float64, prior float64, pinned int, gradient *mat.VecDense, hessian *mat.SymDense) {
	g, h := gradient.RawVector().Data, hessian.RawSymmetric()
	clear(h.Data)
	for a, v := range s {
		g[a] = float64(prior * v)
		h.Data[a*h.Stride+a] = prior
	}
	for a := range w.n {
		for b := a + 1; b < w.n; b++ {
			ab, ba := w.won[a*w.n+b], w.won[b*w.n+a]
			if ab == 0 && ba == 0 {
				continue
			}
			p := Sigmoid(s[a] - s[b])
			pull, curve := float64((ab+ba)*p)-ab, float64((ab+ba)*p*(1-p))
			g[a], g[b] = g[a]+pull, g[b]-pull
			h.Data[a*h.Stride+a] += curve
			h.Data[b*h.Stride+b] += curve
			h.Data[a*h.Stride+b] -= curve
		}
	}
	if pinned == Free {
		return
	}
	for i := range w.n { // remove the pinned model from the system
		h.Data[min(i, pinned)*h.Stride+max(i, pinned)] = 0
	}
	g[pinned], h.Data[pinned*h.Stride+pinned] = 0, 1
}

// Sigmoid returns the probability to win at a difference x of strengths.
func Sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
