package ridge

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/internal/inputs"
)

// TestTridiagonal compares the axes with the matrix, and solutions, determinant and trace of the
// inverse with those of the whole matrix, also where it is singular without the shift.
func TestTridiagonal(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, c := range []struct{ n, rank int }{{1, 1}, {2, 2}, {7, 7}, {40, 12}, {90, 90}, {5, 0}} {
		a := mat.NewSymDense(c.n, nil)
		for range c.rank {
			x := mat.NewVecDense(c.n, nil)
			for i := range c.n {
				x.SetVec(i, rng.NormFloat64())
			}
			a.SymRankOne(a, 1, x)
		}
		whole := mat.NewSymDense(c.n, nil)
		whole.CopySym(a)
		tri, q := tridiagonalOf(a)
		for _, lambda := range []float64{1e-3, 0.5, 30, 1e9} {
			compareShifted(t, whole, tri.plus(lambda), q, lambda)
		}
	}
}

// compareShifted compares a + lambda in the axes q with s.
func compareShifted(t *testing.T, a *mat.SymDense, s shifted, q *mat.Dense, lambda float64) {
	t.Helper()
	n := a.SymmetricDim()
	shift := mat.NewSymDense(n, nil)
	shift.CopySym(a)
	for i := range n {
		shift.SetSym(i, i, shift.At(i, i)+lambda)
	}
	var c mat.Cholesky
	var inverse mat.SymDense
	if !c.Factorize(shift) || c.InverseTo(&inverse) != nil {
		t.Fatal("the matrix is singular")
	}
	if got, want := s.logDet(), c.LogDet(); math.Abs(got-want) > 1e-8*float64(n)*max(1, math.Abs(want)) {
		t.Errorf("n %d, lambda %v: log determinant %v, want %v", n, lambda, got, want)
	}
	if got, want := s.trace, mat.Trace(&inverse); math.Abs(got-want) > 1e-8*want {
		t.Errorf("n %d, lambda %v: trace of the inverse %v, want %v", n, lambda, got, want)
	}
	y := make([]float64, n)
	for i := range y {
		y[i] = float64(i%3) - 0.7
	}
	var rotated, back, again mat.VecDense
	rotated.MulVec(q.T(), mat.NewVecDense(n, y))
	s.solve(rotated.RawVector().Data)
	back.MulVec(q, &rotated)
	again.MulVec(shift, &back)
	for i, want := range y {
		if math.Abs(again.AtVec(i)-want) > 1e-8*float64(n) {
			t.Fatalf("n %d, lambda %v: the solution gives %v in row %d, want %v", n, lambda, again.AtVec(i), i, want)
		}
	}
}

// BenchmarkGrouped has the vectors of OpenAI's small encoder: 1,536 components.
func BenchmarkGrouped(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	const d = 1536 + 67
	g := New(d, 1)
	row := make([]float64, d)
	for range 400 {
		for j := range row {
			row[j] = rng.NormFloat64()
		}
		g.Add(row, rng.NormFloat64())
	}
	groups := []inputs.Group{{Name: "vector", From: 0, To: 1536}, {Name: "others", From: 1536, To: d}}
	for b.Loop() {
		g.Grouped(groups).Weights(0, nil)
	}
}
