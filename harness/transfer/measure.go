package transfer

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
)

// Result is a router's mean APGR over the pairs of a set.
type Result struct {
	Pairs  int     // number of pairs whose gap exceeds 4 standard errors
	APGR   float64 // mean APGR over these pairs; NaN without any
	SE     float64 // cluster-robust standard error over prompts, the pairs held fixed
	Lo, Hi float64 // 95 % interval
	P      float64 // two-sided p value of APGR = 0.5
}

// missing returns the result where there is nothing to measure.
func missing(pairs int) Result {
	nan := math.NaN()
	return Result{pairs, nan, nan, nan, nan, nan}
}

// Measure returns the mean APGR of a router's scores, one per prompt of the set. All pairs share the
// prompts, so that the influence of a prompt is the mean of its influences on the pairs.
func Measure(s *Set, scores []float64) (Result, error) {
	pairs := s.pairs
	if len(pairs) == 0 {
		return missing(0), nil
	}
	n, mean := float64(len(s.Prompts)), 0.0
	influence := make([]float64, len(s.Prompts))
	for _, p := range pairs {
		picked := slicesx.Pick(scores, p.rows)
		curve, err := eval.NewCurve(p.Outcomes, picked)
		if err != nil {
			return missing(0), err
		}
		pull, err := eval.Influence(p.Outcomes, picked)
		if err != nil {
			return missing(0), err
		}
		mean += curve.APGR() / float64(len(pairs))
		for k, i := range p.rows {
			influence[i] += pull[k] * (n / float64(len(p.rows)*len(pairs)))
		}
	}
	return resultOf(len(pairs), mean, eval.ClusterSE(influence, s.Cluster), clusters(s.Cluster)), nil
}

// resultOf adds an interval and a p value, by Student's distribution.
func resultOf(pairs int, apgr, se float64, clusters int) Result {
	if clusters < 2 {
		return missing(pairs)
	}
	t := distuv.StudentsT{Sigma: 1, Nu: float64(clusters - 1)}
	half := t.Quantile(0.975) * se
	p := 1.0 // equal scores: the router is random, without an error
	if se > 0 {
		p = 2 * t.CDF(-math.Abs(apgr-0.5)/se)
	}
	return Result{pairs, apgr, se, apgr - half, apgr + half, p}
}

func clusters(of []int) int {
	last := 0
	for _, c := range of {
		last = max(last, c+1)
	}
	return last
}
