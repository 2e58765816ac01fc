package eval

import (
	"math"
	"testing"
)

// support returns the support of independent samples with these gains.
func supportOf(gains ...float64) Support {
	o, cluster := Outcomes{Strong: gains, Weak: make([]float64, len(gains))}, make([]int, len(gains))
	for i := range cluster {
		cluster[i] = i
	}
	return NewSupport(o, cluster)
}

// repeat returns values of x, each so many times.
func repeat(times int, x ...float64) []float64 {
	var out []float64
	for range times {
		out = append(out, x...)
	}
	return out
}

func TestSupportEffective(t *testing.T) {
	near(t, "half and half", supportOf(repeat(20, 1, -1)...).Effective, 40)
	// 10 of 100 are 1: kurtosis (1 - 3 p q)/(p q).
	near(t, "one in ten", supportOf(append(repeat(10, 1), make([]float64, 90)...)...).Effective, 100*0.09/(1-0.27))
	if got := supportOf(1, 1, 1).Effective; !math.IsInf(got, 1) {
		t.Errorf("equal gains: %v, want +Inf", got)
	}
	// Two clusters of gains 1, 1 and -1, -1: deviations 2 and -2.
	o := Outcomes{Strong: []float64{1, 1, -1, -1}, Weak: make([]float64, 4)}
	near(t, "clusters", NewSupport(o, []int{0, 0, 1, 1}).Effective, 2)
}

func TestSupportTail(t *testing.T) {
	// The mean is 0 and the largest six are powers of e: Hill's estimate from the largest five
	// is 5/(1+2+3+4+5).
	var gains []float64
	for k := range 6 {
		gains = append(gains, math.Exp(float64(k)))
	}
	near(t, "gains", supportOf(append(gains, -sum(gains))...).Tail, 5./15)
	for i := range gains {
		gains[i] = -gains[i]
	}
	near(t, "losses", supportOf(append(gains, -sum(gains))...).Tail, 5./15)
	for name, s := range map[string]Support{
		"equal wins and losses": supportOf(repeat(50, 1, 0, 0, -1, 1)...),
		"five gains":            supportOf(1, 2, 4, 8, -15),
		"no losses":             supportOf(repeat(50, 0, 1)...),
	} {
		if !math.IsInf(s.Tail, 1) {
			t.Errorf("%s: tail index %v, want +Inf", name, s.Tail)
		}
	}
}

func TestSupportLevels(t *testing.T) {
	inf := math.Inf(1)
	// Student's distribution with 4 degrees of freedom: t = 2.7764, and P(|Z| < t) = 0.99450.
	const wide = 0.994503
	for name, c := range map[string]struct {
		s                     Support
		level, paired, banded float64 // -1 for none
	}{
		"many":                 {Support{100, 50, inf, false}, 0.95, 0.95, 0.95},
		"few for a band":       {Support{30, 50, inf, false}, 0.95, 0.95, -1},
		"few":                  {Support{29, 50, inf, false}, -1, 0.95, -1},
		"few observations":     {Support{39, 50, inf, true}, -1, 0.95, -1},
		"observations":         {Support{40, 50, inf, true}, 0.95, 0.95, 0.95},
		"few carry the gains":  {Support{100, 4, inf, false}, wide, wide, wide},
		"fewer":                {Support{100, 3.9, inf, false}, -1, -1, -1},
		"heavy tail":           {Support{100, 15, 1.3, false}, -1, 0.95, -1},
		"heavy for a band":     {Support{100, 39, 1.7, false}, 0.95, 0.95, -1},
		"heavy tail with many": {Support{100, 50, 1, false}, 0.95, 0.95, 0.95},
	} {
		for k, got := range []float64{c.s.Level(0.95), c.s.Paired(0.95), c.s.Band(0.95)} {
			want := []float64{c.level, c.paired, c.banded}[k]
			if want < 0 != math.IsNaN(got) || want >= 0 && math.Abs(got-want) > 1e-5 {
				t.Errorf("%s: level %d is %v, want %v", name, k, got, want)
			}
		}
	}
	if got := (Support{100, 20, inf, false}).Band(0.95); !(got > 0.95 && got < 0.97) {
		t.Errorf("a band on 20 effective clusters has the level %v, want a little more than 0.95", got)
	}
	for s, want := range map[Support]float64{{100, 50, inf, false}: 99, {100, 6, inf, false}: 6} {
		if got := s.Freedom(); got != want {
			t.Errorf("%+v has %v degrees of freedom, want %v", s, got, want)
		}
	}
	if got := (Support{29, 29, inf, false}).Freedom(); !math.IsNaN(got) {
		t.Errorf("29 clusters have %v degrees of freedom, want none", got)
	}
	none := Percentile([]float64{1, 2, 3}, math.NaN())
	if !math.IsNaN(none.Lo) || !math.IsNaN(none.Hi) {
		t.Errorf("interval %+v at the confidence NaN", none)
	}
}

