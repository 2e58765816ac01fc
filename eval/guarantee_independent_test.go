package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// promised is a population in which the quality that a threshold keeps is known.
type promised interface {
	draw(r *rand.Rand, n int) (o Outcomes, scores []float64, cluster []int)
	brink(share float64) float64
}

// keepingOf returns the counts of falsely for n samples where the claim is that a share of the
// quality is kept. The grid has a threshold at the brink itself.
func keepingOf(p promised, n int, share float64) func(runs int) []int {
	return brinkOf(p, n, p.brink(share), func(o Outcomes, scores []float64) Claim { return QualityClaim(o, scores, share, 0, 1) })
}

// recoveringOf returns the counts where the claim is that a share of the gap is recovered. The gap is
// slope/2, and routing at t loses t^2 of it.
func recoveringOf(p linear, n int, share float64) func(runs int) []int {
	return brinkOf(p, n, math.Sqrt(1-share), func(o Outcomes, scores []float64) Claim { return PGRClaim(o, scores, share, 0, 1) })
}

func brinkOf(p promised, n int, brink float64, claim func(Outcomes, []float64) Claim) func(runs int) []int {
	grid := []float64{brink / 2, brink * 0.9, brink, brink * 1.01, brink * 1.1, 1}
	return func(runs int) []int {
		r := rand.New(rand.NewPCG(7, uint64(n)))
		student, betting, naive := falsely(runs, grid, 2, func() (Claim, []int) {
			o, scores, cluster := p.draw(r, n)
			return claim(o, scores), cluster
		})
		return []int{student, betting, naive}
	}
}

// spendingOf returns the counts for n independent samples where the claim is that the cost is below
// a budget. The strong model costs a lognormal amount, the weak one a tenth of it.
func spendingOf(n int, spread float64) func(runs int) []int {
	const brink = 0.6
	budget := (1-0.9*brink)*math.Exp(spread*spread/2) - 1e-9
	return func(runs int) []int {
		r := rand.New(rand.NewPCG(8, uint64(n)))
		student, _, naive := falsely(runs, []float64{1, 0.8, 0.64, brink}, 3, func() (Claim, []int) {
			var strong, weak, scores []float64
			for range n {
				cost := math.Exp(spread * r.NormFloat64())
				strong, weak, scores = append(strong, cost), append(weak, cost/10), append(scores, r.Float64())
			}
			return CostClaim(strong, weak, scores, budget), singles(n)
		})
		return []int{student, -1, naive}
	}
}

// independentReport is the table of false guarantees for samples of equal weight. Choosing the
// last threshold that looks right is often wrong, or else the experiment would be too easy.
func independentReport() report {
	often, pairs := linear{0.8, 0.4, false}, linear{0.8, 0.4, true}
	return report{
		document: "../docs/calibrate.md", name: "false guarantees", labels: 1,
		header: []string{"samples", "t-test", "`--exact`", "without a test"},
		within: func(column int, percent float64) bool {
			return column < 2 && mostlyTrue(column, percent) || column == 2 && percent > 33
		},
		regimes: []regime{
			{"100", keepingOf(often, 100, 0.9), []int{1, 0, 46}},
			{"1,000", keepingOf(often, 1000, 0.9), []int{6, 0, 56}},
			{"400 pairs of copies", keepingOf(pairs, 800, 0.9), []int{6, 0, 51}},
			{"1,000, share of the gap", recoveringOf(often, 1000, 0.9), []int{4, 0, 62}},
			{"100, the weak model never better and worse on 10 %, 95 % wanted", keepingOf(rare{0.9, 0.1}, 100, 0.95), []int{3, 3, 61}},
			{"650, worse on 5 %, 98 % wanted", keepingOf(rare{0.9, 0.05}, 650, 0.98), []int{6, 0, 49}},
			{"650, worse on 5 %, 99 % wanted", keepingOf(rare{0.9, 0.05}, 650, 0.99), []int{2, 1, 46}},
			{"150, budget, lognormal costs with a log SD of 1", spendingOf(150, 1), []int{0, -1, 59}},
			{"150, budget, a log SD of 1.5", spendingOf(150, 1.5), []int{0, -1, 68}},
		},
	}
}

func TestFalseGuarantees(t *testing.T) { independentReport().check(t) }

func TestCoverageReportFalseGuarantees(t *testing.T) { independentReport().write(t) }
