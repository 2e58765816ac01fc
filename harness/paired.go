package harness

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
)

// DifferenceInterval returns the paired bootstrap interval of the metric's value in now less
// its value in old, for one router on one benchmark. Both sets must have the router's
// scores on the same samples. metric is a path in results.json: "apgr", "auc", "cpt.50",
// "quality_at.0.5" or "fraction_for.0.9". With too few clusters, or too few that carry the gains
// ([eval.Support]), both ends are NaN.
func DifferenceInterval(now, old *ScoreSet, benchmark, router, metric string, b eval.Bootstrap) (lo, hi float64, err error) {
	d, err := newDifference(now, old, benchmark, router)
	if err != nil {
		return 0, 0, err
	}
	return d.interval(metric, b)
}

// SummaryDifferenceInterval does what [DifferenceInterval] does for the summaries of one router, which
// must be of the same samples in the same buckets.
func SummaryDifferenceInterval(now, old *Summaries, router, metric string, b eval.Bootstrap) (lo, hi float64, err error) {
	d, of := &difference{}, [2]*binned.Summary{}
	for k, s := range []*Summaries{now, old} {
		i := slices.Index(s.names(), router)
		if i < 0 {
			return 0, 0, errors.New("the router has no summary in both results")
		}
		of[k] = s.Routers[i].Summary
	}
	if err := binned.CheckPaired(of[0], of[1]); err != nil {
		return 0, 0, err
	}
	for k, s := range of {
		d.routers[k].Outcomes, d.routers[k].Cluster, d.routers[k].Scores = s.Samples()
	}
	return d.interval(metric, b)
}

// difference holds the scores of one router on one benchmark in two results: the new ones, then the
// old ones.
type difference struct {
	routers [2]eval.Scored
}

func newDifference(now, old *ScoreSet, benchmark, router string) (*difference, error) {
	a, b := now.benchmark(benchmark), old.benchmark(benchmark)
	i, j := slices.Index(now.Routers, router), slices.Index(old.Routers, router)
	switch {
	case a == nil || b == nil || i < 0 || j < 0:
		return nil, errors.New("the router has no scores in both results")
	case !slices.Equal(a.IDs, b.IDs):
		return nil, errors.New("results and baseline have different samples")
	case !slices.Equal(a.Outcomes.Strong, b.Outcomes.Strong) || !slices.Equal(a.Outcomes.Weak, b.Outcomes.Weak):
		return nil, errors.New("results and baseline have different quality on the same samples")
	case !slices.Equal(a.Outcomes.Weight, b.Outcomes.Weight):
		return nil, errors.New("results and baseline have different weights of the same samples")
	}
	clusters := eval.ClusterIDs(a.Clusters)
	return &difference{routers: [2]eval.Scored{{Outcomes: a.Outcomes, Cluster: clusters, Scores: a.Scores[i]}, {Outcomes: a.Outcomes, Cluster: clusters, Scores: b.Scores[j]}}}, nil
}

// benchmark returns the benchmark with that name; nil if the set has none.
func (s *ScoreSet) benchmark(name string) *ScoredBenchmark {
	for _, b := range s.Benchmarks {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// none reports whether both results are the same, so that the difference is 0 on any samples.
func (d *difference) none() bool {
	x, y := d.routers[0], d.routers[1]
	return slices.Equal(x.Scores, y.Scores) && slices.Equal(x.Outcomes.Weight, y.Outcomes.Weight) &&
		slices.Equal(x.Outcomes.Strong, y.Outcomes.Strong) && slices.Equal(x.Outcomes.Weak, y.Outcomes.Weak)
}

// interval measures both results on the same resamples.
func (d *difference) interval(metric string, b eval.Bootstrap) (lo, hi float64, err error) {
	points, pick, err := replicatesOf(metric)
	if err != nil {
		return 0, 0, err
	}
	if d.none() {
		return 0, 0, nil
	}
	if slices.Max(d.routers[0].Cluster)+1 < eval.MinClusters(b.Confidence) {
		return math.NaN(), math.NaN(), nil
	}
	both, err := b.ResampleScored(d.routers[:], points)
	if err != nil {
		return 0, 0, err
	}
	values, old := pick(both[0]), pick(both[1])
	for i := range values {
		values[i] -= old[i] // NaN (unknown) if neither result reaches the point
	}
	supports, err := eval.NewPairSupportsScored(d.routers[:])
	if err != nil {
		return 0, 0, err
	}
	support := supports.Of(eval.Pairing{A: 0, B: 1})
	level := support.Paired(b.Confidence)
	if support.HeavyTailed() && metric != "apgr" {
		level = math.NaN() // one router's part in the difference has no interval
	}
	found := eval.Percentile(values, level)
	return found.Lo, found.Hi, nil
}

// replicatesOf returns the points that the bootstrap has to measure for a metric, and a
// function that picks the metric from the replicates.
func replicatesOf(metric string) (eval.Points, func(eval.Replicates) []float64, error) {
	name, point, hasPoint := strings.Cut(metric, ".")
	x, err := strconv.ParseFloat(point, 64)
	switch {
	case metric == "apgr":
		return eval.Points{}, func(r eval.Replicates) []float64 { return r.APGR }, nil
	case metric == "auc":
		return eval.Points{}, func(r eval.Replicates) []float64 { return r.AUC }, nil
	case !hasPoint || err != nil:
	case name == "cpt":
		return eval.Points{CPT: []float64{x}}, func(r eval.Replicates) []float64 { return r.CPT[0] }, nil
	case name == "quality_at":
		return eval.Points{Fractions: []float64{x}}, func(r eval.Replicates) []float64 { return r.QualityAt[0] }, nil
	case name == "fraction_for":
		return eval.Points{Qualities: []float64{x}}, func(r eval.Replicates) []float64 { return r.FractionFor[0] }, nil
	}
	return eval.Points{}, nil, fmt.Errorf("no interval is made for the metric %q", metric)
}
