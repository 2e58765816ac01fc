package logged

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval"
)

// simulate draws a log of n decisions whose scores are multiples of 1/steps, with a threshold of
// 0.7 in force and a share of exploration.
func simulate(r *rand.Rand, n, steps int, explore float64) Log {
	var l Log
	for i := range n {
		score := math.Floor(r.Float64()*float64(steps)) / float64(steps)
		greedy := score >= 0.7
		side, p := greedy, 1-explore/2
		if r.Float64() < explore {
			side = r.Float64() < 0.5
		}
		if side != greedy {
			p = explore / 2
		}
		y := math.Floor(4*(r.Float64()+0.3*score)) / 4
		if side {
			y++
		}
		l.Scores, l.Strong, l.Propensity = append(l.Scores, score), append(l.Strong, side), append(l.Propensity, p)
		l.Outcome, l.Cluster = append(l.Outcome, y), append(l.Cluster, i)
	}
	return l
}

// brute computes a value by the definitions: weights per decision, and one model per decision,
// fitted to the decisions of the other parts.
func brute(l Log, t float64) Value {
	n := float64(len(l.Scores))
	rank := func(s float64) float64 {
		above, tied := 0.0, 0.0
		for _, other := range l.Scores {
			above += b2f(other > s)
			tied += b2f(other == s)
		}
		return 1 - (2*above+tied)/n
	}
	model := func(i int, strong bool) float64 {
		var w, x, y []float64
		total, square, mx, my, all, level := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
		for j := range l.Scores {
			if l.Cluster[j]%folds == l.Cluster[i]%folds {
				continue
			}
			one := 1 / l.Propensity[j]
			all += one
			level += one * l.Outcome[j]
			if l.Strong[j] == strong {
				w, x, y = append(w, one), append(x, rank(l.Scores[j])), append(y, l.Outcome[j])
				total += one
				square += one * one
			}
		}
		line := level / all
		if len(w) > 0 {
			for j := range w {
				mx += w[j] * x[j] / total
				my += w[j] * y[j] / total
			}
			cov, spread := 0.0, ridge*square/(total*total)
			for j := range w {
				cov += w[j] * (x[j] - mx) * (y[j] - my) / total
				spread += w[j] * (x[j] - mx) * (x[j] - mx) / total
			}
			line = my + cov/spread*(rank(l.Scores[i])-mx)
		}
		return min(max(line, slices.Min(l.Outcome)), slices.Max(l.Outcome))
	}
	v := Value{Threshold: t}
	weights, squares, outcomes, modelled, residuals := 0.0, 0.0, 0.0, 0.0, 0.0
	for i := range l.Scores {
		asks := l.Scores[i] >= t
		v.StrongFraction += b2f(asks) / n
		modelled += model(i, asks) / n
		if l.Strong[i] != asks {
			continue
		}
		w := 1 / l.Propensity[i]
		weights += w
		squares += w * w
		outcomes += w * l.Outcome[i]
		residuals += w * (l.Outcome[i] - model(i, l.Strong[i]))
		v.Matched += 1 / n
		v.MaxWeight = max(v.MaxWeight, w)
		if l.Propensity[i] < 0.5 {
			v.Against++
		}
	}
	v.Estimates = Estimates{outcomes / n, outcomes / weights, modelled + residuals/n, modelled + residuals/weights}
	v.Effective = weights * weights / squares
	return v
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// same fails the test unless two values agree.
func same(t *testing.T, got, want Value) {
	t.Helper()
	near := func(what string, a, b float64) {
		t.Helper()
		if math.Abs(a-b) > 1e-9*(1+math.Abs(b)) {
			t.Errorf("threshold %v: %s %v, want %v", want.Threshold, what, a, b)
		}
	}
	for m := range Methods {
		near(m.String(), got.Estimates[m], want.Estimates[m])
	}
	near("strong fraction", got.StrongFraction, want.StrongFraction)
	near("effective", got.Effective, want.Effective)
	near("matched", got.Matched, want.Matched)
	near("largest weight", got.MaxWeight, want.MaxWeight)
	if got.Against != want.Against {
		t.Errorf("threshold %v: %d against the score, want %d", want.Threshold, got.Against, want.Against)
	}
}

// TestAgainstDefinition compares the fast curve with the definitions, written out slowly.
func TestAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		n, steps int
		explore  float64
	}{{60, 1000, 0.5}, {60, 7, 0.5}, {40, 3, 0.9}, {25, 1000, 0.3}} {
		l := simulate(r, c.n, c.steps, c.explore)
		e, err := New(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range e.Curve() {
			same(t, v, brute(l, v.Threshold))
			same(t, e.At(v.Threshold), brute(l, v.Threshold))
		}
		same(t, e.At(0.35), brute(l, 0.35))
		same(t, e.At(math.Inf(-1)), brute(l, math.Inf(-1)))
		last := e.Curve()[len(e.Curve())-1]
		if last.StrongFraction != 1 || e.Curve()[0].StrongFraction != 0 {
			t.Error("the curve does not go from never to always strong")
		}
	}
}

