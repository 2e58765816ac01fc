package eval

import (
	"errors"
	"math"
	"slices"
)

// Drift compares the scores of new prompts with the calibration scores.
type Drift struct {
	N, M int     // number of calibration scores and of new scores
	KS   float64 // largest distance between the two distribution functions, in [0,1]
	P    float64 // probability of a distance at least as large if the scores have not drifted
	PSI  float64 // population stability index; 0 without drift
}

// psiBins is the number of bins of equal mass over which the population stability index sums.
const psiBins = 10

// MaxReference is the largest number of calibration scores worth keeping; [Quantiles] thins
// them. The test treats the kept scores as a sample of that size, which makes P larger
// (more cautious).
const MaxReference = 2001

// NewDrift compares new scores with calibration scores. Both must be finite. P comes from
// Kolmogorov's limiting distribution of sqrt(nm/(n+m)) KS (Smirnov, Ann. Math. Stat. 19,
// 1948), for independent scores; [Drift.Worth] corrects it for clusters. In small samples and
// with ties P is too large, which is cautious. It returns an error if either side is empty.
func NewDrift(calibration, fresh []float64) (Drift, error) {
	if len(calibration) == 0 || len(fresh) == 0 {
		return Drift{}, errors.New("no scores to compare: want at least one calibration score and one new score")
	}
	a, b := slices.Sorted(slices.Values(calibration)), slices.Sorted(slices.Values(fresh))
	d := Drift{N: len(a), M: len(b), KS: distance(a, b), PSI: stability(a, b)}
	return d.Worth(float64(d.N), float64(d.M)), nil
}

// Worth returns the drift with the P of n independent calibration scores and m independent new
// scores, as many as the scores in clusters are worth: see [EffectiveScores].
func (d Drift) Worth(n, m float64) Drift {
	d.P = KolmogorovP(d.KS, n, m)
	return d
}

// EffectiveScores returns the number of independent scores that clustered scores are worth for
// a comparison of distributions: their number divided by the effect of [ScoreDesign].
func EffectiveScores(scores []float64, cluster []int) float64 {
	return float64(len(scores)) / max(1, ScoreDesign(scores, cluster).Effect)
}

// ScoreDesign returns the largest design effect, from [NewDesign], on the share of scores above
// a decile; the zero Design for independent scores or none. cluster[i] is the cluster of score
// i, from [ClusterIDs].
func ScoreDesign(scores []float64, cluster []int) (largest Design) {
	sorted, hit := slices.Sorted(slices.Values(scores)), make([]bool, len(scores))
	for k := 1; k < psiBins && len(sorted) > 0; k++ {
		for i, s := range scores {
			hit[i] = s >= sorted[k*len(sorted)/psiBins]
		}
		if d := NewDesign(hit, cluster); d.Effect > largest.Effect {
			largest = d
		}
	}
	return largest
}

// KolmogorovP returns the P of a distance between two samples that are worth n and m independent scores.
func KolmogorovP(distance, n, m float64) float64 {
	return kolmogorovTail(math.Sqrt(n*m/(n+m)) * distance)
}

// StabilityIndex returns the population stability index of two histograms on the same bins, each of which holds
// the number of scores, as [NewDrift] computes it.
func StabilityIndex(calibration, fresh []float64) float64 {
	p, q, index := shareOf(calibration), shareOf(fresh), 0.0
	for k := range p {
		index += (q[k] - p[k]) * math.Log(q[k]/p[k])
	}
	return index
}

// shareOf returns the share of the scores in each bin, with half a score added to each bin.
func shareOf(counts []float64) []float64 {
	out, total := make([]float64, len(counts)), sum(counts)+float64(len(counts))/2
	for k, n := range counts {
		out[k] = (n + 0.5) / total
	}
	return out
}

// PSIBins is the number of bins of equal mass over which the population stability index sums.
const PSIBins = psiBins

// Drifted reports whether the scores have drifted: the difference is significant (P < 1 -
// confidence) and not small (PSI >= 0.1, the customary bound of a moderate shift).
func (d Drift) Drifted(confidence float64) bool { return d.P < 1-confidence && d.PSI >= 0.1 }

// distance returns the Kolmogorov-Smirnov statistic of two sorted samples. It compares the
// distribution functions only after both have taken all their steps at a value.
func distance(a, b []float64) float64 {
	most, i, j := 0.0, 0, 0
	for i < len(a) && j < len(b) {
		x := min(a[i], b[j])
		for i < len(a) && a[i] == x {
			i++
		}
		for j < len(b) && b[j] == x {
			j++
		}
		most = max(most, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return most
}

// kolmogorovTail returns P(K > x) for Kolmogorov's distribution. One series converges fast
// for x < 1, the other for x >= 1.
func kolmogorovTail(x float64) float64 {
	s := 0.0
	if x < 1 { // the other form of the theta function
		for k := 1.0; k < 10; k++ {
			s += math.Exp(-(2*k - 1) * (2*k - 1) * math.Pi * math.Pi / (8 * x * x))
		}
		if x <= 0 {
			return 1
		}
		return 1 - math.Sqrt(2*math.Pi)/x*s
	}
	sign := 1.0
	for k := 1.0; k < 10; k++ {
		s += sign * math.Exp(-2*k*k*x*x)
		sign = -sign
	}
	return 2 * s
}

// stability returns the population stability index of sorted samples a and b: the sum of
// (q - p) ln(q/p) over bins that each hold a tenth of a. Half a score is added to each bin,
// so that an empty bin does not make the index infinite.
func stability(a, b []float64) float64 {
	var bounds []float64 // inclusive upper end of each bin except the last
	for k := 1; k < psiBins; k++ {
		if bound := a[k*len(a)/psiBins]; bound < a[len(a)-1] {
			bounds = append(bounds, bound)
		}
	}
	bounds = slices.Compact(bounds)
	return StabilityIndex(counts(a, bounds), counts(b, bounds))
}

// counts returns the number of sorted x in each bin.
func counts(x, bounds []float64) []float64 {
	out, before := make([]float64, len(bounds)+1), 0
	for k := range out {
		end := len(x)
		if k < len(bounds) {
			end, _ = slices.BinarySearchFunc(x, bounds[k], func(v, bound float64) int {
				if v <= bound {
					return -1
				}
				return 1
			})
		}
		out[k] = float64(end - before)
		before = end
	}
	return out
}
