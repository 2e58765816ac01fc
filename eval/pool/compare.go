package pool

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// Metric names what routers are compared by.
type Metric string

// The metrics of comparisons. Differences in lift are differences in area.
const (
	ByLift    Metric = "lift"
	ByLogLift Metric = "log_lift"
	// ByCost compares the logarithms of the costs that reach a target, see [Metrics.CostFor].
	ByCost Metric = "cost_for"
)

// Comparison holds the differences between all pairs of routers, tested as one family: all
// verdicts are right at once with the table's confidence. See [eval.Family].
type Comparison struct {
	// Static holds each router's test against the static mix, whose lift is 0; nil for costs.
	Static []eval.Tested
	Pairs  []Difference // the pairs (0,1), (0,2), ... (1,2), ...
}

// Difference compares two routers: router A's value minus router B's.
type Difference struct {
	A, B     int           // indices of the two routers
	Value    float64       // value of A minus value of B; infinite if only one reaches the target
	Interval eval.Interval // interval of the difference alone
	// Narrow is the interval that decides on equivalence, as in [eval.Difference].
	Narrow     eval.Interval
	SE         float64 // standard deviation of the resamples, corrected for few clusters
	Detectable float64 // smallest true difference that the test finds with 80 % power
	eval.Tested
	Verdict eval.Verdict // about A: a higher lift or a lower cost is better
}

// Compare compares all pairs of routers, and for lifts each router with the static mix. target is
// the index in Shares, for ByCost alone. Routers whose difference, widened for the number of
// pairs, lies inside ±margin are equivalent; a margin of 0 gives no such verdict. Without
// resamples, with too few clusters or where the values do not exist, all p values are NaN and all
// verdicts inconclusive.
//
// For the p values of costs, a router that never reaches the target counts as the most expensive
// one of all resamples, and at least as the best constant model, which reaches it.
func (e *Evaluation) Compare(by Metric, target int, margin float64) Comparison {
	values, replicates := e.compared(by, target)
	pairs := eval.AllPairs(len(values))
	every := pairs
	if by != ByCost {
		every = append(every, eval.AgainstRandom(len(values))...)
	}
	c := contest{Evaluation: e, by: by, margin: margin, values: values, replicates: replicates}
	tests := c.test(every)
	var out Comparison
	for h, p := range pairs {
		out.Pairs = append(out.Pairs, c.judge(p, tests[h]))
	}
	if by != ByCost {
		out.Static = tests[len(pairs):]
	}
	return out
}

// compared returns what is compared, on all prompts and on the resamples. Smaller is better for
// costs.
func (e *Evaluation) compared(by Metric, target int) (values []float64, replicates [][]float64) {
	for k, m := range e.Routers {
		var r MetricReplicates
		if e.Replicates != nil {
			r = e.Replicates.Routers[k]
		}
		switch by {
		case ByLift:
			values, replicates = append(values, m.Lift.Value), append(replicates, r.Lift)
		case ByLogLift:
			values, replicates = append(values, m.LogLift.Value), append(replicates, r.LogLift)
		default:
			values = append(values, e.logCost(m.CostFor[target].Value))
			var logs []float64
			if e.Replicates != nil {
				for _, x := range r.CostFor[target] {
					logs = append(logs, math.Log(x))
				}
			}
			replicates = append(replicates, logs)
		}
	}
	return values, replicates
}

// logCost returns the logarithm of a cost for a target on all prompts, +Inf if it is never reached.
func (e *Evaluation) logCost(x float64) float64 {
	if math.IsNaN(x) && e.Constants.Cost[e.Constants.Best] > 0 {
		return math.Inf(1)
	}
	return math.Log(x)
}