// TestAgainstNumPy compares estimates with a program in NumPy. Without NumPy it is skipped, or
// fails if the environment variable ROUTELLM_REQUIRE_PYTHON is 1.
func TestAgainstNumPy(t *testing.T) {
	if err := exec.Command("python3", "-c", "import numpy").Run(); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatal("ROUTELLM_REQUIRE_PYTHON is 1, but python3 cannot import numpy: ", err)
		}
		t.Skip("skipped: python3 cannot import numpy")
	}
	l := simulate(rand.New(rand.NewPCG(3, 4)), 2000, 300, 0.1)
	e, err := New(l)
	if err != nil {
		t.Fatal(err)
	}
	cuts := []float64{-1, 0.1, 0.35, 0.7, 0.9, 2}
	in := map[string]any{"s": l.Scores, "p": l.Propensity, "y": l.Outcome, "t": cuts}
	var sides, parts []int
	for i := range l.Scores {
		sides, parts = append(sides, int(b2f(l.Strong[i]))), append(parts, l.Cluster[i]%folds)
	}
	in["a"], in["fold"] = sides, parts
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("python3", "testdata/logged.py")
	c.Stdin, c.Stderr = bytes.NewReader(raw), os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.NewReader(out)
	for _, cut := range cuts {
		var want [5]float64
		for k := range want {
			if _, err := fmt.Fscan(lines, &want[k]); err != nil {
				t.Fatal(err)
			}
		}
		v := e.At(cut)
		for k, got := range append(slices.Clone(v.Estimates[:]), v.Effective) {
			if math.Abs(got-want[k]) > 1e-9*(1+math.Abs(want[k])) {
				t.Errorf("threshold %v, number %d: %v, NumPy has %v", cut, k, got, want[k])
			}
		}
	}
}

// TestUnbiased draws the sides of the same decisions many times. The mean estimate has to be the
// true value, the mean of the outcomes that the threshold's sides have.
func TestUnbiased(t *testing.T) {
	const n, runs, explore, cut = 60, 20_000, 0.2, 0.4
	r := rand.New(rand.NewPCG(5, 6))
	l := Log{Scores: make([]float64, n), Strong: make([]bool, n), Propensity: make([]float64, n), Outcome: make([]float64, n), Cluster: make([]int, n)}
	var outcomes [2][n]float64
	truth := 0.0
	for i := range n {
		l.Scores[i], l.Cluster[i] = r.Float64(), i
		outcomes[strong][i], outcomes[weak][i] = math.Round(r.Float64()+0.2), math.Round(r.Float64()*(1.2-l.Scores[i]))
		outcomes[strong][0], outcomes[weak][0], outcomes[strong][1], outcomes[weak][1] = 0, 0, 1, 1 // whatever is drawn
		truth += outcomes[sideOf(l.Scores[i] >= cut)][i] / n
	}
	var sum, squares Estimates
	for range runs {
		for i := range n {
			greedy := l.Scores[i] >= 0.7
			l.Strong[i], l.Propensity[i] = greedy, 1-explore/2
			if r.Float64() < explore/2 {
				l.Strong[i], l.Propensity[i] = !greedy, explore/2
			}
			l.Outcome[i] = outcomes[sideOf(l.Strong[i])][i]
		}
		e, err := New(l)
		if err != nil {
			t.Fatal(err)
		}
		for m, v := range e.At(cut).Estimates {
			sum[m] += v / runs
			squares[m] += v * v / runs
		}
	}
	for m := range Methods {
		se := math.Sqrt((squares[m] - sum[m]*sum[m]) / runs)
		bias := sum[m] - truth
		t.Logf("%s: bias %.5f, standard error %.5f, standard deviation %.4f", m, bias, se, se*math.Sqrt(runs))
		if exact := m == IPS || m == DR; exact && math.Abs(bias) > 4*se || math.Abs(bias) > 0.03 {
			t.Errorf("%s: mean %v, the truth is %v", m, sum[m], truth)
		}
	}
}

func sideOf(asks bool) int {
	if asks {
		return strong
	}
	return weak
}

// TestPlanning compares the formula of docs/serve-log.md with simulated differences between two
// thresholds: the standard error is s sqrt(2 f / (e n)).
func TestPlanning(t *testing.T) {
	const n, explore, runs, share = 2000, 0.1, 400, 0.3
	r := rand.New(rand.NewPCG(7, 8))
	sum, squares := 0.0, 0.0
	for range runs {
		l := simulate(r, n, 100_000, explore)
		for i := range l.Outcome { // outcomes with a deviation of 0.5, whatever the score
			l.Outcome[i] = math.Floor(2 * r.Float64())
		}
		e, err := New(l)
		if err != nil {
			t.Fatal(err)
		}
		d := e.At(0.2).Estimates[SNDR] - e.At(0.2 + share).Estimates[SNDR]
		sum += d / runs
		squares += d * d / runs
	}
	got, want := math.Sqrt(squares-sum*sum), 0.5*math.Sqrt(2*share/(explore*n))
	if math.Abs(got/want-1) > 0.15 {
		t.Errorf("standard error %v, the formula has %v", got, want)
	}
}

