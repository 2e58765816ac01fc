package eval

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Support says how few samples the results of a bootstrap rest on. Intervals from
// resamples cannot know of gains that the samples at hand do not hold, so they are too narrow
// where a few samples carry the gains. [Support.Level] widens them, or withholds them.
type Support struct {
	Clusters int // number of clusters with observed outcomes
	// Effective is the effective number of clusters that carry the spread of the gains:
	// (sum d^2)^2 / sum d^4, where d is a cluster's summed gain less its size times the mean
	// gain. It is the number of clusters divided by the kurtosis of d. +Inf without any spread.
	Effective float64
	// Tail is the smaller tail index (Hill, Annals of Statistics 3, 1975) of the gains above their
	// mean and of the losses, each from at most a tenth of the samples. Small values mean that
	// prompts outside the samples may weigh more than all of them. +Inf if the largest ones are
	// equal or too few. Weights do not change it: they make no gain larger, and Effective counts them.
	// Of summed samples it is +Inf unless few of them carry the gains: buckets are too few, and means of
	// gains have no tail of their own.
	Tail float64
	// Corrected says that the outcomes are estimates beside a few observed ones ([Outcomes.Observed]).
	// Effective is then 0 if no observation differs from its estimate: nobody knows how often others do.
	Corrected bool
}

// MinIntervalClusters is the smallest number of clusters with intervals of one router's
// metrics. The simulations in docs/metrics.md set it and the limits below.
const MinIntervalClusters = 30

// MinCorrectedClusters is the smallest number of clusters with an observed outcome with which
// estimates have intervals. With 30, intervals of the gap held the truth in 91 % of the simulations.
const MinCorrectedClusters = 40

const (
	minEffective      = 4    // smallest Effective with intervals
	wideEffective     = 10   // smallest Effective that needs no wider interval
	tailEffective     = 40   // smallest Effective at which the tail does not matter
	minTailSamples    = 5    // smallest number of samples in a tail
	minTail           = 1.4  // smallest Tail with intervals
	minBandTail       = 1.75 // smallest Tail with bands
	minBandClusters   = 40   // smallest number of clusters with bands
	wideBandEffective = 50   // smallest Effective that needs no wider band
)

// NewSupport measures the support of the outcomes. cluster[i] is the cluster of sample i, from
// [ClusterIDs].
func NewSupport(o Outcomes, cluster []int) Support {
	g := o.Gains()
	mean := o.mean(g)
	size, total := o.clusterSums(g, cluster)
	for c := range size {
		total[c] -= float64(size[c] * mean)
	}
	observed, clusters := o.observed(g, cluster, len(size))
	if o.Observed != nil {
		mean = sum(observed) / float64(len(observed))
	}
	out := Support{clusters, Effective(total), tail(observed, mean), o.Observed != nil}
	if o.Summed && o.effective(mean) >= tailEffective {
		out.Tail = math.Inf(1)
	}
	if o.unchecked() {
		out.Effective = 0
	}
	return out
}

// effective returns the effective number of samples that carry the spread of the gains.
func (o Outcomes) effective(mean float64) float64 {
	d := o.Gains()
	for i := range d {
		d[i] -= mean
	}
	return Effective(o.times(d))
}

// Needed returns the smallest number of clusters with intervals of one router's metrics.
func (s Support) Needed() int {
	if s.Corrected {
		return MinCorrectedClusters
	}
	return MinIntervalClusters
}

// unchecked reports whether the observed outcomes of a model, or the observed gains, are all equal to
// the estimates, though other samples have estimates alone.
func (o Outcomes) unchecked() bool {
	if o.Observed == nil || !slices.ContainsFunc(o.Observed, math.IsNaN) {
		return false
	}
	const digits = 1e-9 // what is left of equal labels is rounding
	var off [3]float64
	scale := 0.0
	for i, gain := range o.Observed {
		if math.IsNaN(gain) {
			continue
		}
		strong := o.ObservedStrong[i]
		for k, d := range [...]float64{o.Strong[i] - strong, o.Weak[i] - (strong - gain), o.Strong[i] - o.Weak[i] - gain} {
			off[k] = max(off[k], math.Abs(d))
		}
		scale = max(scale, math.Abs(strong), math.Abs(gain))
	}
	return slices.Min(off[:]) <= digits*scale
}

