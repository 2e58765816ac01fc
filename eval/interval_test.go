package eval

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/internal/slicesx"
)

func TestPercentile(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	count := func(n int, more ...float64) []float64 { // n, ..., 1, then more
		var v []float64
		for i := n; i > 0; i-- {
			v = append(v, float64(i))
		}
		return append(v, more...)
	}
	for name, c := range map[string]struct {
		values []float64
		level  float64
		want   Interval
	}{
		"two tails":            {count(199), 0.95, Interval{5, 195, 0}},
		"another level":        {count(199), 0.9, Interval{10, 190, 0}},
		"2,000":                {count(2000), 0.95, Interval{50, 1951, 0}},
		"too few":              {count(38), 0.95, Interval{nan, nan, 0}},
		"just enough":          {count(39), 0.95, Interval{1, 39, 0}},
		"NaN in both tails":    {count(197, nan, nan), 0.95, Interval{3, 195, 2. / 199}},
		"too many NaN":         {count(194, nan, nan, nan, nan, nan), 0.95, Interval{nan, nan, 5. / 199}},
		"infinite upper tail":  {count(195, inf, inf, inf, inf), 0.95, Interval{5, 195, 4. / 199}},
		"infinite upper end":   {count(194, inf, inf, inf, inf, inf), 0.95, Interval{5, inf, 5. / 199}},
		"NaN and infinite":     {count(194, nan, nan, inf, inf, inf), 0.95, Interval{3, inf, 5. / 199}},
		"never reached at all": {[]float64{inf, inf, inf}, 0.5, Interval{inf, inf, 1}},
		"none":                 {nil, 0.95, Interval{nan, nan, nan}},
	} {
		got := Percentile(c.values, c.level)
		for i, p := range [][2]float64{{got.Lo, c.want.Lo}, {got.Hi, c.want.Hi}, {got.Missing, c.want.Missing}} {
			if p[0] != p[1] && !(math.IsNaN(p[0]) && math.IsNaN(p[1])) {
				t.Errorf("%s: field %d of %+v, want %+v", name, i, got, c.want)
			}
		}
	}
	for level, want := range map[float64]int{0.95: 39, 0.9: 19, 0.99: 199, 0.5: 3} {
		if got := MinResamples(level); got != want {
			t.Errorf("MinResamples(%v) = %d, want %d", level, got, want)
		}
		if i := Percentile(count(want), level); math.IsNaN(i.Lo) {
			t.Errorf("%d resamples give no interval at a confidence of %v", want, level)
		}
	}
	near(t, "z", NormalQuantile(0.95), 1.959963984540054)
	if got := StudentQuantile(0.95, 9); math.Abs(got-2.306004135204166) > 1e-9 {
		t.Errorf("t = %v", got)
	}
	if got := StudentQuantile(0.95, 1); !math.IsNaN(got) {
		t.Errorf("t of one cluster = %v", got)
	}
}

// TestInfluenceIsDerivative compares with the definition: the derivative of APGR with respect
// to the weight of a sample. The cases include ties.
func TestInfluenceIsDerivative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, scores := drawCase(t, 10)
		if sum(o.Gains()) <= 0 {
			t.Skip("no gap")
		}
		got, err := Influence(o, scores)
		if err != nil {
			t.Fatal(err)
		}
		const many = 20000 // copies of each sample
		for j := range got {
			up, down := heavier(o, scores, j, many, 1), heavier(o, scores, j, many, -1)
			want := (up - down) / 2 * float64(o.N()*many)
			if math.Abs(got[j]-want) > 1e-4*(1+math.Abs(want)) {
				t.Fatalf("influence of sample %d is %v, want %v", j, got[j], want)
			}
		}
		if s := sum(got); math.Abs(s) > 1e-9 {
			t.Fatalf("the influences add up to %v, want 0", s)
		}
	})
}

