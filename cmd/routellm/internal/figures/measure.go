package figures

import (
	"math"
	"math/rand/v2"

	"github.com/routellm/routellm/eval"
)

// estimate is a value with its interval. A NaN value does not exist; an infinite one stands
// for a quality that is never reached.
type estimate struct {
	value float64
	eval.Interval
}

// point returns an estimate without an interval.
func point(value float64) estimate {
	return estimate{value, eval.Interval{Lo: math.NaN(), Hi: math.NaN()}}
}

// routerMetrics holds the metrics of one router that the tables show.
type routerMetrics struct {
	apgr         estimate
	cpt50, cpt80 estimate
	for95        estimate // share of strong calls needed for 95 % of the strong model's quality
	curve        *eval.Curve
}

// benchmarkMetrics holds the metrics of all routers on a benchmark, from the same
// resamples.
type benchmarkMetrics struct {
	*EvaluatedBenchmark
	router map[string]routerMetrics
	random routerMetrics
	boot   eval.Bootstrap
}

func measure(s *EvaluatedBenchmark, boot eval.Bootstrap) (*benchmarkMetrics, error) {
	o := s.Outcomes
	replicates, err := boot.Resample(o, s.Clusters, s.Scores, eval.Points{CPT: []float64{50, 80}, Qualities: []float64{0.95}})
	if err != nil {
		return nil, err
	}
	out := &benchmarkMetrics{EvaluatedBenchmark: s, router: map[string]routerMetrics{}, boot: boot}
	for k, name := range s.Routers {
		c, err := eval.NewCurve(o, s.Scores[k])
		if err != nil {
			return nil, err
		}
		r := replicates[k]
		out.router[name] = routerMetrics{
			apgr:  estimate{c.APGR(), eval.Percentile(r.APGR, boot.Confidence)},
			cpt50: estimate{c.CPT(50).Value, eval.Percentile(r.CPT[0], boot.Confidence)},
			cpt80: estimate{c.CPT(80).Value, eval.Percentile(r.CPT[1], boot.Confidence)},
			for95: estimate{c.FractionFor(0.95 * c.Strong), eval.Percentile(r.FractionFor[0], boot.Confidence)},
			curve: c,
		}
	}
	out.random, err = randomMetrics(o, boot)
	return out, err
}

// randomOrders is the number of random orders behind the random router's CPT intervals. It
// takes half a second on MMLU.
const randomOrders = 400

// randomMetrics returns the metrics of the random router. The values are exact; the
// interval of APGR is normal with the exact standard deviation, the intervals of CPT are
// percentiles over random orders.
func randomMetrics(o eval.Outcomes, boot eval.Bootstrap) (routerMetrics, error) {
	half := eval.NormalQuantile(boot.Confidence) * eval.NewRandom(o).APGRSD
	cpt50, cpt80, scores := make([]float64, randomOrders), make([]float64, randomOrders), make([]float64, o.N())
	for b := range randomOrders {
		rng := rand.New(rand.NewPCG(boot.Seed, uint64(b)))
		for i := range scores {
			scores[i] = rng.Float64()
		}
		c, err := eval.NewCurve(o, scores)
		if err != nil {
			return routerMetrics{}, err
		}
		cpt50[b], cpt80[b] = infIfNaN(c.CPT(50).Value), infIfNaN(c.CPT(80).Value)
	}
	return routerMetrics{
		apgr:  estimate{0.5, eval.Interval{Lo: 0.5 - half, Hi: 0.5 + half}},
		cpt50: estimate{0.5, eval.Percentile(cpt50, boot.Confidence)},
		cpt80: estimate{0.8, eval.Percentile(cpt80, boot.Confidence)},
	}, nil
}

// infIfNaN returns +Inf for NaN, which stands for a quality that is never reached, so that
// it sorts above every share of calls.
func infIfNaN(fraction float64) float64 {
	if math.IsNaN(fraction) {
		return math.Inf(1)
	}
	return fraction
}

// mapDecreasing applies a decreasing function to a value and its interval, whose ends
// change places.
func (e estimate) mapDecreasing(f func(float64) float64) estimate {
	return estimate{f(e.value), eval.Interval{Lo: f(e.Hi), Hi: f(e.Lo), Missing: e.Missing}}
}
