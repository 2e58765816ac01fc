package eval

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// synthetic returns n 0/1 outcomes of a strong and a weak model and the scores of a router
// with some skill. They are the same on every call.
func synthetic(n int) (Outcomes, []float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	o := Outcomes{Strong: make([]float64, n), Weak: make([]float64, n)}
	scores := make([]float64, n)
	for i := range scores {
		if rng.Float64() < 0.8 {
			o.Strong[i] = 1
		}
		if rng.Float64() < 0.65 {
			o.Weak[i] = 1
		}
		scores[i] = rng.Float64() + 0.2*(o.Strong[i]-o.Weak[i])
	}
	return o, scores
}

func TestKnownCurve(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 1, 1, 0}, Weak: []float64{0, 0, 1, 1}}
	c, err := NewCurve(o, []float64{4, 3, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	// Gains 1, 1, 0, -1: PGR rises to 2 at half the calls and falls back to 1.
	near(t, "APGR", c.APGR(), (0.5+1.5+2+1.5)/4)
	cpt := c.CPT(50)
	near(t, "CPT50", cpt.Value, 0.125)
	near(t, "CPT200", c.CPT(200).Value, 0.5)
	if got := c.CPT(200).Crossings; got != 2 {
		t.Errorf("CPT200 has %d crossings, want 2: up to the peak and down again", got)
	}
	if got := c.CPT(201); !math.IsNaN(got.Value) || !math.IsNaN(got.Hull) || got.Crossings != 0 {
		t.Errorf("CPT201 = %+v, want not reached", got)
	}
	near(t, "saving", SavingOverRandom(cpt.Value, 50), 0.75)
	near(t, "ratio", CostRatio(cpt.Value, 50), 4)
	near(t, "headroom", Headroom(0.75, 1), 0.5)
}

func TestNoGap(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 0}, Weak: []float64{0, 1}}
	c, err := NewCurve(o, []float64{2, 1})
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(c.APGR()) || !math.IsNaN(c.CPT(50).Value) || !math.IsNaN(NewRandom(o).APGRSD) {
		t.Error("a metric relative to the gap is not NaN without a gap")
	}
	near(t, "area", c.AreaOverRandom(), 0.25)
}

func TestInputErrors(t *testing.T) {
	one := []float64{1}
	for want, f := range map[string]func() error{
		"the strong model has 1 sample and the weak model 2": func() error { _, err := NewCurve(Outcomes{Strong: one, Weak: []float64{0, 0}}, one); return err },
		"no samples: want at least one":                      func() error { _, err := NewCurve(Outcomes{}, nil); return err },
		"quality is not finite":                              func() error { _, err := NewCurve(Outcomes{Strong: one, Weak: []float64{math.NaN()}}, one); return err },
		"2 scores for 1 sample: want one score per sample":   func() error { _, err := NewCurve(Outcomes{Strong: one, Weak: one}, []float64{1, 2}); return err },
		"score is not finite (NaN)":                          func() error { _, err := NewCurve(Outcomes{Strong: one, Weak: one}, []float64{math.NaN()}); return err },
		"score 1 is not finite (+Inf)":                       func() error { _, err := Calibrate(StreamOf([]float64{math.Inf(1)}), one); return err },
		"no scores: want at least one":                       func() error { _, err := Calibrate(StreamOf(nil), one); return err },
		"want a number in [0,1]":                             func() error { _, err := Calibrate(StreamOf(one), []float64{1.5}); return err },
		"want at least 1":                                    func() error { _, err := NewCompat(Outcomes{Strong: one, Weak: one}, one, 0); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestGapStates(t *testing.T) {
	for _, c := range []struct {
		gains []float64
		names []string
		want  GapState
	}{
		{[]float64{1, 1, 1, 0.9}, nil, GapEstablished},
		{[]float64{1, 1, 0, 0, 1, 0, 0, 1}, nil, GapThin},
		{[]float64{1, -1, 0, 0.1}, nil, GapNotEstablished},
		{[]float64{-1, -1, -1, -0.9}, nil, GapReversed},
		{[]float64{0, 0, 0}, nil, GapNotEstablished},
		{[]float64{1, 1, 1}, nil, GapEstablished},
		{[]float64{1, 1, 1}, []string{"a", "a", "a"}, GapNotEstablished}, // one cluster: no standard error
		{[]float64{1, 1, 1, 1, 0, 0, 0, 0}, []string{"a", "a", "a", "a", "b", "b", "b", "b"}, GapNotEstablished},
	} {
		o := Outcomes{Strong: c.gains, Weak: make([]float64, len(c.gains))}
		ids := ClusterIDs(c.names)
		if c.names == nil {
			for i := range c.gains {
				ids = append(ids, i)
			}
		}
		gap, err := NewGap(o, ids)
		if err != nil || gap.State != c.want {
			t.Errorf("gains %v in clusters %v: gap %+v, error %v, want state %d", c.gains, c.names, gap, err, c.want)
		}
	}
}

func TestThinKeepsEnds(t *testing.T) {
	o, scores := synthetic(5000)
	c, err := NewCurve(o, scores)
	if err != nil {
		t.Fatal(err)
	}
	thin := c.Thin(1001)
	if len(thin) != 1001 || thin[0] != c.Vertices[0] || thin[1000] != c.Vertices[5000] {
		t.Errorf("%d vertices from %v to %v, want 1001 from the first to the last", len(thin), thin[0], thin[len(thin)-1])
	}
}

// TestBetaCoverage checks how often Threshold.Future covers the true future strong fraction,
// which is 1 - threshold for uniform scores.
func TestBetaCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const runs = 4000
	inside := 0
	for range runs {
		scores := make([]float64, 50)
		for i := range scores {
			scores[i] = rng.Float64()
		}
		c := calibrated(t, scores, 0.3)
		if future, f := 1-c.Threshold, c.Future(0.95); f.Lo <= future && future <= f.Hi {
			inside++
		}
	}
	if share := float64(inside) / runs; math.Abs(share-0.95) > 3*math.Sqrt(0.95*0.05/runs) {
		t.Errorf("coverage is %.4f, want 0.95 within 3 Monte Carlo standard errors", share)
	}
}

// TestBetaQuantileOfManySamples compares the quantile with the normal approximation for many
// samples.
func TestBetaQuantileOfManySamples(t *testing.T) {
	for _, n := range []float64{1e4, 1e6, 1e8} {
		p, sd := 0.2, math.Sqrt(0.2*0.8/n)
		got := betaQuantile(0.975, p*n, n+1-p*n)
		if want := p + 1.959964*sd; math.Abs(got-want) > 0.02*sd {
			t.Errorf("n = %g: %v, want about %v", n, got, want)
		}
	}
}

func BenchmarkCurveAndMetrics(b *testing.B) {
	o, scores := synthetic(1_000_000)
	for b.Loop() {
		c, err := NewCurve(o, scores)
		if err != nil {
			b.Fatal(err)
		}
		c.APGR()
		c.AUC()
		c.CPT(50)
	}
}

func BenchmarkCalibrate(b *testing.B) {
	_, scores := synthetic(1_000_000)
	for b.Loop() {
		if _, err := Calibrate(StreamOf(scores), []float64{0.5}); err != nil {
			b.Fatal(err)
		}
	}
}
