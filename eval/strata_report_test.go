package eval_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/routellm/routellm/eval"
)

// strata is a population of tasks that differ in size and in how hard they are. A sample draws equally
// many prompts of each, so that their weights differ.
type strata struct {
	each  int       // number of prompts drawn per task
	share []float64 // share of each task in the population
}

// prompt draws a prompt of a task: the router's score and both outcomes.
func (s strata) prompt(r *rand.Rand, task int) (z, strong, weak float64) {
	hard := float64(task) - float64(len(s.share)-1)/2
	z = r.NormFloat64() + 0.4*hard
	return z, rightWrong(r, sigmoid(1.9-0.4*z-0.2*hard), 0), rightWrong(r, sigmoid(0.8-0.8*z-0.3*hard), 0)
}

// sample draws a stratified sample with weights.
func (s strata) sample(r *rand.Rand) (p part) {
	for task, share := range s.share {
		for range s.each {
			z, strong, weak := s.prompt(r, task)
			p.add(z, strong, weak)
			p.outcomes.Weight = append(p.outcomes.Weight, share)
		}
	}
	return p
}

// population draws many prompts as they come.
func (s strata) population() (p part) {
	r := rand.New(rand.NewPCG(61, 62))
	for task, share := range s.share {
		for range int(400_000 * share) {
			p.add(s.prompt(r, task))
		}
	}
	return p
}

// add adds an independent sample.
func (p *part) add(z, strong, weak float64) {
	p.cluster = append(p.cluster, len(p.scores))
	p.scores = append(p.scores, z)
	p.outcomes.Strong, p.outcomes.Weak = append(p.outcomes.Strong, strong), append(p.outcomes.Weak, weak)
}

// keeps returns the share of the strong model's quality that a threshold keeps.
func (p part) keeps(threshold float64) float64 {
	strong, routed := 0.0, 0.0
	for i, z := range p.scores {
		strong += p.outcomes.Strong[i]
		if z >= threshold {
			routed += p.outcomes.Strong[i]
		} else {
			routed += p.outcomes.Weak[i]
		}
	}
	return routed / strong
}

// guaranteed returns the threshold that a sample establishes to keep a share of the quality: -Inf if
// it establishes none.
func (p part) guaranteed(t testing.TB, share float64) float64 {
	test, err := p.outcomes.StudentTest(p.cluster, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	grid := []float64{-2, -1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, math.Inf(1)}
	last := eval.FixedSequence(grid, eval.QualityClaim(p.outcomes, p.scores, share, 0, 1), test)
	if last < 0 {
		return math.Inf(-1)
	}
	return grid[last]
}

// strataHeader names the columns of the table in docs/metrics.md.
var strataHeader = []string{"tasks", "prompts per task", "shown", "mean", "gap", "APGR", "quality @ 20 %", "CPT50", "guarantee", "without weights"}

// coverage counts the runs that show an interval of APGR, those in which no interval lacks the truth,
// those whose guarantee is true, and those whose interval of the gap would hold the truth if all
// samples counted alike.
func (s strata) coverage(t testing.TB) func(runs int) []int {
	const resamples, share = 119, 0.95
	return func(runs int) []int {
		population := s.population()
		truth := population.metrics(t)
		rng, counts := rand.New(rand.NewPCG(63, uint64(s.each))), make([]int, len(strataHeader)-2)
		kept := map[float64]float64{}
		for run := range runs {
			p := s.sample(rng)
			shown := p.intervals(t, resamples, uint64(run))
			if !math.IsNaN(shown[2].Lo) {
				counts[0]++
			}
			for k, i := range shown {
				counts[1+k] += holds(i, truth[k])
			}
			at := p.guaranteed(t, share)
			if _, known := kept[at]; !known {
				kept[at] = population.keeps(at)
			}
			if kept[at] >= share {
				counts[6]++
			}
			p.outcomes.Weight = nil
			counts[7] += holds(p.intervals(t, resamples, uint64(run))[1], truth[1])
		}
		return counts
	}
}

// strataReport returns the table of docs/metrics.md, or the first of its rows.
func strataReport(t testing.TB, few bool) eval.Report {
	var rows []eval.ReportRow
	for _, s := range []strata{
		{40, []float64{0.5, 0.25, 0.15, 0.1}}, {100, []float64{0.5, 0.25, 0.15, 0.1}}, {40, []float64{0.02, 0.03, 0.05, 0.1, 0.8}},
		{20, []float64{0.3, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05, 0.04, 0.03, 0.03}},
	} {
		rows = append(rows, eval.ReportRow{Labels: fmt.Sprintf("%d of %.0f to %.0f %% | %d", len(s.share), 100*slices.Min(s.share), 100*slices.Max(s.share), s.each), Count: s.coverage(t)})
	}
	if few {
		rows = rows[:1]
	}
	within := func(column int, percent float64) bool { return column < 1 || column > 6 || percent >= 92 }
	return eval.NewReport("sampling weights", 2, strataHeader, within, rows).Runs(1000)
}

// TestSamplingWeights holds what the table promises, and simulates one of its rows.
func TestSamplingWeights(t *testing.T) { strataReport(t, true).Check(t) }

func TestCoverageReportSamplingWeights(t *testing.T) { strataReport(t, false).Write(t) }
