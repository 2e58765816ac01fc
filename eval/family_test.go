package eval

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// familyOf measures the routers on resamples of the samples. It also returns the APGR of each
// router on each resample.
func familyOf(o Outcomes, cluster []int, scores [][]float64, resamples int, seed uint64) (f Family, apgr [][]float64) {
	all, err := Bootstrap{Resamples: resamples, Confidence: 0.95, Seed: seed}.Resample(o, cluster, scores, Points{})
	if err != nil {
		panic(err)
	}
	f = Family{Clusters: clustersIn(cluster), Confidence: 0.95}
	for k := range scores {
		c, err := NewCurve(o, scores[k])
		if err != nil {
			panic(err)
		}
		f.Values, f.Replicates = append(f.Values, c.AreaOverRandom()), append(f.Replicates, all[k].OverRandom)
		apgr = append(apgr, all[k].APGR)
	}
	return f, apgr
}

// verdictCounts are counts of tables.
type verdictCounts struct {
	family, holm, alone int // tables with any false verdict: by the family's test, by Holm's correction, without one
	plain, asBest       int // tables whose best router's APGR is in its interval, or that show none
	found, foundHolm    int // true differences that the first two find, in all tables
}

// tables simulates tables of the world's routers.
func (w world) tables(runs int) (c verdictCounts) {
	truth := w.truth()
	for run := range runs {
		o, cluster, scores := w.draw()
		f, apgr := familyOf(o, cluster, scores, 199, uint64(run))
		w.judge(f, o, cluster, scores, &c)
		best := slices.Index(f.Values, slices.Max(f.Values))
		i := Percentile(apgr[best], NewSupport(o, cluster).Level(0.95))
		curve, _ := NewCurve(o, scores[best])
		wide := i.Widen(curve.APGR(), f.Widening(AgainstRandom(len(scores)), 0.95))
		holds := func(i Interval) bool { return !(truth[best] < i.Lo || truth[best] > i.Hi) } // NaN: not shown
		c.plain, c.asBest = c.plain+b2i(holds(i)), c.asBest+b2i(holds(wide))
	}
	return c
}

// judge counts the verdicts on all pairs, and on each router against the random one.
func (w world) judge(f Family, o Outcomes, cluster []int, scores [][]float64, c *verdictCounts) {
	pairs := append(AllPairs(len(w.skill)), AgainstRandom(len(w.skill))...)
	skill := func(k int) float64 {
		if k == RandomRouter {
			return 0
		}
		return w.skill[k]
	}
	supports, err := NewPairSupports(o, cluster, scores)
	if err != nil {
		panic(err)
	}
	tested, p := f.Test(pairs), make([]float64, len(pairs))
	f.Withhold(tested, pairs, supports)
	for h := range pairs { // the smallest share of the resamples is too large for Holm
		p[h] = 1 - math.Erf(f.size(f.spread(pairs[h]))/math.Sqrt2)
	}
	var wrong, wrongHolm, wrongAlone bool
	for h, adjusted := range Holm(p) {
		said, byHolm := tested[h].Verdict(0.95) != Inconclusive, adjusted <= 0.05
		if skill(pairs[h].A) != skill(pairs[h].B) {
			c.found, c.foundHolm = c.found+b2i(said), c.foundHolm+b2i(byHolm)
			continue
		}
		wrong, wrongHolm = wrong || said, wrongHolm || byHolm
		wrongAlone = wrongAlone || tested[h].P <= 0.05
	}
	c.family, c.holm, c.alone = c.family+b2i(wrong), c.holm+b2i(wrongHolm), c.alone+b2i(wrongAlone)
}

// truth returns the routers' APGR on many samples.
func (w world) truth() []float64 {
	w.n, w.size = 100_000, 1
	o, _, scores := w.draw()
	out := make([]float64, len(scores))
	for k := range scores {
		c, err := NewCurve(o, scores[k])
		if err != nil {
			panic(err)
		}
		out[k] = c.APGR()
	}
	return out
}

