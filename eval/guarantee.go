package eval

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// Claim is a statement about routing at a threshold: a quantity D, one number per sample, has
// a mean above 0 in the population that the samples come from. Make one with [QualityClaim],
// [PGRClaim] or [CostClaim] and test it with [FixedSequence].
type Claim struct {
	at     func(threshold float64) []float64 // D of each sample
	lo, hi float64                           // bounds of D
	known  bool                              // whether the bounds hold for all samples, not only for these
}

// QualityClaim returns the claim that routing keeps a share in [0,1] of the strong model's
// quality: D = quality - share * strong quality. scores holds one score per sample. Quality
// lies in [least, most]; both are NaN if the bounds are not known, and [QualityRange] then
// takes their place.
func QualityClaim(o Outcomes, scores []float64, share, least, most float64) Claim {
	lo, hi := ShareExtremes(QualityRange(o, least, most)).bounds(share)
	return Claim{
		at: perSample(scores, func(i int, strong bool) float64 {
			if strong {
				return (1 - share) * o.Strong[i]
			}
			return o.Weak[i] - float64(share*o.Strong[i])
		}),
		lo: lo, hi: hi, known: num.Finite(least) && num.Finite(most),
	}
}

// PGRClaim returns the claim that routing recovers a share in [0,1] of the gap: D = (c -
// share) * gain, where c is 1 if the strong model is called and 0 if not. The other arguments
// are those of [QualityClaim].
func PGRClaim(o Outcomes, scores []float64, share, least, most float64) Claim {
	lo, hi := GapExtremes(QualityRange(o, least, most)).bounds(share)
	gains := o.Gains()
	return Claim{
		at: perSample(scores, func(i int, strong bool) float64 {
			if strong {
				return (1 - share) * gains[i]
			}
			return -share * gains[i]
		}),
		lo: lo, hi: hi, known: num.Finite(least) && num.Finite(most),
	}
}

// CostClaim returns the claim that routing costs less than budget per prompt on average: D =
// budget - cost of the called model. strong[i] and weak[i] are the costs of sample i with each
// model, in the unit of budget. [CostRange] takes the place of bounds.
func CostClaim(strong, weak, scores []float64, budget float64) Claim {
	cheapest, dearest := CostRange(strong, weak)
	return Claim{
		at: perSample(scores, func(i int, called bool) float64 {
			if called {
				return budget - strong[i]
			}
			return budget - weak[i]
		}),
		lo: budget - dearest, hi: budget - cheapest,
	}
}

// NewClaim returns the claim that a quantity D, which the caller computes, has a mean above 0, for
// a [ClaimTest] alone. D lies in [lo, hi]; known says whether that holds for all samples, not only
// for these.
func NewClaim(lo, hi float64, known bool) Claim { return Claim{lo: lo, hi: hi, known: known} }

// perSample returns a function that computes D of every sample at a threshold, where d
// computes it for sample i and a decision.
func perSample(scores []float64, d func(i int, strong bool) float64) func(float64) []float64 {
	return func(threshold float64) []float64 {
		out := make([]float64, len(scores))
		for i, s := range scores {
			out[i] = d(i, s >= threshold)
		}
		return out
	}
}

// ClaimTest reports whether the values d of D establish that its mean is above 0. The
// probability of establishing a false claim is at most 1 minus the confidence. Make one with
// [StudentTest] or [BettingTest].
type ClaimTest func(c Claim, d []float64) bool

// minClusters is the smallest effective number of clusters for the t-test.
const minClusters = 30

// StudentTest returns a one-sided t-test on cluster sums at a confidence in (0,1). Its level
// is approximate. It adds t^2/2 artificial clusters with the worst possible D, one of them as
// large as the largest cluster and the rest of the size of a random sample's cluster: samples
// with rare losses may happen to hold none and would then establish any claim, and the clusters
// with the losses may be larger than most. cluster[i] is the cluster of sample i, from
// [ClusterIDs]. It returns an error if the effective number of clusters is below 30.
func StudentTest(cluster []int, confidence float64) (ClaimTest, error) {
	return Outcomes{}.StudentTest(cluster, confidence)
}

// StudentTest returns the test of [StudentTest] where each sample counts with its weight. Samples that
// were drawn with the probabilities 1/weight then establish a claim about those that they were drawn
// from: the weight times D has a mean above 0 if D has one there. Where outcomes are estimates, its
// degrees of freedom count the clusters with observed ones.
func (o Outcomes) StudentTest(cluster []int, confidence float64) (ClaimTest, error) {
	if effective := o.worth(cluster); effective < minClusters {
		return nil, tooFew(1+slices.Max(cluster), effective)
	}
	test := o.newMeanTest(cluster, confidence)
	return func(c Claim, d []float64) bool {
		_, total := o.relativeSums(d, cluster)
		return test.holds(total, c.lo)
	}, nil
}

