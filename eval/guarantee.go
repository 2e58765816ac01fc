package eval

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/routellm/routellm/internal/num"
)

// Claim is a statement about routing at a threshold: that a quantity D, one number
// a sample, has a mean above 0 on all prompts like the samples.
type Claim struct {
	at     func(threshold float64) []float64
	lo, hi float64 // bounds of D; NaN where they are not known
}

// QualityClaim says that routing keeps a share in [0,1] of the strong model's
// quality: D = quality - share strong. There is a score a sample; quality lies in
// [least, most], NaN where that is not known.
func QualityClaim(o Outcomes, scores []float64, share, least, most float64) Claim {
	return Claim{
		at: perSample(scores, func(i int, strong bool) float64 {
			if strong {
				return (1 - share) * o.Strong[i]
			}
			return o.Weak[i] - float64(share*o.Strong[i])
		}),
		lo: least - float64(share*most), hi: most - float64(share*least),
	}
}

// PGRClaim says that routing recovers a share in [0,1] of the gap: D = (c - share)
// gain, c = 1 where the strong model is called. Bounds as for [QualityClaim].
func PGRClaim(o Outcomes, scores []float64, share, least, most float64) Claim {
	reach := max(share, 1-share) * (most - least)
	gains := o.Gains()
	return Claim{
		at: perSample(scores, func(i int, strong bool) float64 {
			if strong {
				return (1 - share) * gains[i]
			}
			return -share * gains[i]
		}),
		lo: -reach, hi: reach,
	}
}

// CostClaim says that routing costs less than budget a prompt: D = budget - cost of
// the model called. strong and weak are the costs of each sample.
func CostClaim(strong, weak, scores []float64, budget float64) Claim {
	return Claim{
		at: perSample(scores, func(i int, called bool) float64 {
			if called {
				return budget - strong[i]
			}
			return budget - weak[i]
		}),
		lo: math.NaN(), hi: math.NaN(),
	}
}

func perSample(scores []float64, d func(i int, strong bool) float64) func(float64) []float64 {
	return func(threshold float64) []float64 {
		out := make([]float64, len(scores))
		for i, s := range scores {
			out[i] = d(i, s >= threshold)
		}
		return out
	}
}

// ClaimTest decides whether samples of D establish that its mean is above 0, with an
// error of the first kind of at most one minus the confidence.
type ClaimTest func(c Claim, d []float64) bool

// minClusters is how many clusters the t-test needs.
const minClusters = 30

// StudentTest is the one-sided t-test on cluster sums, with t^2/2 made-up clusters of the
// worst D beside the others: where losses are rare the samples may happen to hold none, and
// would prove anything. (For 0/1 values that is about the score test, as Agresti and
// Coull 1998 have it.) cluster is as from [ClusterIDs]; fewer than 30 clusters are an
// error. The level is approximate.
func StudentTest(cluster []int, confidence float64) (ClaimTest, error) {
	size, _ := clusterSums(make([]float64, len(cluster)), cluster)
	if len(size) < minClusters {
		return nil, fmt.Errorf("%d independent samples are too few for a t-test: want at least %d", len(size), minClusters)
	}
	critical := distuv.StudentsT{Sigma: 1, Nu: float64(len(size) - 1)}.Quantile(confidence)
	return func(c Claim, d []float64) bool {
		mean, se, _ := clusterMeanWith(d, cluster, c.worst(), critical*critical/2)
		return mean > critical*se && mean > 0
	}, nil
}

// worst is the least that D can be: its bound, else the least with any decisions.
func (c Claim) worst() float64 {
	if num.Finite(c.lo) {
		return c.lo
	}
	return min(slices.Min(c.at(math.Inf(1))), slices.Min(c.at(math.Inf(-1))))
}

// BettingTest multiplies capital by 1 + bet D from sample to sample. While the mean
// of D is at most 0 no bet gains on average, so that capital above 1/(1 -
// confidence) has at most that probability, for any number of samples and any
// distribution within the bounds (Markov's inequality; Waudby-Smith and Ramdas, J.
// R. Stat. Soc. B 86, 2024, "Estimating means of bounded random variables by
// betting"). The capital is shared out over six bets that suit standard deviations
// from half to a 64th of D's range and stay the same throughout, so that the order
// of the samples plays no part. A cluster is one round with its sum; its size must
// not depend on the outcomes.
func BettingTest(cluster []int, confidence float64) ClaimTest {
	size, _ := clusterSums(make([]float64, len(cluster)), cluster)
	rounds, largest := float64(len(size)), slices.Max(size)
	return func(c Claim, d []float64) bool {
		_, total := clusterSums(d, cluster)
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

const betKinds = 6

// logMean is the logarithm of the mean of what the logarithms stand for.
func logMean(logs []float64) float64 {
	most, s := slices.Max(logs), 0.0
	for _, l := range logs {
		s += math.Exp(l - most)
	}
	return most + math.Log(s/float64(len(logs)))
}

// Bounded reports whether D has known bounds, as [BettingTest] needs, with room for
// a loss.
func (c Claim) Bounded() bool { return c.lo < 0 && c.hi > c.lo && !math.IsInf(c.lo, 0) }

// FixedSequence tests the claim at each threshold in turn, at full level, and stops
// at the first that is not established: the chance of any false one among those
// before it is at most that of one test (Maurer, Hothorn and Lehmacher 1995). The
// thresholds and their order must not depend on the outcomes. It returns the index
// of the last established one, -1 for none.
func FixedSequence(thresholds []float64, c Claim, established ClaimTest) int {
	for i, t := range thresholds {
		if !established(c, c.at(t)) {
			return i - 1
		}
	}
	return len(thresholds) - 1
}

// Grid returns at most points quantiles of the scores, ascending, each once, and
// after them +Inf: thresholds from always to never calling the strong model.
func Grid(scores []float64, points int) []float64 {
	grid := append(Quantiles(scores, points), math.Inf(1))
	return slices.Compact(grid)
}

// Quantiles returns at most points of the scores, sorted, evenly spread over their
// ranks, with both ends. points must be at least 2.
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
