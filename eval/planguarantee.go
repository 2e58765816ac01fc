package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// GuaranteePlan predicts how many samples establish a guarantee of quality ([QualityClaim]).
// Make one with [PlanGuarantee].
type GuaranteePlan struct {
	mean  float64   // mean of D
	unit  float64   // variance of the sum of D over a cluster
	size  []float64 // sizes of the clusters, relative to their samples' weights
	worst float64   // smallest possible D
}

// PlanGuarantee plans the guarantee that a router keeps a share in (0,1) of the strong model's
// quality and saves a share in (0,1) of the calls to it. The router has a skill in [0,1]: it
// decides like the oracle on that share of the samples, drawn at random, and at random on the
// others. Quality lies in [least, most], as in [QualityClaim]; cluster[i] is the cluster of sample
// i, from [ClusterIDs]. It returns an error if the outcomes are not valid or the lengths differ.
func PlanGuarantee(o Outcomes, cluster []int, share, saved, skill, least, most float64) (GuaranteePlan, error) {
	for _, v := range []float64{share, saved} {
		if !(v > 0 && v < 1) {
			return GuaranteePlan{}, fmt.Errorf("share %v: expected a number above 0 and below 1", v)
		}
	}
	if _, err := NewGap(o, cluster); err != nil {
		return GuaranteePlan{}, err
	}
	n := float64(o.N())
	d, within := make([]float64, o.N()), make([]float64, o.N())
	for i, called := range o.oracleCalls(1 - saved) {
		p := float64(skill*called) + float64((1-skill)*(1-saved))
		strong, weak := (1-share)*o.Strong[i], o.Weak[i]-float64(share*o.Strong[i])
		d[i] = float64(p*strong) + float64((1-p)*weak)
		within[i] = p * (1 - p) * (strong - weak) * (strong - weak)
	}
	g := GuaranteePlan{}
	g.worst, _ = ShareExtremes(QualityRange(o, least, most)).bounds(share)
	size, total := o.relativeSums(d, cluster)
	g.size, g.mean = size, sum(total)/n
	for c := range total {
		gap := total[c] - float64(size[c]*g.mean)
		g.unit += float64(gap*gap) / float64(max(len(total)-1, 1))
	}
	for i, v := range within {
		w := o.weight(i) * n / o.total()
		g.unit += float64(w*w*v) / float64(len(total))
	}
	return g, nil
}

// oracleCalls returns the probability with which the oracle calls the strong model for each sample
// if it does so for a share of all: ties are broken at random.
func (o Outcomes) oracleCalls(share float64) []float64 {
	gains, order := o.Gains(), make([]int, o.N())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(gains[b], gains[a]) })
	out, left := make([]float64, len(order)), share*o.total()
	for from := 0; from < len(order); {
		to, weight := from, 0.0
		for ; to < len(order) && gains[order[to]] == gains[order[from]]; to++ {
			weight += o.weight(order[to])
		}
		p := max(0, min(1, left/weight))
		for _, i := range order[from:to] {
			out[i] = p
		}
		left, from = left-weight, to
	}
	return out
}

// mostPlanned is the largest number of clusters that a plan proposes.
const mostPlanned = 1 << 40

// Needed returns the smallest number of samples with which the test of [StudentTest], at a
// confidence in (0,1), establishes the guarantee with 80 % power; 0 if no number does, because
// such a router does not keep the quality.
func (g GuaranteePlan) Needed(confidence float64) int {
	if !(g.mean > 0) || !g.shown(mostPlanned, confidence) {
		return 0
	}
	few, enough := float64(minClusters-1), float64(mostPlanned)
	for enough-few > 1 {
		middle := math.Floor((few + enough) / 2)
		if g.shown(middle, confidence) {
			enough = middle
		} else {
			few = middle
		}
	}
	return int(math.Ceil(enough * sum(g.size) / float64(len(g.size))))
}

// shown reports whether n clusters like those that were planned with pass [meanTest] with 80 %
// power. The mean of D is then nearly normal.
func (g GuaranteePlan) shown(n, confidence float64) bool {
	average, squares, largest := sum(g.size)/float64(len(g.size)), 0.0, slices.Max(g.size)
	for _, m := range g.size {
		squares += float64(m * m)
	}
	t := studentT(confidence, n)
	one := min(1, t*t/2)
	all, variance := n*average*g.mean, n*g.unit
	for _, a := range []artificial{{one, largest}, {float64(t*t/2) - one, squares / sum(g.size)}} {
		all += float64(a.count * a.size * g.worst)
		gap := a.size * (g.worst - g.mean)
		variance += float64(a.count * gap * gap)
	}
	return all > float64(t*math.Sqrt(variance))+float64(powerSE*math.Sqrt(n*g.unit))
}
