package eval

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// coverageHeader names the columns of the table in docs/metrics.md.
var coverageHeader = []string{
	"data", "n", "shown", "APGR", "influence", "CPT20", "CPT50", "CPT80", "AUC", "quality @ 20 %", "calls for 95 %", "band", "difference", "equal",
}

// coverageReport is the table of docs/metrics.md.
func coverageReport(t testing.TB) report {
	// With each number, the percentile interval leaves out 2.5 % at both ends. Fewer than 371
	// resamples have no interval at the smallest [Support.Effective].
	const resamples, fewResamples, fewestResamples = 399, 119, 39
	r := report{
		document: "../docs/metrics.md", name: "intervals", labels: 2, header: coverageHeader,
		within: func(column int, percent float64) bool { return column == 0 || percent >= 92 },
	}
	add := func(name string, p prompts, resamples int, sizes ...int) {
		for _, n := range sizes {
			labels := fmt.Sprintf("%s | %d", name, n)
			r.regimes = append(r.regimes, regime{labels, p.coverage(n, resamples), coverageCounts[labels]})
		}
	}
	add("like MT Bench", benchmark(t, "mt-bench"), resamples, 72)
	gsm := benchmark(t, "gsm8k")
	add("like GSM8K", gsm, fewResamples, 300, 1307)
	add("like GSM8K, clusters of 1 to 5", gsm.in(func(r *rand.Rand) int { return 1 + r.IntN(5) }, 0.5), fewResamples, 436)
	add("like MMLU", benchmark(t, "mmlu"), fewestResamples, 14037)
	uniform, slices := simulated(3, uniformGrades), []int{2, 10, 30, 50}
	add("uniform grades", uniform, resamples, slices...)
	add("grades near 0 and 1", simulated(3, extremeGrades), resamples, slices...)
	add("right or wrong", simulated(3, rightOrWrong), resamples, slices...)
	add("large gap", simulated(3, clearGap), resamples, slices...)
	add("losses of 20, 1 %", simulated(1, rareLosses(0.01, 20)), resamples, 300)
	add("losses of 8, 2 %", simulated(1, rareLosses(0.02, 8)).known(400_000), resamples, 300, 1000)
	add("losses of 4, 5 %", simulated(1, rareLosses(0.05, 4)), resamples, 100, 300)
	add("lognormal gains, 1", simulated(1, lognormalGains(1)), resamples, 100, 300)
	add("lognormal gains, 1.5", simulated(1, lognormalGains(1.5)), resamples, 300)
	add("lognormal gains, 2", simulated(1, lognormalGains(2)), resamples, 300)
	add("lognormal losses, 1", simulated(1, lognormalLosses(1)), resamples, 300)
	add("lognormal losses, 1.5", simulated(1, lognormalLosses(1.5)), resamples, 300)
	add("clusters, geometric sizes", uniform.in(geometricSize(4), 0.5), resamples, 150)
	add("clusters, lognormal sizes", uniform.in(lognormalSize(1.5), 0.5), resamples, 150)
	add("clusters, Pareto sizes", uniform.in(paretoSize(1.2), 0.5), resamples, 150)
	add("2 % ranked otherwise, uniform grades", uniform.twins(0.02), resamples, 300)
	add("2 % ranked otherwise, right or wrong", simulated(3, rightOrWrong).twins(0.02), resamples, 300)
	add("2 % ranked otherwise, losses of 4, 5 %", simulated(1, rareLosses(0.05, 4)).twins(0.02), resamples, 300)
	return r
}

// coverage returns a function that counts, over a number of runs, those that show an interval
// of APGR, and those that show no interval without the truth: one count per column. A column
// is -1 if no run shows its interval.
func (p prompts) coverage(n, resamples int) func(runs int) []int {
	return func(runs int) []int {
		rng := rand.New(rand.NewPCG(11, uint64(n)))
		counts, shown := make([]int, len(coverageHeader)-2), make([]int, len(coverageHeader)-2)
		for run := range runs {
			o, cluster, scores := p.sample(rng, n)
			e := experiment{Outcomes: o, cluster: cluster, scores: scores[:], support: NewSupport(o, cluster)}
			e.boot = Bootstrap{Resamples: resamples, Confidence: 0.95, Seed: uint64(run)}
			for k, v := range e.verdicts(p.truth()) {
				counts[k+1] += b2i(v != missed)
				shown[k+1] += b2i(v != hidden)
			}
		}
		counts[0] = shown[1]
		for k := range counts {
			if k > 0 && shown[k] == 0 {
				counts[k] = -1
			}
		}
		return counts
	}
}

// TestCoverage holds the counts of the table in docs/metrics.md at few runs, and what the table
// promises.
func TestCoverage(t *testing.T) { coverageReport(t).check(t) }