// TestResample holds that resamples do not depend on the number of cores, that they centre on the
// estimate, and that an error of the progress ends them.
func TestResample(t *testing.T) {
	e, err := New(simulate(rand.New(rand.NewPCG(9, 10)), 500, 50, 0.4))
	if err != nil {
		t.Fatal(err)
	}
	b := eval.Bootstrap{Resamples: 200, Confidence: 0.95, Seed: 3}
	cuts := []float64{0.2, math.Inf(1)}
	many, err := e.Resample(b, cuts)
	if err != nil {
		t.Fatal(err)
	}
	old := runtime.GOMAXPROCS(1)
	one, err := e.Resample(b, cuts)
	runtime.GOMAXPROCS(old)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(many) != fmt.Sprint(one) {
		t.Error("one core gives other resamples")
	}
	for j, cut := range cuts {
		for m := range Methods {
			i := eval.Percentile(many.Values[j][m], 0.9)
			if v := e.At(cut).Estimates[m]; !(i.Lo < v && v < i.Hi) {
				t.Errorf("threshold %v, %s: %v is outside %v", cut, m, v, i)
			}
		}
	}
	if v := e.Random(0.3)[IPS]; math.Abs(v-(0.7*e.At(math.Inf(1)).Estimates[IPS]+0.3*e.At(-1).Estimates[IPS])) > 1e-12 {
		t.Errorf("random: %v", v)
	}
	stop := fmt.Errorf("stop")
	b.Progress = func(int, int) error { return stop }
	if _, err := e.Resample(b, cuts); err != stop {
		t.Errorf("error %v, want that of the progress", err)
	}
	if _, err := e.Resample(eval.Bootstrap{}, cuts); err == nil {
		t.Error("no error for no resamples")
	}
}

// TestOneSided evaluates a log without a weak decision: never strong cannot be told.
func TestOneSided(t *testing.T) {
	l := Log{Scores: []float64{1, 2, 3}, Strong: []bool{true, true, true}, Propensity: []float64{0.5, 0.5, 0.5}, Outcome: []float64{1, 1, 0}, Cluster: []int{0, 1, 2}}
	e, err := New(l)
	if err != nil {
		t.Fatal(err)
	}
	v := e.At(math.Inf(1))
	for m := range Methods {
		if !math.IsNaN(v.Estimates[m]) {
			t.Errorf("%s of a threshold without logged decisions: %v", m, v.Estimates[m])
		}
	}
	if v.Effective != 0 || v.Matched != 0 || v.MaxWeight != 0 {
		t.Errorf("%+v", v)
	}
	if got := e.Quantile(0); !math.IsInf(got, 1) {
		t.Errorf("threshold for 0 %%: %v", got)
	}
	if e.Quantile(0.34) != 3 || e.Quantile(1) != 1 || e.N() != 3 || e.Clusters() != 3 {
		t.Error("thresholds for shares, or counts")
	}
}

func TestValidate(t *testing.T) {
	good := func() Log {
		return Log{Scores: []float64{1}, Strong: []bool{true}, Propensity: []float64{0.5}, Outcome: []float64{1}, Cluster: []int{0}}
	}
	if err := good().Validate(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Log){
		"one of each":   func(l *Log) { l.Strong = nil },
		"at least one":  func(l *Log) { *l = Log{} },
		"score NaN":     func(l *Log) { l.Scores[0] = math.NaN() },
		"outcome +Inf":  func(l *Log) { l.Outcome[0] = math.Inf(1) },
		"propensity 1:": func(l *Log) { l.Propensity[0] = 1 },
		"propensity 0:": func(l *Log) { l.Propensity[0] = 0 },
	} {
		l := good()
		spoil(&l)
		if _, err := New(l); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestWiden adds a variance to arms.
func TestWiden(t *testing.T) {
	z := eval.NormalQuantile(0.95)
	if got := Widen(eval.Interval{Lo: 7, Hi: 14}, 10, 16/(z*z), 0.95); math.Abs(got.Lo-5) > 1e-9 || math.Abs(got.Hi-(10+math.Sqrt(32))) > 1e-9 {
		t.Errorf("%v", got)
	}
	if got := Widen(eval.Interval{Lo: 11, Hi: 14}, 10, 1/(z*z), 0.95); got.Lo != 9 { // resamples missed the estimate
		t.Errorf("%v", got)
	}
	if got := Widen(eval.Interval{Lo: 7, Hi: 14}, 10, 0, 0.95); got.Lo != 7 || got.Hi != 14 {
		t.Errorf("%v", got)
	}
}
