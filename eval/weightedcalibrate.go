package eval

import (
	"math"
	"slices"
)

// Calibrate returns what the function [Calibrate] returns where each score counts with its sample's
// weight: the threshold whose weighted share of scores at or above it is nearest to each requested
// strong fraction in [0,1]. The counts of a [Threshold] are weighted shares of the number of scores,
// rounded. Its design effect is that of the weights and of the clusters, from [ClusterIDs].
func (o Outcomes) Calibrate(scores []float64, cluster []int, fractions []float64) ([]Threshold, error) {
	plain, err := Calibrate(StreamOf(scores), fractions) // which checks everything
	if err != nil || o.Weight == nil {
		for i := range plain {
			plain[i] = plain[i].Clustered(scores, cluster)
		}
		return plain, err
	}
	order, total := descending(scores), o.total()
	for i, p := range fractions {
		t := Threshold{Fraction: p, Threshold: math.Inf(1), N: int64(len(scores))}
		above, wanted := 0.0, p*total
		for _, k := range order {
			if w := o.Weight[k]; wanted-above < w/2 && scores[k] != t.Threshold {
				break
			}
			above += o.Weight[k]
			t.Threshold = scores[k]
		}
		if n := float64(t.N); !math.IsInf(t.Threshold, 1) {
			t.AtOrAbove = int64(math.Round(above / total * n))
			if t.K = t.AtOrAbove; tiedAt(scores, t.Threshold) {
				t.K = min(t.K, int64(math.Round(p*n)))
			}
		}
		plain[i] = t.clustered(o, scores, cluster)
	}
	return plain, nil
}

// descending returns the indices of the scores, that of the largest first.
func descending(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	return order
}

// tiedAt reports whether several scores are equal to a threshold.
func tiedAt(scores []float64, threshold float64) bool {
	n := 0
	for _, s := range scores {
		if s == threshold {
			n++
		}
	}
	return n > 1
}

// Quantiles returns what [Quantiles] returns where each score counts with its sample's weight.
func (o Outcomes) Quantiles(scores []float64, points int) []float64 {
	if o.Weight == nil {
		return Quantiles(scores, points)
	}
	order := descending(scores)
	slices.Reverse(order)
	out, below, total := make([]float64, 0, points), 0.0, o.total()
	for _, k := range order {
		below += o.Weight[k]
		for len(out) < points && float64(len(out))/float64(points-1)*total <= below {
			out = append(out, scores[k])
		}
	}
	for len(out) < points { // rounding
		out = append(out, scores[order[len(order)-1]])
	}
	return out
}