// heavier returns the APGR if each sample counts many times and sample j extra times more.
func heavier(o Outcomes, scores []float64, j, many, extra int) float64 {
	cluster := make([]int, o.N())
	weight := make([]int32, o.N())
	for i := range cluster {
		cluster[i], weight[i] = i, int32(many)
	}
	weight[j] += int32(extra)
	t, err := newTrack(o, cluster, scores)
	if err != nil {
		panic(err)
	}
	m, _ := meansOf(newSums(o, cluster), weight)
	out := Points{}.replicates(1)
	read(newReader(Points{}), out, 0, t, weight, m)
	return out.APGR[0]
}

// TestClusterSEMatchesBootstrapAndJackknife compares the standard error with those of the
// bootstrap and the jackknife.
func TestClusterSEMatchesBootstrapAndJackknife(t *testing.T) {
	const n = 1500
	o, scores := synthetic(n)
	rng := rand.New(rand.NewPCG(7, 8))
	names := make([]int, n)
	for i := range scores {
		scores[i] = math.Round(8*scores[i]) / 8 // ties
		names[i] = i / (1 + rng.IntN(4))
	}
	cluster := ClusterIDs(names)
	influence, err := Influence(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	se := ClusterSE(influence, cluster)
	all, err := Bootstrap{Resamples: 4000, Confidence: 0.95, Seed: 1}.Resample(o, cluster, [][]float64{scores}, Points{})
	if err != nil {
		t.Fatal(err)
	}
	for what, other := range map[string]float64{
		"bootstrap": math.Sqrt(squaredDeviations(all[0].APGR) / 3999), "jackknife": jackknifeSE(o, scores, cluster),
	} {
		if math.Abs(other/se-1) > 0.05 {
			t.Errorf("%s standard error %.5f, want about %.5f", what, other, se)
		}
	}
	if got := ClusterSE(influence[:2], []int{0, 0}); !math.IsNaN(got) {
		t.Errorf("standard error of one cluster is %v, want NaN", got)
	}
}

// jackknifeSE returns the standard error of APGR from leaving out one cluster at a time.
func jackknifeSE(o Outcomes, scores []float64, cluster []int) float64 {
	var without []float64
	for c := range newSums(o, cluster).size {
		var index []int
		for i, id := range cluster {
			if id != c {
				index = append(index, i)
			}
		}
		curve, err := NewCurve(o.Select(index), slicesx.Pick(scores, index))
		if err != nil {
			panic(err)
		}
		without = append(without, curve.APGR())
	}
	count := float64(len(without))
	return math.Sqrt((count - 1) / count * squaredDeviations(without))
}

func TestInfluenceErrors(t *testing.T) {
	for _, o := range []Outcomes{
		{Strong: []float64{1, 0}, Weak: []float64{0, 1}}, {Strong: []float64{0, 0}, Weak: []float64{0, 1}}, {Strong: []float64{1}, Weak: []float64{0}},
	} {
		if got, err := Influence(o, []float64{2, 1}); err == nil {
			t.Errorf("Influence returns %v, want an error: there is no gap, or one score too many", got)
		}
	}
}

func TestSimultaneousBand(t *testing.T) {
	// In every resample the deviation at the first point is twice the one at the last.
	var draws [3][]float64
	for b := range 99 {
		v := float64(b + 1)
		draws[0], draws[1] = append(draws[0], 5+v), append(draws[1], 7)
		draws[2] = append(draws[2], 9-v/2)
	}
	lo, hi := SimultaneousBand([]float64{5, 7, 9}, draws[:], 0.9)
	near(t, "half width", hi[0]-5, 90) // the 90th of 99
	near(t, "half width", 5-lo[0], 90)
	near(t, "no width", hi[1]-lo[1], 0)
	near(t, "half width", hi[2]-9, 45)
}

func TestEffectiveClusters(t *testing.T) {
	near(t, "alone", EffectiveClusters([]int{0, 1, 2, 3}), 4)
	near(t, "one", EffectiveClusters([]int{0, 0, 0}), 1)
	near(t, "uneven", EffectiveClusters([]int{0, 0, 0, 1}), 1.6)
	if !(Outcomes{Strong: []float64{1, 0}, Weak: []float64{1, 0}}).ConstantGain() || (Outcomes{Strong: []float64{1, 0}, Weak: []float64{0, 0}}).ConstantGain() {
		t.Error("ConstantGain must report true for gains 0, 0 and false for gains 1, 0")
	}
}
