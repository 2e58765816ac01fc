package agreement

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/routellm/routellm/eval"
)

var few = eval.Bootstrap{Resamples: 199, Confidence: 0.95, Seed: 1}

// alone puts every item into a cluster of its own.
func alone(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// TestKappaOfAKnownTable computes the kappa of a table by hand: 20, 5, 10 and 15 items give p_o =
// 0.7 and p_e = 0.5.
func TestKappaOfAKnownTable(t *testing.T) {
	var a, b []int
	for _, cell := range []struct{ a, b, n int }{{0, 0, 20}, {0, 1, 5}, {1, 0, 10}, {1, 1, 15}} {
		for range cell.n {
			a, b = append(a, cell.a), append(b, cell.b)
		}
	}
	got, err := Kappa(a, b, 2, alone(len(a)), few)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "kappa", got.Value, 0.4)
	if !(got.Lo < 0.4 && got.Hi > 0.4) {
		t.Errorf("interval %v", got.Interval)
	}
}

// slowKappa is the definition of weighted kappa over all pairs of items.
func slowKappa(x, y []float64, distance func(a, b float64) float64) float64 {
	observed, chance := 0.0, 0.0
	for i := range x {
		observed += distance(x[i], y[i]) / float64(len(x))
		for j := range y {
			chance += distance(x[i], y[j]) / float64(len(x)*len(y))
		}
	}
	return 1 - observed/chance
}

func TestKappasMatchTheirDefinitions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n, categories := 2+r.IntN(40), 2+r.IntN(5)
		a, b := make([]int, n), make([]int, n)
		x, y := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i] = r.IntN(categories)
			if b[i] = a[i]; r.IntN(2) == 0 {
				b[i] = r.IntN(categories)
			}
			x[i], y[i] = float64(a[i]), float64(b[i])
		}
		got, err := Kappa(a, b, categories, alone(n), few)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "kappa", got.Value, slowKappa(x, y, func(p, q float64) float64 {
			if p == q {
				return 0
			}
			return 1
		}))
		for i := range x {
			x[i] += r.Float64() / 10
		}
		if got, err = Quadratic(x, y, alone(n), few); err != nil {
			t.Fatal(err)
		}
		near(t, "quadratic", got.Value, slowKappa(x, y, func(p, q float64) float64 { return (p - q) * (p - q) }))
	}
}

// residuals returns what is left of y after regressions on the controls, by projecting on an
// orthogonal basis of them.
func residuals(y []float64, controls [][]float64) []float64 {
	dot := func(a, b []float64) (s float64) {
		for i := range a {
			s += a[i] * b[i]
		}
		return s
	}
	without := func(v []float64, basis [][]float64) []float64 {
		v = append([]float64(nil), v...)
		for range 2 { // twice is enough
			for _, u := range basis {
				f := dot(v, u) / dot(u, u)
				for i := range v {
					v[i] -= f * u[i]
				}
			}
		}
		return v
	}
	var basis [][]float64
	for _, c := range controls {
		if u := without(c, basis); dot(u, u) > 1e-9*dot(c, c) {
			basis = append(basis, u)
		}
	}
	return without(y, basis)
}

func TestPartialMatchesRegressions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		n := 8 + r.IntN(40)
		controls := [][]float64{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
		x, y := make([]float64, n), make([]float64, n)
		for i := range n {
			group := r.IntN(2)
			controls[group][i] = 1
			controls[2][i] = r.NormFloat64()
			controls[3][i] = 2*controls[2][i] + controls[0][i] // adds nothing
			x[i] = 3 + controls[2][i] + r.NormFloat64()
			y[i] = 5 + 0.5*x[i] - controls[2][i] + r.NormFloat64()
		}
		got := Partial(y, x, controls, alone(n), 0.95)
		u, v := residuals(x, controls), residuals(y, controls)
		xy, xx, yy := 0.0, 0.0, 0.0
		for i := range u {
			xy, xx, yy = xy+u[i]*v[i], xx+u[i]*u[i], yy+v[i]*v[i]
		}
		near(t, "correlation", got.Correlation.Value, xy/math.Sqrt(xx*yy))
		near(t, "slope", got.Slope.Value, xy/xx)
		one := make([]float64, n)
		for i := range one {
			one[i] = 1
		}
		plain, same := Correlation(x, y, alone(n), 0.95), Partial(y, x, [][]float64{one}, alone(n), 0.95)
		near(t, "without controls", plain.Value, same.Correlation.Value)
		near(t, "its lower end", plain.Lo, same.Correlation.Lo)
	}
}

