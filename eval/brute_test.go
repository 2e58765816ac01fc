package eval

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawCase draws up to maxN outcomes and scores, with many ties and equal qualities.
func drawCase(t *rapid.T, maxN int) (Outcomes, []float64) {
	n := rapid.IntRange(1, maxN).Draw(t, "n")
	value := rapid.IntRange(0, 4)
	var o Outcomes
	scores := make([]float64, n)
	for i := range scores {
		o.Strong = append(o.Strong, float64(value.Draw(t, "strong"))/4)
		o.Weak = append(o.Weak, float64(value.Draw(t, "weak"))/4)
		scores[i] = float64(rapid.IntRange(-3, 3).Draw(t, "score"))
	}
	return o, scores
}

// close9 fails the test unless got is within 1e-9 of want, or both are NaN.
func close9(t *rapid.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9 {
		t.Fatalf("%s = %v, want %v", what, got, want)
	}
}

// TestCurveIsEveryThreshold compares each vertex with routing at its threshold.
func TestCurveIsEveryThreshold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, scores := drawCase(t, 12)
		c, err := NewCurve(o, scores)
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(scores)
		slices.Sort(want)
		want = slices.Compact(want)
		if len(c.Vertices) != len(want)+1 {
			t.Fatalf("%d vertices, want %d: one per distinct score and the start", len(c.Vertices), len(want)+1)
		}
		for i, v := range c.Vertices {
			if i > 0 && v.Threshold != want[len(want)-i] {
				t.Fatalf("threshold %d is %v, want %v", i, v.Threshold, want[len(want)-i])
			}
			strong, quality := 0.0, 0.0
			for j, s := range scores {
				if s >= v.Threshold {
					strong, quality = strong+1, quality+o.Strong[j]
				} else {
					quality += o.Weak[j]
				}
			}
			n := float64(len(scores))
			close9(t, "strong fraction", v.StrongFraction, strong/n)
			close9(t, "quality", v.Quality, quality/n)
		}
	})
}

// permutations calls f with every order of 0, ..., n-1.
func permutations(n int, f func([]int)) {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	var walk func(int)
	walk = func(k int) {
		if k == n {
			f(p)
			return
		}
		for i := k; i < n; i++ {
			p[k], p[i] = p[i], p[k]
			walk(k + 1)
			p[k], p[i] = p[i], p[k]
		}
	}
	walk(0)
}

// apgrOf returns the APGR of one order without ties by definition: the mean PGR at the middles
// of the n segments.
func apgrOf(g []float64, order []int) float64 {
	total, gain, area := sum(g), 0.0, 0.0
	for _, i := range order {
		area += (gain + g[i]/2) / total
		gain += g[i]
	}
	return area / float64(len(g))
}

// TestAPGRIsExpectationOverTies compares APGR with the mean of the definition over every way
// to break the ties, and the oracle's APGR with the largest of all orders.
func TestAPGRIsExpectationOverTies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, scores := drawCase(t, 6)
		g := o.Gains()
		if sum(g) <= 0 {
			t.Skip("no gap")
		}
		c, err := NewCurve(o, scores)
		if err != nil {
			t.Fatal(err)
		}
		expected, count, best := 0.0, 0.0, math.Inf(-1)
		permutations(len(g), func(p []int) {
			a := apgrOf(g, p)
			best = max(best, a)
			if slices.IsSortedFunc(p, func(i, j int) int { return int(scores[j] - scores[i]) }) {
				expected, count = expected+a, count+1
			}
		})
		close9(t, "APGR", c.APGR(), expected/count)
		oracle, err := NewCurve(o, OracleScores(o))
		if err != nil {
			t.Fatal(err)
		}
		close9(t, "oracle", oracle.APGR(), best)
		close9(t, "AUC", c.AUC(), c.Weak+c.APGR()*(c.Strong-c.Weak))
		close9(t, "area over random", c.AreaOverRandom(), c.AUC()-(c.Strong+c.Weak)/2)
	})
}

// TestRandomMoments compares the closed forms with the mean and variance of APGR over every
// order.
func TestRandomMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, _ := drawCase(t, 6)
		g := o.Gains()
		if sum(g) == 0 {
			t.Skip("no gap")
		}
		mean, square, count := 0.0, 0.0, 0.0
		permutations(len(g), func(p []int) {
			a := apgrOf(g, p)
			mean, square, count = mean+a, square+a*a, count+1
		})
		mean /= count
		close9(t, "mean", mean, 0.5)
		close9(t, "variance", math.Pow(NewRandom(o).APGRSD, 2), square/count-mean*mean)
	})
}