// observed returns the observed gains, and the number of the clusters, of which there are so many in
// all, that hold one.
func (o Outcomes) observed(gains []float64, cluster []int, all int) (observed []float64, clusters int) {
	if o.Observed == nil {
		return gains, all
	}
	seen := make([]bool, all)
	for i, g := range o.Observed {
		if math.IsNaN(g) {
			continue
		}
		observed = append(observed, g)
		if c := cluster[i]; !seen[c] {
			seen[c] = true
			clusters++
		}
	}
	return observed, clusters
}

// Effective returns (sum d^2)^2 / sum d^4, +Inf if all d are 0: the effective number of clusters
// that carry a sum of the clusters' influences d.
func Effective(d []float64) float64 {
	squares, fourth := 0.0, 0.0
	for _, x := range d {
		squares += float64(x * x)
		fourth += float64(x * x * x * x)
	}
	if fourth == 0 {
		return math.Inf(1)
	}
	return squares * squares / fourth
}

// tail returns the smaller tail index of the gains above their mean and of the losses, by their
// distance from the mean.
func tail(gains []float64, mean float64) float64 {
	most, x := max(len(gains)/10, minTailSamples), make([]float64, 0, len(gains))
	for _, g := range gains {
		if g > mean {
			x = append(x, g-mean)
		}
	}
	above := hill(x, most)
	x = x[:0]
	for _, g := range gains {
		if g < 0 && g < mean {
			x = append(x, mean-g)
		}
	}
	return min(above, hill(x, most))
}

// hill returns Hill's estimate of the tail index of positive values from at most the given number
// of the largest, +Inf from too few.
func hill(x []float64, most int) float64 {
	slices.Sort(x)
	k := min(most, len(x)-1)
	if k < minTailSamples {
		return math.Inf(1)
	}
	least, logs := x[len(x)-1-k], 0.0
	for _, v := range x[len(x)-k:] {
		logs += math.Log(v / least)
	}
	return float64(k) / logs
}

// HeavyTailed reports whether a few gains outweigh the others so much, and their tail is so
// heavy, that no interval from resamples covers what it should.
func (s Support) HeavyTailed() bool { return s.Effective < tailEffective && s.Tail < minTail }

// Level returns the confidence to ask of [Percentile] for intervals of one router's metrics
// that have the given confidence: that of [Support.Paired], or NaN, for no interval, with few
// clusters or heavy-tailed gains.
func (s Support) Level(confidence float64) float64 {
	if s.Clusters < s.Needed() || s.HeavyTailed() {
		return math.NaN()
	}
	return s.Paired(confidence)
}

// Paired returns the confidence to ask of [Percentile] for intervals of the difference between
// two routers that have the given confidence: the same or, if few clusters carry the gains or
// the difference ([PairSupports]), a larger one. The tails are then those of Student's
// distribution with Effective degrees of freedom instead of the normal (the expanded percentile
// interval; Hesterberg, American Statistician 69, 2015). It returns NaN, for no interval, if even
// that would be too narrow.
func (s Support) Paired(confidence float64) float64 {
	if s.Effective < minEffective {
		return math.NaN()
	}
	return s.expanded(confidence, wideEffective)
}

// Band returns the confidence to ask of [SimultaneousBand], as [Support.Level] does for
// [Percentile]. A band needs more samples than an interval.
func (s Support) Band(confidence float64) float64 {
	heavy := s.Effective < tailEffective && s.Tail < minBandTail
	if s.Clusters < minBandClusters || heavy || s.Effective < minEffective {
		return math.NaN()
	}
	return s.expanded(confidence, wideBandEffective)
}

// expanded returns a larger confidence if Effective is below least.
func (s Support) expanded(confidence, least float64) float64 {
	if s.Effective >= least {
		return confidence
	}
	t := distuv.StudentsT{Sigma: 1, Nu: s.Effective}.Quantile((1 + confidence) / 2)
	return math.Erf(t / math.Sqrt2)
}

// Freedom returns the degrees of freedom of [InfluenceInterval]: the number of clusters minus 1
// or, if few clusters carry the gains, Effective. It returns NaN, for no interval, where
// [Support.Level] does.
func (s Support) Freedom() float64 {
	switch {
	case math.IsNaN(s.Level(0.5)):
		return math.NaN()
	case s.Effective < wideEffective:
		return s.Effective
	}
	return float64(s.Clusters - 1)
}
