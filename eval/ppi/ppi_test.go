package ppi_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/ppi"
)

// drawn returns labels of n samples, of which the gold part is drawn at random.
func drawn(r *rand.Rand, n, gold int) (l ppi.Labels, truth []float64) {
	l.Gold = slices.Repeat([]float64{math.NaN()}, n)
	for range n {
		y := float64(r.IntN(2))
		truth, l.Cheap = append(truth, y), append(l.Cheap, 3+2*y+r.NormFloat64())
	}
	for _, i := range r.Perm(n)[:gold] {
		l.Gold[i] = truth[i]
	}
	return l, truth
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// TestCorrectIsUnbiased averages pseudo-outcomes over many draws of the gold part: the mean of all,
// and of a fixed share, is that of the true labels, whatever the judge says.
func TestCorrectIsUnbiased(t *testing.T) {
	const n, draws = 200, 3000
	r := rand.New(rand.NewPCG(1, 2))
	l, truth := drawn(r, n, 25)
	var all, share []float64
	for range draws {
		l.Gold = slices.Repeat([]float64{math.NaN()}, n)
		for _, i := range r.Perm(n)[:25] {
			l.Gold[i] = truth[i]
		}
		c, err := ppi.Correct(l)
		if err != nil {
			t.Fatal(err)
		}
		all, share = append(all, mean(c.Outcomes)), append(share, mean(c.Outcomes[:40]))
	}
	if got, want := mean(all), mean(truth); math.Abs(got-want) > 0.006 {
		t.Errorf("mean %.4f, want %.4f", got, want)
	}
	if got, want := mean(share), mean(truth[:40]); math.Abs(got-want) > 0.014 {
		t.Errorf("mean of the share %.4f, want %.4f", got, want)
	}
}

// TestCorrectLeavesOut compares the pseudo-outcomes of clusters with their definition: each gold sample
// is predicted by the least squares line of the gold samples of other clusters.
func TestCorrectLeavesOut(t *testing.T) {
	l, _ := drawn(rand.New(rand.NewPCG(3, 4)), 90, 45)
	l.Cluster = make([]int, 90)
	for i := range l.Cluster {
		l.Cluster[i] = i / 2
	}
	c, err := ppi.Correct(l)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range c.Outcomes {
		var f, y []float64
		for k, g := range l.Gold {
			if !math.IsNaN(g) && (math.IsNaN(l.Gold[i]) || l.Cluster[k] != l.Cluster[i]) {
				f, y = append(f, l.Cheap[k]), append(y, g)
			}
		}
		mf, my, fy, ff := mean(f), mean(y), 0.0, 0.0
		for k := range f {
			fy += (f[k] - mf) * (y[k] - my)
			ff += (f[k] - mf) * (f[k] - mf)
		}
		want := my + fy/ff*(l.Cheap[i]-mf)
		if !math.IsNaN(l.Gold[i]) {
			want += 2 * (l.Gold[i] - want)
		}
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("sample %d: %v, want %v", i, got, want)
		}
	}
	if lo, hi := c.Range(0, 1); slices.Min(c.Outcomes) < lo || slices.Max(c.Outcomes) > hi {
		t.Errorf("outcomes from %v to %v, outside %v to %v", slices.Min(c.Outcomes), slices.Max(c.Outcomes), lo, hi)
	}
}

// TestCorrectEveryLabel gives every sample a gold label: then they are the outcomes. A judge that says
// the same of all, or the opposite, is not believed.
func TestCorrectEveryLabel(t *testing.T) {
	l, truth := drawn(rand.New(rand.NewPCG(5, 6)), 60, 60)
	for name, cheap := range map[string][]float64{"judge": l.Cheap, "constant": slices.Repeat([]float64{5}, 60), "opposite": opposite(truth)} {
		l.Cheap = cheap
		c, err := ppi.Correct(l)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range c.Outcomes {
			if math.Abs(v-truth[i]) > 1e-9 {
				t.Errorf("%s: sample %d: %v, want %v", name, i, v, truth[i])
			}
		}
		if name != "judge" && c.Lambda != 0 || name == "judge" && !(c.Lambda > 0.1) {
			t.Errorf("%s: lambda %v", name, c.Lambda)
		}
		if !math.IsNaN(l.Drawn()) {
			t.Errorf("%s: p = %v without other samples", name, l.Drawn())
		}
	}
}

func opposite(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = 10 - 3*v
	}
	return out
}