// TestEdges holds what does not exist: nothing is 0 that is not known.
func TestEdges(t *testing.T) {
	ones := []float64{1, 1, 1, 1, 1, 1, 1, 1}
	rising := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	zeros := make([]int, len(ones))
	all := func(e Estimate, err error) Estimate {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for name, e := range map[string]Estimate{
		"no items":                 all(Kappa(nil, nil, 3, nil, few)),
		"no numbers":               all(Quadratic(nil, nil, nil, few)),
		"no correlation":           Correlation(nil, nil, nil, 0.95),
		"one category":             all(Kappa(zeros, zeros, 2, alone(8), few)),
		"equal numbers":            all(Quadratic(ones, ones, alone(8), few)),
		"one side without changes": Correlation(ones, rising, alone(8), 0.95),
	} {
		if !math.IsNaN(e.Value) || !math.IsNaN(e.Lo) || !math.IsNaN(e.Hi) {
			t.Errorf("%s: %v, want nothing", name, e)
		}
	}
	if e := all(Quadratic(rising, rising, alone(8), few)); e.Value != 1 || !(e.Lo > 0.5 && e.Lo < 0.7) || e.Hi != 1 {
		t.Errorf("perfect agreement of eight: %v, want a lower end of about 1 - 0.37", e)
	}
	if e := Correlation(rising, rising, alone(8), 0.95); e.Value != 1 || !math.IsNaN(e.Lo) {
		t.Errorf("perfect correlation: %v, want no interval", e)
	}
	if e := all(Quadratic(rising, ones, zeros, few)); e.Value != 0 || !math.IsNaN(e.Lo) {
		t.Errorf("one cluster: %v, want no interval", e)
	}
	d := Partial(rising, ones, [][]float64{ones}, alone(8), 0.95)
	if !math.IsNaN(d.Correlation.Value) || !math.IsNaN(d.Slope.Value) {
		t.Errorf("a number that the controls determine: %v", d)
	}
}

// TestJackknifeOfAMean compares with the standard error of a mean, which the jackknife reproduces.
func TestJackknifeOfAMean(t *testing.T) {
	x := []float64{1, 4, 2, 8, 5, 7, 3, 9}
	s := newSums(alone(len(x)), 2)
	mean, squares := 0.0, 0.0
	for i, v := range x {
		copy(s.row(i), []float64{1, v})
		mean += v / 8
	}
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	got := s.jackknife(1, func(total, out []float64) { out[0] = total[1] / total[0] }, 0.95)[0]
	near(t, "mean", got.Value, mean)
	near(t, "arm", got.Hi-mean, 2.3646242515927849*math.Sqrt(squares/7/8)) // Student's 97.5 % point with 7 degrees of freedom
}

// TestCores holds that the floats do not depend on the number of cores.
func TestCores(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	x, y := make([]float64, 300), make([]float64, 300)
	for i := range x {
		x[i] = r.NormFloat64()
		y[i] = x[i] + r.NormFloat64()
	}
	first := Estimate{}
	for cores := range 4 {
		before := runtime.GOMAXPROCS(cores + 1)
		got, err := Quadratic(x, y, alone(len(x)), few)
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		if cores > 0 && got != first {
			t.Errorf("%d cores: %v, want %v", cores+1, got, first)
		}
		first = got
	}
}
