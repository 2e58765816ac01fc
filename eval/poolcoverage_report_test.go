package eval_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
)

// models is a population of prompts with several models. The ability and the price of a model rise
// with its number; answers are right the more likely, the less hard the prompt is.
type models struct {
	number  int
	alike   bool    // the two best models are nearly equally good
	graded  bool    // qualities are grades between 0 and 1
	size    int     // number of prompts per cluster, all equally hard; 0 for 1
	rounded float64 // predictions are multiples of it, which gives many ties; 0 for none
	blind   bool    // routers see other prompts
}

// chance returns the probability that a model's answer is right.
func (m models) chance(hard float64, model int) float64 {
	ability := 0.2 + 0.5*float64(model)/float64(m.number-1)
	if m.alike && model == m.number-1 {
		ability = 0.21 + 0.5*float64(model-1)/float64(m.number-1)
	}
	return 1 / (1 + math.Exp(6*(hard-0.2-ability)))
}

// price returns the mean cost of a model's answer, but for a factor that all models share. The
// dearest costs 200 times as much as the cheapest.
func (m models) price(model int) float64 {
	return 0.0001 * math.Pow(200, float64(model)/float64(m.number-1))
}

// draw draws n prompts and routers that see their hardness with the given noise.
func (m models) draw(rng *rand.Rand, n int, noise ...float64) (pool.Outcomes, []pool.Predictions) {
	o := pool.Outcomes{Quality: pool.NewMatrix(n, m.number), Cost: pool.NewMatrix(n, m.number), Cluster: make([]int, n)}
	p := make([]pool.Predictions, len(noise))
	for k := range p {
		p[k] = pool.Predictions{Quality: pool.NewMatrix(n, m.number), Cost: pool.NewMatrix(1, m.number)}
		for model := range m.number {
			p[k].Cost.Row(0)[model] = m.price(model)
		}
	}
	hard := 0.0
	for i := range n {
		o.Cluster[i] = i / max(1, m.size)
		if i == 0 || o.Cluster[i] != o.Cluster[i-1] {
			hard = rng.Float64()
		}
		m.answers(rng, hard, o.Quality.Row(i), o.Cost.Row(i))
		for k := range p {
			m.predict(rng, hard+noise[k]*rng.NormFloat64(), p[k].Quality.Row(i))
		}
	}
	return o, p
}

// answers draws the quality and the cost of each model's answer. Costs are skewed, as lengths are.
func (m models) answers(rng *rand.Rand, hard float64, quality, cost []float64) {
	length := math.Exp(0.7 * rng.NormFloat64())
	for model := range quality {
		switch q := m.chance(hard, model); {
		case m.graded:
			quality[model] = math.Round(20*min(1, max(0, q+0.2*rng.NormFloat64()))) / 20
		case rng.Float64() < q:
			quality[model] = 1
		}
		cost[model] = m.price(model) * length * math.Exp(0.3*rng.NormFloat64())
	}
}

// predict writes what a router predicts for a prompt that looks so hard.
func (m models) predict(rng *rand.Rand, hard float64, quality []float64) {
	if m.blind {
		hard = rng.Float64()
	}
	for model := range quality {
		quality[model] = m.chance(hard, model) + 0.05*rng.NormFloat64()
		if m.rounded > 0 {
			quality[model] = math.Round(quality[model]/m.rounded) * m.rounded
		}
	}
}

// poolRuns is the number of simulated data sets per number of the tables.
const poolRuns = 1000

// poolShares is the target of the costs: 95 % of the best model's quality.
var poolShares = []float64{0.95}

// table draws a table of routers.
func (m models) table(rng *rand.Rand, n int, noise ...float64) pool.Table {
	o, p := m.draw(rng, n, noise...)
	t := pool.Table{Outcomes: o, Shares: poolShares}
	for k := range p {
		s, err := pool.NewSweep(o, p[k], 0)
		if err != nil {
			panic(err)
		}
		t.Routers = append(t.Routers, s)
	}
	return t
}

// evaluatePool evaluates a table; without resamples, it has no intervals.
func evaluatePool(t pool.Table, resamples int, seed uint64) *pool.Evaluation {
	e, err := t.Evaluate(eval.Bootstrap{Resamples: resamples, Confidence: 0.95, Seed: seed})
	if err != nil {
		panic(err)
	}
	return e
}

// poolHeader holds the columns of the table, in the order of [models.coverage].
var poolHeader = []string{"pool", "n", "lift", "log lift", "cost for 95 %", "area", "share", "difference", "equal", "area shown"}