// TestCorrectStrata draws gold samples of two strata at different rates: with the gold weights, the
// mean is right, and without them it would not be.
func TestCorrectStrata(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var got []float64
	for range 800 {
		l, truth := ppi.Labels{}, 0.0
		for i := range 200 {
			hard := i < 100
			y, rate := 1.0, 0.1
			if hard {
				y, rate = 0, 0.4
			}
			truth += y / 200
			l.Cheap, l.Gold, l.GoldWeight = append(l.Cheap, r.NormFloat64()), append(l.Gold, math.NaN()), append(l.GoldWeight, 0)
			if (i%100)*37%100 < int(100*rate) {
				l.Gold[i], l.GoldWeight[i] = y, 1/rate
			}
		}
		c, err := ppi.Correct(l)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, mean(c.Outcomes)-truth)
	}
	if m := mean(got); math.Abs(m) > 0.01 {
		t.Errorf("off by %.4f on average", m)
	}
}

// TestWorth compares the number of gold samples that a correction is worth with theory:
// n / (1 - (1 - p) r^2) for n gold samples drawn with probability p and a correlation r.
func TestWorth(t *testing.T) {
	l, _ := drawn(rand.New(rand.NewPCG(9, 10)), 8000, 2000)
	c, err := ppi.Correct(l)
	if err != nil {
		t.Fatal(err)
	}
	want := 2000 / (1 - 0.75*c.Correlation*c.Correlation)
	if math.Abs(c.Effective/want-1) > 0.05 || math.Abs(c.Correlation-math.Sqrt(0.5)) > 0.03 {
		t.Errorf("worth %.0f gold samples, want %.0f; correlation %.3f", c.Effective, want, c.Correlation)
	}
}

// TestDrawn finds parts that were not drawn at random, by their labels and by their groups, and seldom
// says so of parts that were.
func TestDrawn(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	low, mixed := 0, 0
	for range 400 {
		l, _ := drawn(r, 300, 60)
		group := make([]string, 300)
		for i := range group {
			group[i] = string(rune('a' + r.IntN(4)))
		}
		low += count(l.Drawn() < 0.05)
		mixed += count(l.SameMix(group) < 0.05)
	}
	if low > 36 || mixed > 36 { // 20 expected
		t.Errorf("%d and %d of 400 random parts look chosen", low, mixed)
	}
	l, truth := drawn(r, 300, 300)
	group := slices.Repeat([]string{"a"}, 300)
	for i, y := range truth {
		if i >= 60 {
			group[i] = "b"
		}
		if y == 0 && i%2 == 0 || i >= 200 {
			l.Gold[i] = math.NaN()
		}
	}
	if p := l.SameMix(group); !(p < 0.01) {
		t.Errorf("mix: p = %v", p)
	}
	if p := l.Drawn(); !(p < 0.01) {
		t.Errorf("labels: p = %v", p)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestCorrectRefuses names what is wrong with labels.
func TestCorrectRefuses(t *testing.T) {
	good := func() ppi.Labels { l, _ := drawn(rand.New(rand.NewPCG(13, 14)), 100, 40); return l }
	for want, spoil := range map[string]func(l *ppi.Labels){
		"19 gold labels, expected at least 20":  func(l *ppi.Labels) { keep(l, 19) },
		"0 gold labels, expected at least 20":   func(l *ppi.Labels) { keep(l, 0) },
		"40 gold labels in 1 cluster, expected": func(l *ppi.Labels) { l.Cluster = make([]int, 100) },
		"99 gold labels for 100 samples":        func(l *ppi.Labels) { l.Gold = l.Gold[1:] },
		"1 weight for 100 samples":              func(l *ppi.Labels) { l.Weight = []float64{1} },
		"label is not finite":                   func(l *ppi.Labels) { l.Cheap[7] = math.NaN() },
		"gold weight is 0":                      func(l *ppi.Labels) { l.GoldWeight = make([]float64, 100) },
	} {
		l := good()
		spoil(&l)
		if _, err := ppi.Correct(l); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// keep leaves the first gold labels.
func keep(l *ppi.Labels, n int) {
	for i, y := range l.Gold {
		if !math.IsNaN(y) {
			if n--; n < 0 {
				l.Gold[i] = math.NaN()
			}
		}
	}
}

// TestNeeded plans gold labels and finds by simulation that they are worth what was planned.
func TestNeeded(t *testing.T) {
	for _, c := range []struct {
		worth, judged, want int
		correlation         float64
	}{{1000, 0, 190, 0.9}, {1000, 0, 1000, 0}, {400, 400, 400, 0.9}, {500, 400, 0, 0.9}, {0, 100, 0, 0.5}, {50, 0, 20, 0.95}} {
		if got := ppi.Needed(c.worth, c.correlation, c.judged); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	r, worth := rand.New(rand.NewPCG(15, 16)), []float64{}
	gold := ppi.Needed(600, math.Sqrt(0.5), 2000)
	for range 40 {
		l, _ := drawn(r, 2000, gold)
		c, err := ppi.Correct(l)
		if err != nil {
			t.Fatal(err)
		}
		worth = append(worth, c.Effective)
	}
	if m := mean(worth); math.Abs(m/600-1) > 0.05 {
		t.Errorf("%d gold labels are worth %.0f, planned 600", gold, m)
	}
}
