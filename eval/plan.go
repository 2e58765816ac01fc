package eval

import "math"

// Plan predicts, from the two models' outcomes alone, which differences between routers a
// data set can show. Differences and margins are in APGR.
type Plan struct {
	Samples, Clusters int // number of samples and of clusters
	Gap               Gap
	Agreement         float64 // share of samples on which both models are equally good
	StrongBetter      float64 // share of samples on which the strong model is better
	WeakBetter        float64 // share of samples on which the weak model is better
	Oracle            float64 // APGR of the oracle; NaN if the gap is not established
	// RandomSD is the standard deviation of a random router's APGR, from [RandomClusterSD]. NaN
	// if the gap is not established.
	RandomSD   float64
	confidence float64
	unit       float64 // RandomSD^2 at n samples is unit (1 + 1/n)/n
}

// NewPlan plans a comparison on the outcomes. cluster[i] is the cluster of sample i, from
// [ClusterIDs]; confidence, in (0,1), is the confidence of the intervals that will decide on
// the differences. If the gap is not established, the metrics relative to it are NaN. It
// returns an error if the outcomes are not valid or the lengths differ.
func NewPlan(o Outcomes, cluster []int, confidence float64) (Plan, error) {
	oracle, err := NewCurve(o, OracleScores(o))
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Samples: o.N(), confidence: confidence, Oracle: math.NaN(), RandomSD: math.NaN()}
	if p.Gap, err = NewGap(o, cluster); err != nil {
		return Plan{}, err
	}
	size := o.clusterSizes(cluster)
	p.Clusters = len(size)
	total := o.total()
	for i := range o.Strong {
		switch {
		case o.Strong[i] > o.Weak[i]:
			p.StrongBetter += o.weight(i) / total
		case o.Strong[i] < o.Weak[i]:
			p.WeakBetter += o.weight(i) / total
		default:
			p.Agreement += o.weight(i) / total
		}
	}
	if p.Gap.Measurable() {
		p.Oracle = oracle.APGR()
		if p.RandomSD, err = RandomClusterSD(o, cluster); err != nil {
			return Plan{}, err
		}
	}
	p.setUnit()
	return p, nil
}

// setUnit sets the unit from RandomSD.
func (p *Plan) setUnit() {
	n := float64(p.Samples)
	p.unit = p.RandomSD * p.RandomSD * n / (1 + 1/n)
}

// SE returns the standard error of the difference in APGR between two routers on n samples
// like these: sqrt(2 (1 - rho)) times the standard deviation of the random router's APGR on n
// samples. rho in [0,1) is the correlation of the routers' influences, which is close to the
// rank correlation of their scores. SE is exact for routers without skill and a guide for
// others.
func (p Plan) SE(n int, rho float64) float64 {
	x := float64(n)
	return math.Sqrt(2 * (1 - rho) * p.unit * (1 + 1/x) / x)
}

// Detectable returns the smallest difference between two routers that n samples show with
// 80 % power. rho is explained at [Plan.SE].
func (p Plan) Detectable(n int, rho float64) float64 {
	return DetectableSE(p.confidence) * p.SE(n, rho)
}

// Margin returns the smallest margin within which n samples show with 80 % power that two
// equal routers are equivalent. rho is explained at [Plan.SE].
func (p Plan) Margin(n int, rho float64) float64 {
	return EquivalenceSE(p.confidence) * p.SE(n, rho)
}

// Needed returns the smallest number of samples for which [Plan.Detectable] is at most the
// difference, or 0 if the gap is not established.
func (p Plan) Needed(difference, rho float64) int {
	return p.needed(difference/DetectableSE(p.confidence), rho)
}

// NeededForMargin returns the smallest number of samples for which [Plan.Margin] is at most
// the margin, or 0 if the gap is not established.
func (p Plan) NeededForMargin(margin, rho float64) int {
	return p.needed(margin/EquivalenceSE(p.confidence), rho)
}

// needed returns the smallest n with SE(n) <= se. It solves n^2 se^2 - k n - k = 0 with k =
// 2 (1 - rho) unit.
func (p Plan) needed(se, rho float64) int {
	if math.IsNaN(p.unit) {
		return 0
	}
	k, square := 2*(1-rho)*p.unit, se*se
	n := (k + math.Sqrt(k*k+4*square*k)) / (2 * square)
	return int(math.Ceil(n * (1 - 1e-12)))
}