// TestInfluenceIntervalDefinition checks that the ends solve d^2 = t^2 Var(IF - d v) where the
// gap is small, and that they are t standard errors away where it is large.
func TestInfluenceIntervalDefinition(t *testing.T) {
	const n = 300
	o, scores := synthetic(n)
	cluster := make([]int, n)
	for i := range cluster {
		cluster[i] = i / 3
	}
	for name, more := range map[string]float64{"small gap": 0.2 - NewRandom(o).Strong + NewRandom(o).Weak, "large gap": 2} {
		x := Outcomes{Strong: make([]float64, n), Weak: o.Weak}
		for i := range x.Strong {
			x.Strong[i] = o.Strong[i] + more
		}
		influence, err := Influence(x, scores)
		if err != nil {
			t.Fatal(err)
		}
		quantile := StudentQuantile(0.95, 100)
		i := InfluenceInterval(0.7, influence, x, cluster, 0.95, 99)
		gap, gapSE, _ := x.clusterMean(x.Gains(), cluster)
		for _, end := range []float64{i.Lo, i.Hi} {
			d := end - 0.7
			rest := make([]float64, n)
			for j, g := range x.Gains() {
				rest[j] = influence[j]
				if gap < 10*gapSE {
					rest[j] -= d * (g/gap - 1)
				}
			}
			near(t, name, math.Abs(d), quantile*ClusterSE(rest, cluster))
		}
	}
}

func TestInfluenceIntervalDoesNotExist(t *testing.T) {
	o := Outcomes{Strong: repeat(20, 1, -1, 0.3), Weak: make([]float64, 60)}
	cluster, scores := make([]int, 60), make([]float64, 60)
	for i := range cluster {
		cluster[i], scores[i] = i, float64(i*7%60)
	}
	influence, err := Influence(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	for _, freedom := range []float64{59, math.NaN()} {
		if i := InfluenceInterval(0.5, influence, o, cluster, 0.95, freedom); !math.IsNaN(i.Lo) || !math.IsNaN(i.Hi) {
			t.Errorf("interval %+v for a gap that may be 0, with %v degrees of freedom", i, freedom)
		}
	}
}

// TestSupportOfUncheckedEstimates holds that estimates have no intervals if they were never found
// wrong, unless every sample was observed.
func TestSupportOfUncheckedEstimates(t *testing.T) {
	const n = 200
	cluster, nan := make([]int, n), math.NaN()
	for name, c := range map[string]struct {
		strong, weak float64 // what the estimate of an observed sample is off by
		observed     int
		checked      bool
	}{
		"both corrected":        {0.5, 0.25, 50, true},
		"strong model alone":    {0.5, 0, 50, false},
		"weak model alone":      {0, 0.5, 50, false},
		"equal errors":          {0.5, 0.5, 50, false},
		"never":                 {0, 0, 50, false},
		"rounding":              {1e-15, 2e-15, 50, false},
		"every sample observed": {0, 0, n, true},
	} {
		var o Outcomes
		for i := range n {
			cluster[i] = i
			strong, weak := float64(i%2), float64(i%3)/2
			o.Observed, o.ObservedStrong = append(o.Observed, nan), append(o.ObservedStrong, nan)
			if i < c.observed {
				o.Observed[i], o.ObservedStrong[i] = strong-weak, strong
			}
			if i%10 == 0 {
				strong, weak = strong+c.strong, weak+c.weak
			}
			o.Strong, o.Weak = append(o.Strong, strong), append(o.Weak, weak)
		}
		s := NewSupport(o, cluster)
		if s.Needed() != MinCorrectedClusters || s.Clusters != c.observed {
			t.Errorf("%s: %+v needs %d clusters", name, s, s.Needed())
		}
		if checked := !math.IsNaN(s.Paired(0.95)); checked != c.checked {
			t.Errorf("%s: intervals %v, want %v (%+v)", name, checked, c.checked, s)
		}
	}
}
