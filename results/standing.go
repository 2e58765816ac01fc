package results

import "github.com/routellm/routellm/eval"

// Standing is a router's place among the routers of its benchmark.
type Standing string

// Best has the largest area under its curve of the routers that are significantly better than
// random. Level is not significantly worse than the best, and Behind is. NotCompared is a
// router without a curve, a single router, and every router if none is better than random. All
// are adjusted for the number of comparisons.
const (
	Best        Standing = "best"
	Level       Standing = "level"
	Behind      Standing = "behind"
	NotCompared Standing = "not compared"
)

// Test compares a router with another one, or with random.
type Test struct {
	// Verdict is "better", "worse" or "inconclusive". It follows from PAdjusted, but is
	// inconclusive whatever the p value if too few samples carry the difference.
	Verdict   string `json:"verdict"`
	P         Value  `json:"p"`          // p value of this comparison alone
	PAdjusted Value  `json:"p_adjusted"` // adjusted for all comparisons of the benchmark
}

// NewTest converts a test with its verdict at the given confidence.
func NewTest(t eval.Tested, confidence float64) *Test {
	return &Test{Verdict: string(t.Verdict(confidence)), P: Value(t.P), PAdjusted: Value(t.Adjusted)}
}

// Chosen is the best router's interval if it was chosen as the best of several: it allows for
// the luck that made it the best, which the metric's own interval does not.
type Chosen struct {
	Routers int    `json:"routers"` // number of routers that it was chosen from
	Metric  string `json:"metric"`  // "apgr", or "area_over_random" if no gap is established
	Lo      Value  `json:"lo"`
	Hi      Value  `json:"hi"`
}
