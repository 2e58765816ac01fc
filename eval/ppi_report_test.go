package eval_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/ppi"
)

// judged is a population of prompts whose answers a judge labels, and a gold part of each sample of
// it. The judge flatters the strong model on prompts with a high score and the weak one nowhere, so
// that it is wrong about every metric.
type judged struct {
	samples, gold int     // number of clusters, and of those in the gold part
	correlation   float64 // correlation of both labels, apart from the bias
	graded        bool    // outcomes are 1 to 10 and not 0 or 1
	size          int     // number of prompts per cluster, with the same score; 0 for one
	fair          bool    // the judge is not biased
}

// sd is about the standard deviation of an outcome.
func (j judged) sd() float64 {
	if j.graded {
		return 2
	}
	return 0.45
}

// pair draws the outcomes of both models at a score.
func (j judged) pair(r *rand.Rand, z float64) (strong, weak float64) {
	strong, weak = sigmoid(1.6-0.3*z), sigmoid(0.6-0.9*z)
	if j.graded {
		grade := func(p float64) float64 { return 1 + 9*min(1, max(0, p+0.15*r.NormFloat64())) }
		return grade(strong), grade(weak)
	}
	return rightWrong(r, strong, 0), rightWrong(r, weak, 0)
}

// judge draws the judge's labels of two outcomes.
func (j judged) judge(r *rand.Rand, z, strong, weak float64) (float64, float64) {
	noise := j.sd() * math.Sqrt(1-j.correlation*j.correlation)
	label := func(y, bias float64) float64 {
		return 1 + float64(j.correlation*y) + float64(noise*r.NormFloat64()) + float64(bias*j.sd())
	}
	if j.fair {
		return label(strong, 0), label(weak, 0)
	}
	return label(strong, 0.4*z), label(weak, -0.3)
}

// part is a sample of the population, or the gold part of it.
type part struct {
	outcomes eval.Outcomes
	scores   []float64
	cluster  []int
}

// draw draws a sample: with the gold labels, with the judge's, and with the judge's corrected; and the
// gold part alone.
func (j judged) draw(t testing.TB, r *rand.Rand, clusters int) (truth, cheap, corrected, gold part) {
	for c := range clusters {
		z := r.NormFloat64()
		for range max(1, j.size) {
			strong, weak := j.pair(r, z)
			s, w := j.judge(r, z, strong, weak)
			truth.outcomes.Strong, truth.outcomes.Weak = append(truth.outcomes.Strong, strong), append(truth.outcomes.Weak, weak)
			cheap.outcomes.Strong, cheap.outcomes.Weak = append(cheap.outcomes.Strong, s), append(cheap.outcomes.Weak, w)
			truth.scores, truth.cluster = append(truth.scores, z), append(truth.cluster, c)
		}
	}
	cheap.scores, cheap.cluster = truth.scores, truth.cluster
	if j.gold == 0 || clusters != j.samples {
		return truth, cheap, corrected, gold
	}
	in := map[int]bool{}
	for _, c := range r.Perm(clusters)[:j.gold] {
		in[c] = true
	}
	var rows []int
	labels := [2]ppi.Labels{{Cheap: cheap.outcomes.Strong, Cluster: truth.cluster}, {Cheap: cheap.outcomes.Weak, Cluster: truth.cluster}}
	for i, c := range truth.cluster {
		strong, weak := math.NaN(), math.NaN()
		if in[c] {
			strong, weak, rows = truth.outcomes.Strong[i], truth.outcomes.Weak[i], append(rows, i)
		}
		labels[0].Gold, labels[1].Gold = append(labels[0].Gold, strong), append(labels[1].Gold, weak)
	}
	corrected = part{scores: truth.scores, cluster: truth.cluster}
	for k, to := range []*[]float64{&corrected.outcomes.Strong, &corrected.outcomes.Weak} {
		c, err := ppi.Correct(labels[k])
		if err != nil {
			t.Fatal(err)
		}
		*to = c.Outcomes
	}
	corrected.outcomes.Observed = eval.Outcomes{Strong: labels[0].Gold, Weak: labels[1].Gold}.Gains()
	corrected.outcomes.ObservedStrong = labels[0].Gold
	gold.outcomes = truth.outcomes.Select(rows)
	ids := map[int]int{}
	for _, i := range rows {
		if _, known := ids[truth.cluster[i]]; !known {
			ids[truth.cluster[i]] = len(ids)
		}
		gold.scores, gold.cluster = append(gold.scores, truth.scores[i]), append(gold.cluster, ids[truth.cluster[i]])
	}
	return truth, cheap, corrected, gold
}

