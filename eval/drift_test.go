package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestKolmogorovTail compares with scipy.stats.kstwobign.sf of SciPy 1.17.
func TestKolmogorovTail(t *testing.T) {
	for x, want := range map[float64]float64{
		0: 1, 0.2: 0.999999999999495, 0.5: 0.9639452436648751, 0.9: 0.3927307079406543, 1: 0.26999967167735456,
		1.2: 0.11224966667072497, 1.8: 0.003067621347579706, 3: 3.045995948942526e-08,
	} {
		within(t, "tail", kolmogorovTail(x), want, 1e-12)
	}
}

// TestDriftStatistics compares the distance, with ties, with scipy.stats.ks_2samp of SciPy
// 1.17, and the stability index with its definition.
func TestDriftStatistics(t *testing.T) {
	d, err := NewDrift([]float64{.7, .2, .2, .3, .5, .1, .7, .9}, []float64{.2, .3, .3, .6, .7, .95, .99})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "KS", d.KS, 0.2857142857142857, 1e-12)
	calibration, fresh := make([]float64, 1000), make([]float64, 500)
	for i := range calibration {
		calibration[i] = float64(i % 2)
	}
	for i := range fresh {
		fresh[i] = float64(min(i%5, 1)) // a fifth of them are 0
	}
	if d, err = NewDrift(calibration, fresh); err != nil {
		t.Fatal(err)
	}
	within(t, "KS of bits", d.KS, 0.3, 1e-12)
	q := 100.5 / 501
	within(t, "PSI of bits", d.PSI, (q-0.5)*math.Log(q/0.5)+(0.5-q)*math.Log((1-q)/0.5), 1e-12)
	if !d.Drifted(0.95) {
		t.Errorf("%+v: Drifted reports false, want true", d)
	}
	if d, err = NewDrift(calibration, calibration); err != nil || d.KS != 0 || d.P != 1 || d.PSI != 0 {
		t.Errorf("the same scores: %+v, error %v, want no drift", d, err)
	}
	if _, err := NewDrift(calibration, nil); err == nil {
		t.Error("NewDrift accepts an empty slice of new scores")
	}
}

// TestFalseAlarms checks that scores without drift are called drifted in at most 5 % of the
// runs, also with ties and with a reference thinned to its quantiles, and that shifted scores
// are found.
func TestFalseAlarms(t *testing.T) {
	const runs = 1000
	for _, c := range []struct {
		name  string
		n, m  int
		shift float64
		round float64 // scores are rounded to multiples of it
	}{{"equal", 300, 200, 0, 0}, {"ties", 300, 200, 0, 0.25}, {"thinned", 10000, 500, 0, 0}, {"shifted", 1000, 500, 0.5, 0}} {
		r, small, alarms := rand.New(rand.NewPCG(11, 12)), 0, 0
		draw := func(n int, shift float64) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = r.NormFloat64() + shift
				if c.round > 0 {
					x[i] = math.Round(x[i]/c.round) * c.round
				}
			}
			return x
		}
		for range runs {
			d, err := NewDrift(Quantiles(draw(c.n, 0), MaxReference), draw(c.m, c.shift))
			if err != nil {
				t.Fatal(err)
			}
			if d.P < 0.05 {
				small++
			}
			if d.Drifted(0.95) {
				alarms++
			}
		}
		t.Logf("%s: p below 5 %% in %.1f %% of runs, drifted in %.1f %%", c.name, 100*float64(small)/runs, 100*float64(alarms)/runs)
		if c.shift > 0 {
			if alarms < runs*95/100 {
				t.Errorf("%s: drift is found in %d of %d runs, want at least 95 %%", c.name, alarms, runs)
			}
		} else if float64(small)/runs > 0.05+3*math.Sqrt(0.05*0.95/runs) {
			t.Errorf("%s: p is below 5 %% in %d of %d runs without drift", c.name, small, runs)
		}
	}
}
