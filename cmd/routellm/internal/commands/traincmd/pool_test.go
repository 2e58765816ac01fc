package traincmd

import (
	"math"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
)

// estimate returns a value with an interval.
func estimate(value, lo, hi float64) pool.Estimate {
	return pool.Estimate{Value: value, Interval: eval.Interval{Lo: lo, Hi: hi}}
}

func TestVerdict(t *testing.T) {
	nan := math.NaN()
	choice := pool.Constants{Cost: []float64{1, 2, 3}, Quality: []float64{0.5, 0.4, 0.7}, Best: 2, Cheapest: 0}
	none := pool.Constants{Cost: []float64{1, 2, 3}, Quality: []float64{0.5, 0.4, 0.3}}
	level := estimate(0.001, -0.004, 0.006)
	for _, c := range []struct {
		constants pool.Constants
		lift, log pool.Estimate
		want      string
	}{
		{choice, estimate(0.02, 0.011, 0.03), level,
			"linear is better than the static mix of the models: cross-validated lift 0.0200 [0.0110, 0.0300]."},
		{choice, level, level,
			"linear is not significantly better than the static mix of the models: cross-validated lift 0.0010 [-0.0040, 0.0060]; route with the mix of a and c instead."},
		{choice, estimate(-0.02, -0.03, -0.01), level,
			"linear is not significantly better than the static mix of the models: cross-validated lift -0.0200 [-0.0300, -0.0100]; route with the mix of a and c instead."},
		{choice, level, estimate(0.008, 0.006, 0.0097),
			"linear is not significantly better than the static mix of the models: cross-validated lift 0.0010 [-0.0040, 0.0060]; where budgets are small it is: log lift 0.0080 [0.0060, 0.0097]."},
		{choice, estimate(0.02, nan, nan), level,
			"linear has the cross-validated lift 0.0200 over the static mix of the models, without an interval: whether it is better is not known."},
		{none, estimate(nan, nan, nan), estimate(nan, nan, nan),
			"a is the cheapest model and no other is better: there is nothing to choose. Call a for every prompt."},
	} {
		p := &harness.PoolTraining{Router: "linear", Models: []harness.TrainedOnModel{{Name: "a"}, {Name: "b"}, {Name: "c"}},
			Evaluation: &pool.Evaluation{Constants: c.constants, Routers: []pool.MetricEstimates{{Lift: c.lift, LogLift: c.log}}}}
		if got := verdict(p); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestCostInterval(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for want, e := range map[string]pool.Estimate{
		"[10.0 %, 20.0 %]": estimate(0.15, 0.1, 0.2), "[10.0 %, never]": estimate(0.15, 0.1, inf), "never": estimate(nan, inf, inf), "?": estimate(0.15, nan, nan),
	} {
		if got := costInterval(e); got != want {
			t.Errorf("interval %s, want %s", got, want)
		}
	}
}
