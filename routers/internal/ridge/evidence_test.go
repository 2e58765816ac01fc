package ridge

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/internal/inputs"
)

// threeGroups are groups of 4, 3 and 2 inputs.
var threeGroups = []inputs.Group{{Name: "a", From: 0, To: 4}, {Name: "b", From: 4, To: 7}, {Name: "c", From: 7, To: 9}}

// groupedRows returns rows of nine correlated inputs, and targets whose weights are normal with
// the standard deviation that sd has for their group.
func groupedRows(n int, seed uint64, noise float64, sd ...float64) (x [][]float64, y []float64) {
	rng := rand.New(rand.NewPCG(seed, 7))
	w := make([]float64, 9)
	for g, group := range threeGroups {
		for j := group.From; j < group.To; j++ {
			w[j] = sd[g] * rng.NormFloat64()
		}
	}
	for range n {
		row, common := make([]float64, 9), rng.NormFloat64()
		value := 3 + noise*rng.NormFloat64()
		for j := range row {
			row[j] = 0.5*common + rng.NormFloat64()
			value += w[j] * row[j]
		}
		x, y = append(x, row), append(y, value)
	}
	return x, y
}

func gramOf(x [][]float64, y []float64) Gram {
	g := New(len(x[0]), 1)
	for i := range x {
		g.Add(x[i], y[i])
	}
	return g
}

// directEvidence computes the evidence from the covariance of the rows: a normal density of
// contrasts, which no intercept changes.
func directEvidence(x [][]float64, y, lambda []float64) float64 {
	n := len(y)
	covariance := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			v := 0.0
			for g, group := range threeGroups {
				for k := group.From; k < group.To; k++ {
					v += x[i][k] * x[j][k] / lambda[g]
				}
			}
			if i == j {
				v++
			}
			covariance.SetSym(i, j, v)
		}
	}
	contrasts := mat.NewDense(n-1, n, nil) // Helmert's: orthonormal, each row sums to 0
	for i := range n - 1 {
		k := float64(i + 1)
		for j := range i + 1 {
			contrasts.Set(i, j, 1/math.Sqrt(k*(k+1)))
		}
		contrasts.Set(i, i+1, -k/math.Sqrt(k*(k+1)))
	}
	var z mat.VecDense
	z.MulVec(contrasts, mat.NewVecDense(n, y))
	var half, whole mat.Dense
	half.Mul(contrasts, covariance)
	whole.Mul(&half, contrasts.T())
	k := mat.NewSymDense(n-1, nil)
	for i := range n - 1 {
		for j := i; j < n-1; j++ {
			k.SetSym(i, j, whole.At(i, j))
		}
	}
	var c mat.Cholesky
	c.Factorize(k)
	var solved mat.VecDense
	if err := c.SolveVecTo(&solved, &z); err != nil {
		panic(err)
	}
	free := float64(n - 1)
	noise := mat.Dot(&z, &solved) / free
	return -free/2*(1+math.Log(2*math.Pi*noise)) - c.LogDet()/2
}

func TestEvidenceIsTheDensity(t *testing.T) {
	x, y := groupedRows(40, 1, 1, 1, 0.3, 0)
	q := gramOf(x, y).Grouped(threeGroups)
	for _, lambda := range [][]float64{{1, 1, 1}, {0.1, 40, 3}, {1e4, 2, 1e7}, {5, 1e9, 0.2}} {
		got, want := q.Evidence(0, lambda), directEvidence(x, y, lambda)
		if math.Abs(got-want) > 1e-6*math.Abs(want) {
			t.Errorf("at %v the evidence is %.9f, directly %.9f", lambda, got, want)
		}
	}
}

// TestGroupedSolveIsRidge scales the inputs of each group, which turns its ridge weight into a
// common one.
func TestGroupedSolveIsRidge(t *testing.T) {
	x, y := groupedRows(60, 2, 1, 1, 1, 1)
	lambda := []float64{2, 30, 500}
	got := gramOf(x, y).Grouped(threeGroups).Solve(0, lambda)
	scaled := New(9, 1)
	for i := range x {
		row := make([]float64, 9)
		for g, group := range threeGroups {
			for j := group.From; j < group.To; j++ {
				row[j] = x[i][j] / math.Sqrt(lambda[g])
			}
		}
		scaled.Add(row, y[i])
	}
	want := scaled.Solve(1)[0]
	for g, group := range threeGroups {
		for j := group.From; j < group.To; j++ {
			if w := want.Weights[j] / math.Sqrt(lambda[g]); math.Abs(got.Weights[j]-w) > 1e-9 {
				t.Errorf("weight %d is %v, want %v", j, got.Weights[j], w)
			}
		}
	}
	if math.Abs(got.Intercept-want.Intercept) > 1e-9 {
		t.Errorf("the intercept is %v, want %v", got.Intercept, want.Intercept)
	}
}

// TestWeightsMaximise expects no better evidence on either side of the weights that were found.
func TestWeightsMaximise(t *testing.T) {
	x, y := groupedRows(300, 3, 1, 0.5, 0.1, 0)
	q := gramOf(x, y).Grouped(threeGroups)
	found := q.Weights(0, nil)
	best := q.Evidence(0, found)
	for g := range found {
		for _, factor := range []float64{0.2, 0.7, 1.4, 5} {
			other := append([]float64(nil), found...)
			if other[g] *= factor; q.Evidence(0, other) > best+1e-3 {
				t.Errorf("group %d: the evidence at %v is %v, at %v %v", g, found, best, other, q.Evidence(0, other))
			}
		}
	}
}

// TestWeightsFindTheTruth simulates targets whose weights have a known variance in each group.
// A group without influence must predict nothing.
func TestWeightsFindTheTruth(t *testing.T) {
	const trials = 40
	useful, useless := 0.0, 0
	for seed := range uint64(trials) {
		x, y := groupedRows(400, 100+seed, 1, 0.3, 0, 0.3)
		q := gramOf(x, y).Grouped(threeGroups)
		lambda := q.Weights(0, nil)
		useful += math.Log(lambda[0]) / trials // the truth is 1/0.3^2
		l := q.Solve(0, lambda)
		if largest := max(math.Abs(l.Weights[4]), math.Abs(l.Weights[5]), math.Abs(l.Weights[6])); largest < 0.02 {
			useless++
		}
	}
	if got := math.Exp(useful); got < 6 || got > 20 {
		t.Errorf("the ridge weight of a useful group is %v on average, want about 11", got)
	}
	if useless < trials/2 {
		t.Errorf("in %d of %d simulations a useless group predicts nothing, want more than half", useless, trials)
	}
}

func TestWeightsOfNothing(t *testing.T) {
	x, y := groupedRows(30, 5, 1, 0, 0, 0)
	for i := range y {
		y[i] = 2
	}
	q := gramOf(x, y).Grouped(threeGroups)
	l := q.Solve(0, q.Weights(0, nil))
	if got := l.At(x[3]); math.Abs(got-2) > 1e-9 {
		t.Errorf("a constant target is predicted as %v", got)
	}
}
