package moved_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/eval/pool/moved"
)

// fataler stands for both *testing.T and *rapid.T in helpers.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// routed are prompts with outcomes and predictions, of which a summary knows the sums alone.
type routed struct {
	pool.Outcomes
	pool.Predictions
	buckets []int
}

// outcomes returns the outcomes with the buckets as clusters.
func (x routed) outcomes() pool.Outcomes {
	o := x.Outcomes
	o.Cluster = x.buckets
	return o
}

// drawRouted draws prompts with ties, equal predictions, costs of 0, and weights or none. Sums of their
// qualities, costs and weights have no rounding: where a path comes back to its highest cost, the last
// digit would decide which of two places counts.
func drawRouted(t *rapid.T) routed {
	n, models := rapid.IntRange(1, 80).Draw(t, "n"), rapid.IntRange(2, 6).Draw(t, "models")
	coarse, weighted, fixed := rapid.Bool().Draw(t, "coarse"), rapid.Bool().Draw(t, "weighted"), rapid.Bool().Draw(t, "fixed costs")
	x := routed{Outcomes: pool.Outcomes{Quality: pool.NewMatrix(n, models), Cost: pool.NewMatrix(n, models)}}
	rows := n
	if fixed {
		rows = 1
	}
	x.Predictions = pool.Predictions{Quality: pool.NewMatrix(n, models), Cost: pool.NewMatrix(rows, models)}
	number := func(label string) float64 {
		if coarse {
			return float64(rapid.IntRange(0, 10).Draw(t, label)) / 10
		}
		return float64(rapid.IntRange(0, 1e6).Draw(t, label)) / 1e6 // no cost so small that a lambda overflows
	}
	for i := range n {
		for m := range models {
			x.Outcomes.Quality.Row(i)[m] = math.Round(2*number("quality")) / 2
			x.Outcomes.Cost.Row(i)[m] = math.Round(64*number("cost")) / 64 * float64(m)
			x.Predictions.Quality.Row(i)[m] = number("predicted")
		}
		if weighted {
			x.Weight = append(x.Weight, float64(rapid.IntRange(1, 16).Draw(t, "weight"))/4)
		}
		x.buckets = append(x.buckets, rapid.IntRange(0, 4).Draw(t, "bucket"))
	}
	for i := range x.Predictions.Cost.Values {
		x.Predictions.Cost.Values[i] = number("predicted cost") / 100
	}
	return x
}

// summary sums up the moves in bins, each of the lambdas for which of returns the same; nil stands for
// one bin per lambda.
func (x routed) summary(t fataler, of func(lambda float64) float64, bucketed bool) *moved.Summary {
	t.Helper()
	if of == nil {
		of = func(lambda float64) float64 { return lambda }
	}
	s := moved.Summary{Bucketed: bucketed}
	bins := map[float64]int32{}
	for i, bucket := range x.buckets {
		if !bucketed {
			bucket = 0
		}
		w := 1.0
		if x.Weight != nil {
			w = x.Weight[i]
		}
		one, predicted := x.one(i)
		path, err := pool.NewPath(one, predicted, 0)
		if err != nil {
			t.Fatalf("path: %v", err)
		}
		lambdas := make([]float64, len(path.Vertices))
		for k, v := range path.Vertices {
			lambdas[k] = v.Lambda
		}
		calls := predicted.Calls(lambdas, nil)
		q, c := one.Quality.Row(0), one.Cost.Row(0)
		scaled := func(values []float64) []float64 {
			out := slices.Clone(values)
			for k := range out {
				out[k] *= w
			}
			return out
		}
		v := path.Vertices[0]
		s.Starts = append(s.Starts, moved.Start{Bucket: int32(bucket), Rows: 1, N: w, Quality: w * v.Quality, Cost: w * v.Cost,
			Chosen: scaled(calls.Row(0)), ModelQuality: scaled(q), ModelCost: scaled(c)})
		for k := 1; k < len(path.Vertices); k++ {
			a, z := path.Vertices[k-1], path.Vertices[k]
			bin, known := bins[of(z.Lambda)]
			if !known {
				bin = int32(len(bins))
				bins[of(z.Lambda)] = bin
			}
			change := scaled(calls.Row(k))
			for m, was := range scaled(calls.Row(k - 1)) {
				change[m] -= was
			}
			dq, dc := w*(z.Quality-a.Quality), w*(z.Cost-a.Cost)
			s.Cells = append(s.Cells, moved.Cell{Bin: bin, Bucket: int32(bucket), Min: z.Lambda, Max: z.Lambda, N: w,
				Quality: dq, Cost: dc, QualityLoss: min(0, dq), CostLoss: min(0, dc), Chosen: change})
		}
	}
	out, err := moved.New(s)
	if err != nil {
		t.Fatalf("summary: %v", err)
	}
	return out
}

// one returns prompt i alone.
func (x routed) one(i int) (pool.Outcomes, pool.Predictions) {
	o := x.Outcomes
	o.Weight = nil
	return o.Pick([]int{i}), x.Predictions.Pick([]int{i})
}

var shares = []float64{0.5, 0.9, 0.95, 1}

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*max(1, math.Abs(b))
}

// doubling cuts lambda into so many bins from one power of two to the next.
func doubling(parts float64) func(float64) float64 {
	return func(lambda float64) float64 {
		fraction, exponent := math.Frexp(lambda)
		return float64(exponent) + math.Floor((fraction-0.5)*2*parts)/parts
	}
}

func TestOneLambdaPerBinIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawRouted(t)
		s := x.summary(t, nil, rapid.Bool().Draw(t, "bucketed"))
		want, err := pool.NewPath(x.Outcomes, x.Predictions, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := s.Path()
		if !s.Exact() || len(got.Vertices) != len(want.Vertices) {
			t.Fatalf("exact %v with %d vertices, want %d", s.Exact(), len(got.Vertices), len(want.Vertices))
		}
		at, lambdas := make([]int, len(got.Vertices)), make([]float64, len(got.Vertices))
		for k, g := range got.Vertices {
			w := want.Vertices[k]
			at[k], lambdas[k] = k, w.Lambda
			if g.Lambda != w.Lambda || !near(g.Cost, w.Cost) || !near(g.Quality, w.Quality) {
				t.Fatalf("vertex %d: %v, want %v", k, g, w)
			}
		}
		calls := x.Predictions.Calls(lambdas, x.Weight)
		for k, share := range s.Calls(at).Values {
			if s.Models() > 2 && !near(share, calls.Values[k]) { // of two, Calls takes close lambdas for one
				t.Fatalf("share %d: %v, want %v", k, share, calls.Values[k])
			}
		}
		check(t, x, s, true)
	})
}

func TestWideBinsBoundTheMetrics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawRouted(t)
		check(t, x, x.summary(t, doubling(float64(rapid.IntRange(1, 40).Draw(t, "parts"))), rapid.Bool().Draw(t, "bucketed")), false)
	})
}

// check compares the metrics of a summary with those of the prompts.
func check(t *rapid.T, x routed, s *moved.Summary, exact bool) {
	t.Helper()
	path, err := pool.NewPath(x.Outcomes, x.Predictions, 0)
	if err != nil {
		t.Fatal(err)
	}
	c := pool.NewConstants(x.Outcomes, nil)
	r := c.Range()
	if rapid.Bool().Draw(t, "own range") {
		r = pool.Range{Lo: float64(rapid.IntRange(0, 5).Draw(t, "lo")) / 10, Hi: rapid.Float64Range(0.6, 5).Draw(t, "hi")}
	}
	if !(r.Hi-r.Lo > 1e-6) { // differences of rounding would count
		return
	}
	want, got := path.Measure(c, r, shares), s.Measure(r, shares)
	one := func(name string, lo, value, hi, want float64) {
		t.Helper()
		const slack = 1e-6 // areas over the shortest range
		inside := lo-slack <= want && want <= hi+slack || math.IsNaN(want) && (math.IsInf(hi, 1) || math.IsNaN(value))
		if !inside || exact && !(math.Abs(value-want) <= slack || math.IsNaN(value) && math.IsNaN(want)) {
			t.Fatalf("%s: %v in %v to %v, want %v", name, value, lo, hi, want)
		}
		if value < lo || value > hi {
			t.Fatalf("%s: value %v outside %v to %v", name, value, lo, hi)
		}
	}
	one("area", got.Area.Lo, got.Area.Value, got.Area.Hi, want.Area)
	one("log area", got.LogArea.Lo, got.LogArea.Value, got.LogArea.Hi, want.LogArea)
	one("lift", got.Lift.Lo, got.Lift.Value, got.Lift.Hi, want.Lift)
	one("log lift", got.LogLift.Lo, got.LogLift.Value, got.LogLift.Hi, want.LogLift)
	one("share", got.Share.Lo, got.Share.Value, got.Share.Hi, want.Share)
	for k, v := range got.CostFor {
		one("cost for", v.Lo, v.Value, v.Hi, want.CostFor[k])
	}
}

func TestIntervalsOfBucketsAreThoseOfClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawRouted(t)
		s := x.summary(t, nil, true)
		want := evaluate(t, x.outcomesNumbered(), func(o pool.Outcomes) (*pool.Sweep, error) { return pool.NewSweep(o, x.Predictions, 0) })
		got := evaluate(t, s.Outcomes(), func(pool.Outcomes) (*pool.Sweep, error) { return s.Sweep() })
		a, b := got.Replicates.Routers[0], want.Replicates.Routers[0]
		for i := range a.Area {
			if !near(got.Replicates.Quality[0][i], want.Replicates.Quality[0][i]) {
				t.Fatalf("resample %d: quality %v, want %v", i, got.Replicates.Quality[0][i], want.Replicates.Quality[0][i])
			}
			if math.Abs(a.Area[i]-b.Area[i]) > 1e-6 {
				t.Fatalf("resample %d: area %v, want %v", i, a.Area[i], b.Area[i])
			}
		}
	})
}

// outcomesNumbered returns the outcomes with buckets as clusters, which are numbered from 0.
func (x routed) outcomesNumbered() pool.Outcomes {
	o := x.outcomes()
	distinct := slices.Sorted(slices.Values(o.Cluster))
	distinct = slices.Compact(distinct)
	o.Cluster = slices.Clone(o.Cluster)
	for i, b := range o.Cluster {
		o.Cluster[i], _ = slices.BinarySearch(distinct, b)
	}
	return o
}

func evaluate(t *rapid.T, o pool.Outcomes, sweep func(pool.Outcomes) (*pool.Sweep, error)) *pool.Evaluation {
	t.Helper()
	s, err := sweep(o)
	if err != nil {
		t.Fatal(err)
	}
	e, err := pool.Table{Outcomes: o, Routers: []pool.Router{s}, Range: pool.Range{Lo: 0.01, Hi: 1}, Shares: shares}.Evaluate(eval.Bootstrap{Resamples: 5, Seed: 3, Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	return e
}