// tooFew returns the error about too few clusters, which names the effective number too if
// unequal sizes make it smaller.
func tooFew(clusters int, effective float64) error {
	if effective > float64(clusters)-0.05 {
		return fmt.Errorf("%s %s too few for a t-test: want at least %d",
			text.Plural(clusters, "independent sample"), text.Agree(clusters, "is", "are"), minClusters)
	}
	return fmt.Errorf("%d clusters of unequal size count as only %.1f of equal size, too few for a t-test: want at least %d", clusters, effective, minClusters)
}

// BettingTest returns an exact test at a confidence in (0,1): its level holds for any number
// of samples and any distribution within the bounds of D, which must be known
// ([Claim.Bounded]). It starts with a capital of 1 and multiplies it by 1 + bet * D in each
// round. If the mean of D is at most 0, no bet gains on average, so the capital exceeds 1/(1 -
// confidence) with a probability of at most 1 - confidence (Markov's inequality; Waudby-Smith
// and Ramdas, J. R. Stat. Soc. B 86, 2024, "Estimating means of bounded random variables by
// betting"). The capital is split over six fixed bets, suited to standard deviations from 1/2
// to 1/64 of D's range, so the order of the samples does not matter. A round uses the sum of D
// over one cluster. The bets are sized so that none is lost on a cluster as large as the largest
// one, so the level holds for a population that has no larger clusters. cluster[i] is the
// cluster of sample i, from [ClusterIDs].
func BettingTest(cluster []int, confidence float64) ClaimTest {
	return Outcomes{}.BettingTest(cluster, confidence)
}

// BettingTest returns the test of [BettingTest] where each sample counts with its weight, as in
// [Outcomes.StudentTest]. Its level holds for a population without larger weights of a cluster.
func (o Outcomes) BettingTest(cluster []int, confidence float64) ClaimTest {
	size, _ := o.relativeSums(make([]float64, len(cluster)), cluster)
	rounds, largest := float64(len(size)), slices.Max(size)
	return func(c Claim, d []float64) bool {
		_, total := o.relativeSums(d, cluster)
		capital := make([]float64, betKinds)
		for k := range capital {
			sd := (c.hi - c.lo) / float64(int(2)<<k)
			bet := min(-0.99/c.lo, math.Sqrt(-2*math.Log(1-confidence)/rounds)/sd) / largest
			for _, x := range total {
				capital[k] += math.Log1p(bet * x)
			}
		}
		return logMean(capital) >= -math.Log(1-confidence)
	}
}

// betKinds is the number of bets over which BettingTest splits its capital.
const betKinds = 6

// logMean returns the logarithm of the mean of exp(logs).
func logMean(logs []float64) float64 {
	most, s := slices.Max(logs), 0.0
	for _, l := range logs {
		s += math.Exp(l - most)
	}
	return most + math.Log(s/float64(len(logs)))
}

// Bounded reports whether D has known bounds with a negative lower one, as [BettingTest]
// needs.
func (c Claim) Bounded() bool { return c.known && c.lo < 0 && c.hi > c.lo }

// FixedSequence tests the claim at each threshold in turn, at full level, and stops at the
// first threshold at which it is not established. The probability of any false claim among
// those established is at most that of a single test (Maurer, Hothorn and Lehmacher 1995). The
// thresholds and their order must not depend on the outcomes. It returns the index of the
// last threshold at which the claim is established, or -1 if there is none.
func FixedSequence(thresholds []float64, c Claim, established ClaimTest) int {
	for i, t := range thresholds {
		if !established(c, c.at(t)) {
			return i - 1
		}
	}
	return len(thresholds) - 1
}

// Grid returns thresholds from always to never calling the strong model: at most points
// distinct quantiles of the scores in ascending order, then +Inf. points must be at least 2.
func Grid(scores []float64, points int) []float64 {
	grid := append(Quantiles(scores, points), math.Inf(1))
	return slices.Compact(grid)
}

// Quantiles returns at most points of the scores in ascending order, evenly spread over their
// ranks and including the smallest and the largest. points must be at least 2.
func Quantiles(scores []float64, points int) []float64 {
	sorted := slices.Sorted(slices.Values(scores))
	if len(sorted) <= points {
		return sorted
	}
	out := make([]float64, points)
	for i := range out {
		out[i] = sorted[i*(len(sorted)-1)/(points-1)]
	}
	return out
}
