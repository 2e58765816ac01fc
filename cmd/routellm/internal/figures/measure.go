package figures

import (
	"math"
	"math/rand/v2"

	"github.com/routellm/routellm/eval"
)

// estimate is a value with its interval over other samples.
type estimate struct {
	value float64
	eval.Interval
}

// measured is what the tables show of one router.
type measured struct {
	apgr         estimate
	cpt50, cpt80 estimate
	for95        estimate // strong fraction for 95 % of the strong model's quality
	curve        *eval.Curve
}

// resampled holds all routers of a setting, measured on the same resamples.
type resampled struct {
	*Setting
	router map[string]measured
	random measured
	boot   eval.Bootstrap
}

func measure(s *Setting, boot eval.Bootstrap) (*resampled, error) {
	o := s.Outcomes
	replicates, err := boot.Resample(o, s.Clusters, s.Scores, eval.Points{CPT: []float64{50, 80}, Qualities: []float64{0.95}})
	if err != nil {
		return nil, err
	}
	out := &resampled{Setting: s, router: map[string]measured{}, boot: boot}
	for k, name := range s.Routers {
		c, err := eval.NewCurve(o, s.Scores[k])
		if err != nil {
			return nil, err
		}
		r := replicates[k]
		out.router[name] = measured{
			apgr:  estimate{c.APGR(), eval.Percentile(r.APGR, boot.Confidence)},
			cpt50: estimate{c.CPT(50).Value, eval.Percentile(r.CPT[0], boot.Confidence)},
			cpt80: estimate{c.CPT(80).Value, eval.Percentile(r.CPT[1], boot.Confidence)},
			for95: estimate{c.FractionFor(0.95 * c.Strong), eval.Percentile(r.FractionFor[0], boot.Confidence)},
			curve: c,
		}
	}
	out.random, err = luck(o, boot)
	return out, err
}

// randomOrders is how many orders show what luck does to CPT: half a second on MMLU.
const randomOrders = 400

// luck is the random router: exact values, and for intervals the exact normal one of
// APGR and percentiles of CPT over random orders.
func luck(o eval.Outcomes, boot eval.Bootstrap) (measured, error) {
	half := eval.NormalQuantile(boot.Confidence) * eval.NewRandom(o).APGRSD
	cpt50, cpt80, scores := make([]float64, randomOrders), make([]float64, randomOrders), make([]float64, o.N())
	for b := range randomOrders {
		rng := rand.New(rand.NewPCG(boot.Seed, uint64(b)))
		for i := range scores {
			scores[i] = rng.Float64()
		}
		c, err := eval.NewCurve(o, scores)
		if err != nil {
			return measured{}, err
		}
		cpt50[b], cpt80[b] = reached(c.CPT(50).Value), reached(c.CPT(80).Value)
	}
	return measured{
		apgr:  estimate{0.5, eval.Interval{Lo: 0.5 - half, Hi: 0.5 + half}},
		cpt50: estimate{0.5, eval.Percentile(cpt50, boot.Confidence)},
		cpt80: estimate{0.8, eval.Percentile(cpt80, boot.Confidence)},
	}, nil
}

// reached turns "never" into a value above all others.
func reached(fraction float64) float64 {
	if math.IsNaN(fraction) {
		return math.Inf(1)
	}
	return fraction
}

// falling applies a falling function to a value and its interval: its ends change places.
func (e estimate) falling(f func(float64) float64) estimate {
	return estimate{f(e.value), eval.Interval{Lo: f(e.Hi), Hi: f(e.Lo), Missing: e.Missing}}
}

// nothing is a value that does not exist.
var nothing = estimate{math.NaN(), eval.Interval{Lo: math.NaN(), Hi: math.NaN()}}