// coverage returns a function that counts the runs whose intervals hold the truth: of a good
// router's metrics, of its difference in lift from one with more noise, and of that from another one
// with the same noise. An interval that does not exist counts as holding it; the last count is that
// of the runs with an interval of the area.
func (m models) coverage(n, resamples int) func(runs int) []int {
	const good, poor, samples = 0.1, 0.3, 300_000
	return func(runs int) []int {
		all := evaluatePool(m.table(rand.New(rand.NewPCG(99, 99)), samples, good, poor), 0, 0)
		truth, rng := all.Routers, rand.New(rand.NewPCG(11, uint64(n)))
		counts := make([]int, len(poolHeader)-2)
		for run := range runs {
			e := evaluatePool(m.table(rng, n, good, poor, good), resamples, uint64(run))
			r, c := e.Routers[0], e.Compare(pool.ByLift, 0, 0)
			for k, x := range []struct {
				eval.Interval
				truth float64
			}{
				{r.Lift.Interval, truth[0].Lift.Value}, {r.LogLift.Interval, truth[0].LogLift.Value}, {r.CostFor[0].Interval, truth[0].CostFor[0].Value},
				{r.Area.Interval, truth[0].Area.Value}, {r.Share.Interval, truth[0].Share.Value},
				{c.Pairs[0].Interval, truth[0].Lift.Value - truth[1].Lift.Value}, {c.Pairs[1].Interval, 0},
			} {
				if !(x.truth < x.Lo || x.truth > x.Hi) {
					counts[k]++
				}
			}
			if !math.IsNaN(r.Area.Lo) {
				counts[len(counts)-1]++
			}
		}
		return counts
	}
}

// poolCoverage is the table of intervals for several models in docs/metrics.md.
func poolCoverage() eval.Report {
	var rows []eval.ReportRow
	add := func(labels string, m models, n int) {
		resamples := 199
		if n >= 2000 {
			resamples = 99
		}
		rows = append(rows, eval.ReportRow{Labels: labels, Count: m.coverage(n, resamples)})
	}
	add("two models | 300", models{number: 2}, 300)
	add("two models | 2000", models{number: 2}, 2000)
	add("four models | 300", models{number: 4}, 300)
	add("four models | 2000", models{number: 4}, 2000)
	add("four models, grades | 300", models{number: 4, graded: true}, 300)
	add("four models, grades | 2000", models{number: 4, graded: true}, 2000)
	add("four models, the best two alike | 300", models{number: 4, alike: true}, 300)
	add("four models, the best two alike | 2000", models{number: 4, alike: true}, 2000)
	add("four models, predictions in tenths | 300", models{number: 4, rounded: 0.1}, 300)
	add("four models, clusters of 3 | 900", models{number: 4, size: 3}, 900)
	add("eleven models | 300", models{number: 11}, 300)
	add("eleven models | 2000", models{number: 11}, 2000)
	add("eleven models, no skill | 300", models{number: 11, blind: true}, 300)
	within := func(column int, percent float64) bool { return percent >= 92.5 || column == 7 }
	return eval.NewReport("pools", 2, poolHeader, within, rows).Runs(poolRuns)
}

// poolVerdicts is the table of verdicts on routers without skill in docs/metrics.md.
func poolVerdicts() eval.Report {
	var rows []eval.ReportRow
	for _, x := range []struct {
		labels string
		models
		n int
	}{
		{"two models | 300", models{number: 2, blind: true}, 300},
		{"four models | 300", models{number: 4, blind: true}, 300},
		{"four models, grades | 300", models{number: 4, graded: true, blind: true}, 300},
		{"four models, predictions in tenths | 300", models{number: 4, rounded: 0.1, blind: true}, 300},
		{"eleven models | 300", models{number: 11, blind: true}, 300},
	} {
		count := func(runs int) []int { return x.falseVerdicts(x.n, runs) }
		rows = append(rows, eval.ReportRow{Labels: x.labels, Count: count})
	}
	header := []string{"six routers without skill", "n", "by lift", "by log lift", "by cost for 95 %", "better than the static mix"}
	within := func(_ int, percent float64) bool { return percent <= 6 }
	return eval.NewReport("pool verdicts", 2, header, within, rows).Runs(poolRuns)
}

// falseVerdicts counts the tables of six equal routers in which any pair differs, by each metric, or
// any router is better than the static mix by lift.
func (m models) falseVerdicts(n, runs int) []int {
	rng, counts := rand.New(rand.NewPCG(12, uint64(n))), make([]int, 4)
	for run := range runs {
		e := evaluatePool(m.table(rng, n, 0, 0, 0, 0, 0, 0), 199, uint64(run))
		for k, by := range []pool.Metric{pool.ByLift, pool.ByLogLift, pool.ByCost} {
			c := e.Compare(by, 0, 0)
			for _, d := range c.Pairs {
				if d.Verdict != eval.Inconclusive {
					counts[k]++
					break
				}
			}
		}
		for _, s := range e.Compare(pool.ByLift, 0, 0).Static {
			if s.Verdict(0.95) == eval.Better {
				counts[3]++
				break
			}
		}
	}
	return counts
}

// TestPoolCoverage holds the counts of the tables in docs/metrics.md at few runs, and what the
// tables promise.
func TestPoolCoverage(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	poolCoverage().Check(t)
	poolVerdicts().Check(t)
}

func TestCoverageReportPools(t *testing.T) {
	poolCoverage().Write(t)
	poolVerdicts().Write(t)
}
