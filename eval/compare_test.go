package eval

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/internal/slicesx"
)

// singles returns the clusters of n independent samples: each has its own.
func singles(n int) []int {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i
	}
	return ids
}

// drawClusters draws the clusters of n samples, at most five, numbered without gaps.
func drawClusters(t *rapid.T, n int) []int {
	return ClusterIDs(rapid.SliceOfN(rapid.IntRange(0, 4), n, n).Draw(t, "clusters"))
}

// midRanks returns the rank of each score by definition: 1 plus the number of scores above it
// plus half the number of other scores equal to it.
func midRanks(scores []float64) []float64 {
	out := make([]float64, len(scores))
	for i, s := range scores {
		for _, other := range scores {
			switch {
			case other > s:
				out[i]++
			case other == s:
				out[i] += 0.5
			}
		}
		out[i] += 0.5
	}
	return out
}

// TestObservedAgainstDefinition compares the merged walk with the difference of two curves and
// of two influence functions.
func TestObservedAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, a := drawCase(t, 12)
		b := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 2, 3, 5}), o.N(), o.N()).Draw(t, "b")
		cluster := drawClusters(t, o.N())
		if sum(o.Gains()) <= 0 || slices.Max(cluster) == 0 {
			t.Skip("no gap, or one cluster")
		}
		got := duelOf(t, o, a, b, cluster, false).observed()
		curveA, _ := NewCurve(o, a)
		curveB, _ := NewCurve(o, b)
		close9(t, "difference", got.difference, curveA.APGR()-curveB.APGR())
		infA, _ := Influence(o, a)
		infB, _ := Influence(o, b)
		for i := range infA {
			infA[i] -= infB[i]
		}
		close9(t, "standard error", got.se, ClusterSE(infA, cluster))

		area := duelOf(t, o, a, b, cluster, true).observed()
		close9(t, "area", area.difference, curveA.AreaOverRandom()-curveB.AreaOverRandom())
	})
}

// duelOf returns the duel of two routers with scores a and b.
func duelOf(t interface{ Fatal(...any) }, o Outcomes, a, b []float64, cluster []int, area bool) *duel {
	x, err := newRanking(Scored{o, cluster, a})
	if err != nil {
		t.Fatal(err)
	}
	y, err := newRanking(Scored{o, cluster, b})
	if err != nil {
		t.Fatal(err)
	}
	return newDuel(x, y, newScaling(o, cluster, area))
}

// TestPermutedAgainstDefinition compares a permuted walk with the definition: it swaps
// mid-ranks one by one, breaks ties between the routers with the same coins, and measures both
// sides with the ranks as scores.
func TestPermutedAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, a := drawCase(t, 10)
		b := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 2, 3, 4, 5}), o.N(), o.N()).Draw(t, "b")
		cluster := drawClusters(t, o.N())
		if sum(o.Gains()) <= 0 || slices.Max(cluster) == 0 {
			t.Skip("no gap, or one cluster")
		}
		d := duelOf(t, o, a, b, cluster, false)
		w, c := newWalk(d), newCoins()
		c.seed(7, 11)
		got := w.permuted(&c)

		c.seed(7, 11)
		swap := make([]uint8, slices.Max(cluster)+1)
		for i := range swap {
			swap[i] = c.toss()
		}
		ranks := [2][]float64{midRanks(a), midRanks(b)}
		bFirst := map[float64]bool{}
		shared := slices.Clone(ranks[0])
		slices.Sort(shared)
		for _, r := range slices.Compact(shared) {
			if slices.Contains(ranks[1], r) {
				bFirst[r] = c.toss() == 1
			}
		}
		var sides [2][]float64
		for side := range sides {
			sides[side] = make([]float64, o.N())
			for i := range sides[side] {
				router := side ^ int(swap[cluster[i]])
				r := ranks[router][i]
				sides[side][i] = -r
				if bFirst[r] == (router == 1) {
					sides[side][i] += 0.1
				}
			}
		}
		want := duelOf(t, o, sides[0], sides[1], cluster, false).observed()
		close9(t, "difference", got.difference, want.difference)
		close9(t, "standard error", got.se, want.se)
	})
}