// intervals returns the intervals of the strong model's mean, the gap, the APGR, the quality at 20 %
// of strong calls and CPT50. Those that are not shown are NaN.
func (p part) intervals(t testing.TB, resamples int, seed uint64) (out [5]eval.Interval) {
	boot := eval.Bootstrap{Resamples: resamples, Confidence: 0.95, Seed: seed}
	all, err := boot.Resample(p.outcomes, p.cluster, [][]float64{p.scores}, eval.Points{CPT: []float64{50}, Fractions: []float64{0, 0.2, 1}})
	if err != nil {
		t.Fatal(err)
	}
	x, level := all[0], eval.NewSupport(p.outcomes, p.cluster).Level(0.95)
	gap := make([]float64, resamples)
	for b := range gap {
		gap[b] = x.QualityAt[2][b] - x.QualityAt[0][b]
	}
	for k, values := range [][]float64{x.QualityAt[2], gap, x.APGR, x.QualityAt[1], x.CPT[0]} {
		out[k] = eval.Percentile(values, level)
	}
	return out
}

// metrics returns what the intervals are of.
func (p part) metrics(t testing.TB) [5]float64 {
	c, err := eval.NewCurve(p.outcomes, p.scores)
	if err != nil {
		t.Fatal(err)
	}
	return [5]float64{c.Strong, c.Strong - c.Weak, c.APGR(), c.QualityAt(0.2), c.CPT(50).Value}
}

// ppiHeader names the columns of the table in docs/metrics.md.
var ppiHeader = []string{
	"labels", "prompts", "gold", "correlation", "shown", "mean", "gap", "APGR", "quality @ 20 %", "CPT50", "width of the gap", "width of quality", "judge's gap", "judge's APGR",
}

// coverage returns a function that counts the runs that show an interval of APGR, those in which no
// interval lacks the truth, and the same for two intervals from the judge's labels alone. The widths
// are those of the intervals over those from the gold part alone, times the number of runs.
func (j judged) coverage(t testing.TB) func(runs int) []int {
	const resamples = 119
	return func(runs int) []int {
		population, _, _, _ := j.draw(t, rand.New(rand.NewPCG(91, 92)), 200_000)
		truth := population.metrics(t)
		rng, counts := rand.New(rand.NewPCG(93, uint64(j.samples))), make([]int, len(ppiHeader)-4)
		var width [2][2]float64
		for run := range runs {
			_, cheap, corrected, gold := j.draw(t, rng, j.samples)
			mine, theirs, alone := corrected.intervals(t, resamples, uint64(run)), cheap.intervals(t, resamples, uint64(run)), gold.intervals(t, resamples, uint64(run))
			if !math.IsNaN(mine[2].Lo) {
				counts[0]++
			}
			for k, i := range mine {
				counts[1+k] += holds(i, truth[k])
			}
			counts[8] += holds(theirs[1], truth[1])
			counts[9] += holds(theirs[2], truth[2])
			for n, k := range []int{1, 3} {
				if w, over := mine[k].Hi-mine[k].Lo, alone[k].Hi-alone[k].Lo; w > 0 && over > 0 {
					width[n][0], width[n][1] = width[n][0]+w, width[n][1]+over
				}
			}
		}
		for n, w := range width {
			counts[6+n] = int(math.Round(float64(runs) * w[0] / w[1]))
		}
		return counts
	}
}

// holds returns 1 unless an interval that is shown lacks the truth.
func holds(i eval.Interval, truth float64) int {
	if i.Lo > truth || i.Hi < truth {
		return 0
	}
	return 1
}

// ppiReport returns the table of docs/metrics.md, or the rows of it that take little time.
func ppiReport(t testing.TB, few bool) eval.Report {
	var rows []eval.ReportRow
	for k, j := range []judged{
		{samples: 300, gold: 40, correlation: 0}, {samples: 300, gold: 40, correlation: 0.5}, {samples: 300, gold: 40, correlation: 0.9},
		{samples: 600, gold: 40, correlation: 0.9}, {samples: 300, gold: 90, correlation: 0}, {samples: 300, gold: 90, correlation: 0.9},
		{samples: 2000, gold: 100, correlation: 0.5}, {samples: 2000, gold: 100, correlation: 0.9}, {samples: 2000, gold: 600, correlation: 0.5},
		{samples: 300, gold: 90, correlation: 0.9, fair: true},
		{samples: 300, gold: 40, correlation: 0.5, graded: true}, {samples: 300, gold: 40, correlation: 0.9, graded: true}, {samples: 1000, gold: 100, correlation: 0.9, graded: true},
		{samples: 300, gold: 60, correlation: 0.9, size: 3},
	} {
		name := "right or wrong"
		switch {
		case j.graded:
			name = "grades"
		case j.fair:
			name = "right or wrong, fair judge"
		case j.size > 0:
			name = "right or wrong, clusters of 3"
		}
		if !few || k == 2 || k == 10 {
			rows = append(rows, eval.ReportRow{Labels: fmt.Sprintf("%s | %d | %d | %.1f", name, j.samples*max(1, j.size), j.gold*max(1, j.size), j.correlation), Count: j.coverage(t)})
		}
	}
	within := func(column int, percent float64) bool { return column < 1 || column > 5 || percent >= 92 }
	return eval.NewReport("corrected labels", 4, ppiHeader, within, rows).Runs(1000)
}

// TestCorrectedLabels holds what the table promises, and simulates two of its rows.
func TestCorrectedLabels(t *testing.T) { ppiReport(t, true).Check(t) }

func TestCoverageReportCorrectedLabels(t *testing.T) { ppiReport(t, false).Write(t) }