// TestRandomClusterMoments does the same for every order of whole clusters, whose samples
// have equal scores.
func TestRandomClusterMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, _ := drawCase(t, 8)
		if sum(o.Gains()) == 0 {
			t.Skip("no gap")
		}
		names := make([]string, o.N())
		for i := range names {
			names[i] = string(rune('a' + rapid.IntRange(0, 3).Draw(t, "cluster")))
		}
		ids := ClusterIDs(names)
		mean, square, count := 0.0, 0.0, 0.0
		permutations(slices.Max(ids)+1, func(p []int) {
			scores := make([]float64, len(ids))
			for i, c := range ids {
				scores[i] = float64(p[c])
			}
			curve, err := NewCurve(o, scores)
			if err != nil {
				t.Fatal(err)
			}
			a := curve.APGR()
			mean, square, count = mean+a, square+a*a, count+1
		})
		mean /= count
		sd, err := RandomClusterSD(o, ids)
		if err != nil {
			t.Fatal(err)
		}
		close9(t, "mean", mean, 0.5)
		close9(t, "variance", sd*sd, square/count-mean*mean)
	})
}

// TestCPTAgainstScan compares CPT with a scan of the curve in small steps, and its hull with
// the best mixture of any two vertices.
func TestCPTAgainstScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, scores := drawCase(t, 10)
		if sum(o.Gains()) <= 0 {
			t.Skip("no gap")
		}
		c, err := NewCurve(o, scores)
		if err != nil {
			t.Fatal(err)
		}
		percent := float64(rapid.IntRange(1, 99).Draw(t, "percent"))
		target := c.Weak + percent/100*(c.Strong-c.Weak)
		got := c.CPT(percent)
		if q := c.QualityAt(got.Value); math.Abs(q-target) > 1e-9 {
			t.Fatalf("quality at CPT(%v) = %v, want %v", percent, q, target)
		}
		for f := 0.0; f < got.Value-1e-9; f += 1e-3 {
			if c.QualityAt(f) > target+1e-9 {
				t.Fatalf("quality at %v is already above the target, before the CPT of %v", f, got.Value)
			}
		}
		close9(t, "FractionFor", c.FractionFor(target-1e-13), got.Value)
		close9(t, "hull", got.Hull, bestMixture(c.Vertices, target))
		if got.Crossings%2 != 1 {
			t.Fatalf("%d crossings, want an odd number from below to above", got.Crossings)
		}
	})
}

// bestMixture returns the smallest strong fraction of all mixtures of two vertices that have
// the given quality.
func bestMixture(v []Vertex, quality float64) float64 {
	best := math.Inf(1)
	for _, a := range v {
		for _, b := range v {
			if a.Quality <= quality && b.Quality >= quality && a.Quality < b.Quality {
				w := (quality - a.Quality) / (b.Quality - a.Quality)
				best = min(best, a.StrongFraction+w*(b.StrongFraction-a.StrongFraction))
			}
		}
	}
	return best
}

// TestCalibrateAgainstSort compares the selection from a stream with a sorted slice.
func TestCalibrateAgainstSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool := rapid.SliceOfN(rapid.Float64Range(-10, 10), 1, 20).Draw(t, "pool")
		scores := rapid.SliceOfN(rapid.SampledFrom(append(pool, 0, math.Copysign(0, -1))), 1, 200).Draw(t, "scores")
		p := rapid.Float64Range(0, 1).Draw(t, "fraction")
		stream := func(yield func([]float64) error) error {
			for b := range slices.Chunk(scores, 7) {
				if err := yield(b); err != nil {
					return err
				}
			}
			return nil
		}
		got, err := Calibrate(stream, []float64{p, 0, 1})
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Clone(scores)
		slices.Sort(sorted)
		slices.Reverse(sorted)
		for _, c := range got {
			k := int(math.Round(c.Fraction * float64(len(sorted))))
			want := math.Inf(1)
			if k > 0 {
				want = sorted[k-1]
			}
			share, n, err := FractionAbove(stream, want)
			if err != nil || c.Threshold != want || c.K != int64(k) || c.N != n || c.Observed() != share {
				t.Fatalf("%+v, want threshold %v, k %d, n %d, share %v, error %v", c, want, k, n, share, err)
			}
			if f := c.Future(0.95); f.Lo > c.Observed() || f.Hi < float64(c.K)/float64(n+1) {
				t.Fatalf("interval %v does not hold the observed strong fraction %v", f, c.Observed())
			}
		}
	})
}