func TestCompareOnAnyNumberOfCores(t *testing.T) {
	o, a := synthetic(500)
	b := make([]float64, 500)
	for i := range b {
		b[i] = float64(i % 7)
	}
	compare := Comparer{Bootstrap: Bootstrap{Resamples: 99, Confidence: 0.95, Seed: 3}, Permutations: 99, Margin: 0.02}
	run := func() Comparison {
		c, err := compare.Compare(o, singles(500), [][]float64{a, b, make([]float64, 500)})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := run()
	runtime.GOMAXPROCS(4)
	four := run()
	if !slices.Equal(one.Pairs, four.Pairs) || len(one.Pairs) != 3 {
		t.Errorf("1 core: %+v\n4 cores: %+v", one.Pairs, four.Pairs)
	}
	if p := one.Pairs[0]; p.A != 0 || p.B != 1 || p.Verdict != Better || p.P != 0.01 || p.Holm != 0.03 {
		t.Errorf("router with skill against one without: %+v, want better with p = 0.01 and 0.03", p)
	}
	near(t, "random", one.Values[2], 0.5)
}

// TestSameRouter compares a router with itself on another scale, with and without ties.
func TestSameRouter(t *testing.T) {
	o, a := synthetic(300)
	tied := make([]float64, 300)
	for i := range tied {
		tied[i] = math.Round(3 * a[i])
	}
	for _, s := range [][]float64{a, tied} {
		other := slicesx.Pick(s, singles(300))
		for i := range other {
			other[i] = 100 + 3*other[i] // another scale, the same order
		}
		c, err := Comparer{Bootstrap: Bootstrap{Resamples: 100, Confidence: 0.95}, Permutations: 50, Margin: 0.02}.Compare(o, singles(300), [][]float64{s, other})
		if err != nil {
			t.Fatal(err)
		}
		if p := c.Pairs[0]; p.Value != 0 || p.SE != 0 || p.P != 1 || p.Verdict != Equivalent {
			t.Errorf("%+v, want no difference", p)
		}
	}
}

func TestCompareWithoutGap(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 0, 1, 0, 1, 0}, Weak: []float64{0, 1, 1, 0, 0, 1}}
	compare := Comparer{Bootstrap: Bootstrap{Resamples: 200, Confidence: 0.95}, Margin: 0.02}
	c, err := compare.Compare(o, singles(6), [][]float64{o.Gains(), make([]float64, 6)})
	if err != nil || !c.Area || !math.IsNaN(c.Pairs[0].P) || c.Pairs[0].Within {
		t.Fatalf("%+v, %v", c, err)
	}
	near(t, "area of the oracle", c.Values[0], 8.0/36)
	o.Strong, o.Weak = []float64{0, 0, 0, 0.1}, []float64{1, 1, 1, 1}
	if _, err := compare.Compare(o, singles(4), [][]float64{{1, 2, 3, 4}}); err == nil {
		t.Error("Compare accepts a weak model that is better than the strong one")
	}
}