func TestCoverageReportIntervals(t *testing.T) { coverageReport(t).write(t) }

// coverageCounts pins what 100 runs count, by the labels of a row.
var coverageCounts = map[string][]int{
	"like MT Bench | 72":                           {74, 96, 98, 97, 99, 96, 92, 94, 98, 97, 94, 98},
	"like GSM8K | 300":                             {100, 95, 94, 98, 95, 98, 95, 92, 98, 94, 96, 94},
	"like GSM8K | 1307":                            {100, 93, 94, 96, 98, 96, 97, 98, 93, 96, 96, 95},
	"like GSM8K, clusters of 1 to 5 | 436":         {100, 96, 95, 94, 94, 95, 95, 98, 97, 95, 96, 95},
	"like MMLU | 14037":                            {100, 94, 97, 95, 93, 96, 96, 95, 98, 94, 97, 97},
	"uniform grades | 2":                           {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
	"uniform grades | 10":                          {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, 100, 100},
	"uniform grades | 30":                          {50, 95, 100, 96, 98, 95, 96, 98, 94, -1, 99, 100},
	"uniform grades | 50":                          {88, 92, 98, 97, 94, 92, 91, 91, 91, 91, 91, 96},
	"grades near 0 and 1 | 2":                      {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
	"grades near 0 and 1 | 10":                     {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, 99, 100},
	"grades near 0 and 1 | 30":                     {49, 94, 98, 96, 95, 94, 97, 98, 94, -1, 96, 99},
	"grades near 0 and 1 | 50":                     {77, 94, 100, 97, 97, 97, 92, 90, 95, 95, 96, 94},
	"right or wrong | 2":                           {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
	"right or wrong | 10":                          {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, 98, 100},
	"right or wrong | 30":                          {61, 92, 97, 95, 97, 95, 92, 92, 92, -1, 94, 100},
	"right or wrong | 50":                          {86, 87, 94, 89, 92, 89, 94, 92, 90, 94, 90, 93},
	"large gap | 2":                                {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
	"large gap | 10":                               {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, 100, 100},
	"large gap | 30":                               {98, 98, 98, 98, 98, 95, 97, 95, 93, -1, 97, 97},
	"large gap | 50":                               {100, 95, 97, 97, 98, 94, 91, 93, 92, 94, 92, 94},
	"losses of 20, 1 % | 300":                      {6, 94, 94, 94, 94, 94, 98, 98, 100, 99, 94, 100},
	"losses of 8, 2 % | 300":                       {83, 100, 100, 100, 100, 100, 96, 96, 100, 98, 98, 98},
	"losses of 8, 2 % | 1000":                      {100, 91, 90, 90, 90, 90, 94, 94, 100, 96, 88, 94},
	"losses of 4, 5 % | 100":                       {22, 100, 100, 100, 100, 100, 98, 98, 100, 99, 99, 100},
	"losses of 4, 5 % | 300":                       {98, 95, 98, 93, 94, 97, 94, 95, 100, 96, 95, 99},
	"lognormal gains, 1 | 100":                     {53, 94, 97, 91, 97, 98, 89, 92, 96, 96, 95, 95},
	"lognormal gains, 1 | 300":                     {56, 99, 100, 98, 99, 99, 98, 96, 99, 99, 89, 96},
	"lognormal gains, 1.5 | 300":                   {5, 100, 100, 98, 99, 99, 98, 98, 100, -1, 96, 97},
	"lognormal gains, 2 | 300":                     {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, 100, 100},
	"lognormal losses, 1 | 300":                    {99, 90, 88, 99, 97, 92, 93, 95, 88, 93, 91, 95},
	"lognormal losses, 1.5 | 300":                  {25, 87, 88, 90, 89, 89, 88, 88, 89, 98, 89, 98},
	"clusters, geometric sizes | 150":              {100, 95, 97, 95, 93, 96, 93, 93, 96, 93, 96, 95},
	"clusters, lognormal sizes | 150":              {73, 96, 94, 96, 95, 96, 99, 97, 96, 98, 94, 97},
	"clusters, Pareto sizes | 150":                 {50, 96, 95, 96, 96, 96, 99, 97, 96, 96, 99, 100},
	"2 % ranked otherwise, uniform grades | 300":   {100, 94, 96, 97, 95, 95, 95, 94, 96, 98, 98, 97},
	"2 % ranked otherwise, right or wrong | 300":   {100, 95, 95, 97, 96, 95, 97, 99, 94, 95, 100, 97},
	"2 % ranked otherwise, losses of 4, 5 % | 300": {99, 94, 97, 94, 97, 94, 95, 96, 99, 98, 98, 91},
}
