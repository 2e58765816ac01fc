package eval

import "math"

// Plan says, from two models' outcomes alone, what a benchmark can show about routers
// before any is run. Differences and margins are in APGR.
type Plan struct {
	Samples, Clusters int
	Gap               Gap
	Agreement         float64 // share of samples on which both models are as good
	StrongBetter      float64 // shares of samples
	WeakBetter        float64
	Oracle            float64 // the oracle's APGR; less 0.5 it is the headroom. NaN without a gap
	RandomSD          float64 // of a random router's APGR on these samples, whole clusters together; NaN without a gap
	confidence        float64
	unit              float64 // RandomSD^2 at n samples is unit (1 + 1/n)/n
}

// NewPlan looks at the outcomes. cluster[i] is the cluster of sample i, from
// [ClusterIDs]; confidence is that of the intervals that routers will be told apart by.
// Without an established gap no metric of the gap exists: NaN.
func NewPlan(o Outcomes, cluster []int, confidence float64) (Plan, error) {
	oracle, err := NewCurve(o, OracleScores(o))
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Samples: o.N(), confidence: confidence, Oracle: math.NaN(), RandomSD: math.NaN()}
	if p.Gap, err = NewGap(o, cluster); err != nil {
		return Plan{}, err
	}
	size, _ := clusterSums(o.Gains(), cluster)
	p.Clusters = len(size)
	for i := range o.Strong {
		switch {
		case o.Strong[i] > o.Weak[i]:
			p.StrongBetter += 1 / float64(p.Samples)
		case o.Strong[i] < o.Weak[i]:
			p.WeakBetter += 1 / float64(p.Samples)
		default:
			p.Agreement += 1 / float64(p.Samples)
		}
	}
	if p.Gap.Measurable() {
		p.Oracle = oracle.APGR()
		if p.RandomSD, err = RandomClusterSD(o, cluster); err != nil {
			return Plan{}, err
		}
	}
	n := float64(p.Samples)
	p.unit = p.RandomSD * p.RandomSD * n / (1 + 1/n)
	return p, nil
}

// SE returns the standard error of the difference in APGR of two routers on n samples
// like these: sqrt(2 (1 - rho)) times the random router's standard deviation there. rho
// in [0,1) is the correlation of their influences, near the rank correlation of their
// scores. It is exact for routers without skill and a guide for others.
func (p Plan) SE(n int, rho float64) float64 {
	x := float64(n)
	return math.Sqrt(2 * (1 - rho) * p.unit * (1 + 1/x) / x)
}

// Detectable returns the smallest difference that n samples show with 80 % power.
func (p Plan) Detectable(n int, rho float64) float64 {
	return DetectableSE(p.confidence) * p.SE(n, rho)
}

// Margin returns the smallest margin within which n samples show with 80 % power that
// equal routers are equivalent.
func (p Plan) Margin(n int, rho float64) float64 {
	return EquivalenceSE(p.confidence) * p.SE(n, rho)
}

// Needed returns the smallest number of samples on which Detectable is at most the
// difference. 0 without a gap.
func (p Plan) Needed(difference, rho float64) int {
	return p.needed(difference/DetectableSE(p.confidence), rho)
}

// NeededForMargin returns the smallest number of samples on which Margin is at most the
// margin. 0 without a gap.
func (p Plan) NeededForMargin(margin, rho float64) int {
	return p.needed(margin/EquivalenceSE(p.confidence), rho)
}

// needed solves SE(n) = se: n^2 se^2 - k n - k = 0 with k = 2 (1 - rho) unit.
func (p Plan) needed(se, rho float64) int {
	if math.IsNaN(p.unit) {
		return 0
	}
	k, square := 2*(1-rho)*p.unit, se*se
	n := (k + math.Sqrt(k*k+4*square*k)) / (2 * square)
	return int(math.Ceil(n * (1 - 1e-12)))
}