func TestVerdicts(t *testing.T) {
	replicates := func(lo, hi float64) []float64 {
		out := make([]float64, 1000)
		for i := range out {
			out[i] = lo + (hi-lo)*float64(i)/999
		}
		return out
	}
	compare := Comparer{Bootstrap: Bootstrap{Confidence: 0.95}, Margin: 0.02}
	for _, c := range []struct {
		replicates  []float64
		area        bool
		adjusted    float64
		widening    float64
		alone, want Verdict
		within      bool
	}{
		{replicates(0.03, 0.05), false, 0.01, 1, Better, Better, false},
		{replicates(0.03, 0.05), false, 0.06, 1, Better, Inconclusive, false}, // not after adjustment
		{replicates(0.001, 0.01), false, 0.01, 1, Better, Better, true},
		{replicates(0.001, 0.01), false, 0.06, 1, Better, Equivalent, true},
		{replicates(0.001, 0.01), false, 0.06, 5, Better, Inconclusive, false},
		{replicates(-0.01, -0.001), false, 0.05, 1, Worse, Worse, true},
		{replicates(-0.01, 0.01), false, 0.5, 1, Equivalent, Equivalent, true},
		{replicates(-0.01, 0.01), false, 0.01, 1, Equivalent, Equivalent, true}, // better needs the interval too
		{replicates(-0.01, 0.01), false, 0.5, 3, Equivalent, Inconclusive, false},
		{replicates(-0.01, 0.01), true, 0.5, 1, Inconclusive, Inconclusive, false}, // the margin is in APGR, not in units of quality
		{replicates(-0.01, 0.03), false, 0.5, 1, Inconclusive, Inconclusive, false},
		{replicates(-0.0206, 0.0206), false, 0.5, 1, Equivalent, Equivalent, true}, // its 90 % interval is inside the margin
		{make([]float64, 3), false, 0.5, 1, Inconclusive, Inconclusive, false},     // too few for an interval
	} {
		d := Difference{Value: (c.replicates[0] + c.replicates[len(c.replicates)-1]) / 2}
		all := tests{[]Tested{{Value: d.Value, Adjusted: c.adjusted}}, []Support{{Clusters: 100, Effective: 100}}, c.widening}
		compare.judge(&d, c.replicates, c.area, all, 0)
		if d.Verdict != c.want || d.Alone != c.alone || d.Within != c.within {
			t.Errorf("%v to %v, p %v: %+v, want %s, alone %s, %v", c.replicates[0], c.replicates[len(c.replicates)-1], c.adjusted, d, c.want, c.alone, c.within)
		}
	}
	if got := DetectableSE(0.95); math.Abs(got-2.8016) > 1e-4 {
		t.Errorf("DetectableSE(0.95) = %v, want 2.8016", got)
	}
	if got := EquivalenceSE(0.95); math.Abs(got-2.9264) > 1e-4 {
		t.Errorf("EquivalenceSE(0.95) = %v, want 2.9264", got)
	}
}

func TestCompareEnds(t *testing.T) {
	o, a := synthetic(50)
	enough, calls := errors.New("enough"), 0
	compare := Comparer{Bootstrap: Bootstrap{Resamples: 50, Confidence: 0.95}, Progress: func(done, total int) error {
		if calls++; done != calls || total != 3 {
			t.Errorf("call %d of Progress reports %d of %d, want its own number of 3", calls, done, total)
		}
		if done == 2 {
			return enough
		}
		return nil
	}}
	if _, err := compare.Compare(o, singles(50), [][]float64{a, a, a}); !errors.Is(err, enough) || calls != 2 {
		t.Errorf("error %v after %d pairs, want %v after 2", err, calls, enough)
	}
}

func TestHolm(t *testing.T) {
	nan := math.NaN()
	got := Holm([]float64{0.04, 0.01, nan, 0.03, 0.6})
	want := []float64{0.09, 0.04, nan, 0.09, 0.6}
	for i := range want {
		if math.IsNaN(got[i]) != math.IsNaN(want[i]) || math.Abs(got[i]-want[i]) > 1e-12 {
			t.Errorf("Holm = %v, want %v", got, want)
			break
		}
	}
}

// TestTooFewClusters checks that five clusters show no difference even if all of them agree,
// however often their samples are copied, and that six do.
func TestTooFewClusters(t *testing.T) {
	for _, clusters := range []int{1, 5, 6} {
		var o Outcomes
		var cluster []int
		scores := make([][]float64, 2)
		for i := range 10 * clusters {
			gain := float64(i % 2)
			o.Strong, o.Weak = append(o.Strong, gain), append(o.Weak, 0)
			scores[0], scores[1] = append(scores[0], gain), append(scores[1], -gain)
			cluster = append(cluster, i/10)
		}
		c, err := Comparer{Bootstrap: Bootstrap{Resamples: 100, Confidence: 0.95}, Margin: 0.02}.Compare(o, cluster, scores)
		if err != nil {
			t.Fatal(err)
		}
		d := c.Pairs[0]
		if shown := d.Verdict == Better && d.Interval.Lo > 0; shown != (clusters == 6) || !shown && (d.Verdict != Inconclusive || !math.IsNaN(d.Interval.Lo)) {
			t.Errorf("%d clusters: %s, %+v", clusters, d.Verdict, d.Interval)
		}
	}
}