// verdictReport is the table of verdicts in docs/metrics.md.
func verdictReport() report {
	r := report{
		document: "../docs/metrics.md", name: "verdicts", labels: 2,
		header: []string{"six routers", "samples", "any false verdict", "without adjustment", "plain interval", "`as_best`"},
		within: func(column int, percent float64) bool {
			return column == 0 && percent <= 6 || column == 1 || column == 2 || column == 3 && percent >= 92
		},
	}
	equal, none := []float64{0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, make([]float64, 6)
	for _, c := range []struct {
		name string
		w    world
		want []int
	}{
		{"equally good", world{n: 150, size: 1, skill: equal}, []int{5, 34, 97, 100}},
		{"equally good, 60 % of the noise shared", world{n: 150, size: 1, rho: 0.6, skill: equal}, []int{4, 32, 96, 100}},
		{"without skill", world{n: 150, size: 1, skill: none}, []int{4, 47, 89, 96}},
		{"equally good", world{n: 40, size: 1, skill: equal}, []int{5, 37, 98, 99}},
		{"equally good, in clusters of 3 on average", world{n: 300, size: 3, skill: equal}, []int{5, 40, 96, 99}},
		{"three levels of skill", world{n: 150, size: 1, rho: 0.6, skill: []float64{0.9, 0.5, 0.5, 0.5, 0.2, 0.2}}, []int{1, 17, 95, 98}},
		{"without skill, losses of 8, 2 %", world{n: 300, size: 1, skill: none, quality: rareLosses(0.02, 8)}, []int{0, 38, 97, 100}},
		{"equally good, losses of 4, 5 %", world{n: 300, size: 1, skill: equal, quality: rareLosses(0.05, 4)}, []int{5, 31, 99, 99}},
		{"without skill, lognormal losses, 1.5", world{n: 300, size: 1, skill: none, quality: lognormalLosses(1.5)}, []int{2, 43, 95, 99}},
		{"equally good, lognormal gains, 1", world{n: 300, size: 1, skill: equal, quality: lognormalGains(1)}, []int{2, 32, 99, 99}},
	} {
		count := func(runs int) []int {
			c.w.rng = testRand()
			n := c.w.tables(runs)
			return []int{n.family, n.alone, n.plain, n.asBest}
		}
		r.regimes = append(r.regimes, regime{fmt.Sprintf("%s | %d", c.name, c.w.n), count, c.want})
	}
	return r
}

// TestVerdictCounts holds the counts of the table in docs/metrics.md at few tables, and what the
// table promises.
func TestVerdictCounts(t *testing.T) { verdictReport().check(t) }

func TestCoverageReportVerdicts(t *testing.T) { verdictReport().write(t) }

// TestPowerOfFamily checks that the family's test finds at least as many true differences as
// Holm's correction.
func TestPowerOfFamily(t *testing.T) {
	w := world{rng: testRand(), n: 150, size: 1, rho: 0.6, skill: []float64{0.9, 0.5, 0.5, 0.5, 0.2, 0.2}}
	if c := w.tables(100); c.found < c.foundHolm || c.found < 800 { // of 1,400
		t.Errorf("finds %d differences, Holm %d", c.found, c.foundHolm)
	}
}

// TestFamily checks the test against its definition on a family small enough to read.
func TestFamily(t *testing.T) {
	f := Family{
		Values: []float64{4, 0}, Clusters: 1e6, Confidence: 0.5,
		Replicates: [][]float64{{3, 5, 4, 6, 2}, {0, 1, -1, 0, 0}},
	}
	got := f.Test([]Pairing{{0, 1}, {1, RandomRouter}, {0, RandomRouter}})
	// In standard deviations: 0 against 1 {-1, 0, 1, 2, -2}, 1 against random {0, 1, -1, 0, 0}
	// and 0 against random {-1, 1, 0, 2, -2}, each divided by its own.
	for h, want := range []struct{ value, p, adjusted float64 }{{4, 1. / 6, 1. / 6}, {0, 1, 1}, {4, 1. / 6, 1. / 6}} {
		if got[h].Value != want.value || !closeTo(got[h].P, want.p) || !closeTo(got[h].Adjusted, want.adjusted) {
			t.Errorf("pairing %d: %+v, want %+v", h, got[h], want)
		}
	}
	if v := got[0].Verdict(0.5); v != Better {
		t.Errorf("verdict %s, want better", v)
	}
	for p, want := range map[float64]Verdict{0.05: Worse, 0.051: Inconclusive, math.NaN(): Inconclusive} {
		if v := (Tested{Value: -1, P: 0.01, Adjusted: p}); v.Verdict(0.95) != want {
			t.Errorf("%+v: %s, want %s", v, v.Verdict(0.95), want)
		}
	}
}

func closeTo(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// TestFamilyOfOne checks that one comparison needs no adjustment, that routers with the same
// order are equal, and that intervals of one router need no widening.
func TestFamilyOfOne(t *testing.T) {
	w := world{rng: testRand(), n: 200, size: 1, skill: []float64{0.6}}
	o, cluster, scores := w.draw()
	f, _ := familyOf(o, cluster, append(scores, scores[0]), 999, 1)
	one := f.Test([]Pairing{{0, RandomRouter}})[0]
	if one.P != one.Adjusted || one.Critical < 1.96 || one.Critical > 2.15 || f.Widening([]Pairing{{0, RandomRouter}}, 0.95) != 1 {
		t.Errorf("%+v, widening %v", one, f.Widening([]Pairing{{0, RandomRouter}}, 0.95))
	}
	if same := f.Test([]Pairing{{0, 1}})[0]; same.Value != 0 || same.P != 1 || same.Verdict(0.95) != Inconclusive {
		t.Errorf("the same router twice: %+v", same)
	}
	if both := f.Widening(AgainstRandom(2), 0.95); both != 1 {
		t.Errorf("the same router twice needs a widening of %v, want 1", both)
	}
}

// TestUpsideDown checks that scores that are upside down are worse than random.
func TestUpsideDown(t *testing.T) {
	w := world{rng: testRand(), n: 300, size: 1, skill: []float64{-0.8, 0.8}}
	o, cluster, scores := w.draw()
	f, _ := familyOf(o, cluster, scores, 400, 1)
	got := f.Test(AgainstRandom(2))
	if got[0].Verdict(0.95) != Worse || got[1].Verdict(0.95) != Better {
		t.Errorf("%+v, want worse and better", got)
	}
}
