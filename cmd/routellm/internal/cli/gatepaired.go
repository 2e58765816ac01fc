package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/eval"
)

// paired returns what makes intervals of differences between the results and the
// baseline. The samples beside both are read when the first is asked for.
func (o gateOptions) paired(ctx context.Context, results string) func(benchmark, router, metric string) (lo, hi float64, err error) {
	var now, old *lineup
	var unread error
	return func(benchmark, router, metric string) (float64, float64, error) {
		if now == nil && unread == nil {
			if now, unread = readLineup(results, ""); unread == nil {
				old, unread = readLineup(o.Baseline, "")
			}
		}
		if unread != nil {
			return 0, 0, unread
		}
		d, err := newDifference(now, old, benchmark, router)
		if err != nil {
			return 0, 0, err
		}
		stopped := func(int, int) error { return context.Cause(ctx) }
		return d.interval(metric, eval.Bootstrap{Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Progress: stopped})
	}
}

// difference is one router on one benchmark in both results.
type difference struct {
	outcomes eval.Outcomes
	clusters []int
	scores   [][]float64 // of the results, of the baseline
}

func newDifference(now, old *lineup, benchmark, router string) (*difference, error) {
	a, b := contestOf(now, benchmark), contestOf(old, benchmark)
	i, j := slices.Index(now.routers, router), slices.Index(old.routers, router)
	switch {
	case a == nil || b == nil || i < 0 || j < 0:
		return nil, errors.New("it has no scores in both results")
	case !slices.Equal(a.ids, b.ids):
		return nil, errors.New("results and baseline have different samples")
	case !slices.Equal(a.outcomes.Strong, b.outcomes.Strong) || !slices.Equal(a.outcomes.Weak, b.outcomes.Weak):
		return nil, errors.New("results and baseline have different qualities of the same samples")
	}
	return &difference{a.outcomes, eval.ClusterIDs(a.clusters), [][]float64{a.scores[i], b.scores[j]}}, nil
}

func contestOf(l *lineup, benchmark string) *contest {
	for _, c := range l.benches {
		if c.name == benchmark {
			return c
		}
	}
	return nil
}

// interval measures both on the same resamples.
func (d *difference) interval(metric string, b eval.Bootstrap) (lo, hi float64, err error) {
	asked, pick, err := replicatesOf(metric)
	if err != nil {
		return 0, 0, err
	}
	if slices.Equal(d.scores[0], d.scores[1]) {
		return 0, 0, nil // on any samples
	}
	if slices.Max(d.clusters)+1 < eval.MinClusters(b.Confidence) {
		return math.NaN(), math.NaN(), nil
	}
	both, err := b.Resample(d.outcomes, d.clusters, d.scores, asked)
	if err != nil {
		return 0, 0, err
	}
	values, old := pick(both[0]), pick(both[1])
	for i := range values {
		values[i] -= old[i] // NaN where neither is ever reached: nothing is known
	}
	found := eval.Percentile(values, b.Confidence)
	return found.Lo, found.Hi, nil
}

// replicatesOf says what to ask the bootstrap for a metric, and where it then is.
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
	return eval.Points{}, nil, fmt.Errorf("none is made of %q", metric)
}
