package eval

import (
	"math/rand/v2"
	"testing"
)

// mostlyTrue reports whether a share of false guarantees keeps the promise of 5 %: with 2,000 runs, a
// true share of 5 % shows at most 6.2 % with a probability of 99 %.
func mostlyTrue(_ int, percent float64) bool { return percent <= 6.2 }

// falsely counts in how many runs the t-test and the exact test certify the threshold brink of
// the grid, at which the claim is false by a hair, or a later one, and in how many runs the claim
// holds there on the samples. A test that refuses the samples certifies nothing.
func falsely(runs int, grid []float64, brink int, draw func() (Claim, []int)) (student, betting, naive int) {
	certified := func(c Claim, test ClaimTest) int { return b2i(FixedSequence(grid, c, test) >= brink) }
	for range runs {
		claim, cluster := draw()
		if test, err := StudentTest(cluster, 0.95); err == nil {
			student += certified(claim, test)
		}
		if claim.Bounded() {
			betting += certified(claim, BettingTest(cluster, 0.95))
		}
		naive += b2i(looksRight(grid, claim) >= brink)
	}
	return student, betting, naive
}

// looksRight returns the index of the last threshold at which the claim holds on the samples.
func looksRight(grid []float64, c Claim) int {
	last := -1
	for i, t := range grid {
		if sum(c.at(t)) > 0 {
			last = i
		}
	}
	return last
}

// falseOver returns the counts of falsely for 150, 400 and 1,000 conversations, first those of
// the t-test. claim returns the claim about a sample. Costs have no exact test.
func falseOver(p conversations, grid []float64, claim func(talks) Claim) func(runs int) []int {
	return func(runs int) []int {
		out, bounded := make([]int, 6), false
		for k, n := range []int{150, 400, 1000} {
			r := rand.New(rand.NewPCG(31, uint64(n)))
			out[k], out[k+3], _ = falsely(runs, grid, len(grid)-1, func() (Claim, []int) {
				t := p.draw(r, n)
				c := claim(t)
				bounded = c.Bounded()
				return c, t.cluster
			})
		}
		if !bounded {
			out[3], out[4], out[5] = -1, -1, -1
		}
		return out
	}
}

// keeping returns the counts where the claim is that a share of the quality is kept, which is
// false by a hair for never calling the strong model.
func keeping(s sizes, l loss) func(runs int) []int {
	p := conversations{s, l, 1}
	share := 1 - p.lost() + 1e-9
	return falseOver(p, []float64{0.5, 0.9, 1}, func(t talks) Claim { return QualityClaim(t.Outcomes, t.scores, share, 0, 1) })
}

// recovering returns the counts where the claim is that 60 % of the gap are recovered, which is
// false by a hair at a threshold of 0.4.
func recovering(s sizes, l loss) func(runs int) []int {
	p := conversations{s, l, 1}
	return falseOver(p, []float64{0, 0.2, 0.36, 0.4}, func(t talks) Claim { return PGRClaim(t.Outcomes, t.scores, 0.6+1e-9, 0, 1) })
}

// spending returns the counts where the claim is that the cost is below a budget, which is false
// by a hair at a threshold of 0.6.
func spending(s sizes, l loss) func(runs int) []int {
	p := conversations{s, l, 1}
	budget := p.cost(0.6) - 1e-9
	return falseOver(p, []float64{1, 0.8, 0.64, 0.6}, func(t talks) Claim {
		return CostClaim(t.costStrong, t.costWeak, t.scores, budget)
	})
}

// guaranteeReport is the table of false guarantees for conversations.
func guaranteeReport() report {
	g, l, p := conversationSizes()
	return report{
		document: "../docs/calibrate.md", name: "false guarantees for conversations", labels: 2, within: mostlyTrue,
		header: []string{"sizes", "lost conversations", "150", "400", "1,000", "exact: 150", "400", "1,000"},
		regimes: []regime{
			{"geometric | 10 % of them", keeping(g, evenly), []int{0, 2, 4, 0, 1, 2}},
			{"geometric | likelier when long", keeping(g, likelier), []int{2, 2, 5, 0, 1, 0}},
			{"geometric | rare, likelier when long", keeping(g, rarely), []int{0, 0, 0, 0, 0, 0}},
			{"geometric | nearly all long ones", keeping(g, nearly), []int{1, 2, 5, 0, 0, 0}},
			{"lognormal | 10 % of them", keeping(l, evenly), []int{0, 0, 0, 0, 0, 0}},
			{"lognormal | likelier when long", keeping(l, likelier), []int{2, 2, 0, 0, 2, 0}},
			{"lognormal | rare, likelier when long", keeping(l, rarely), []int{0, 0, 0, 0, 0, 0}},
			{"lognormal | nearly all long ones", keeping(l, nearly), []int{1, 3, 2, 0, 1, 0}},
			{"Pareto | 10 % of them", keeping(p, evenly), []int{0, 0, 0, 0, 0, 0}},
			{"Pareto | likelier when long", keeping(p, likelier), []int{0, 0, 3, 0, 0, 1}},
			{"Pareto | rare, likelier when long", keeping(p, rarely), []int{0, 0, 0, 0, 0, 0}},
			{"geometric | share of the gap", recovering(g, likelier), []int{0, 1, 0, 0, 0, 0}},
			{"lognormal | share of the gap", recovering(l, likelier), []int{0, 0, 1, 0, 0, 0}},
			{"Pareto | share of the gap", recovering(p, likelier), []int{0, 0, 0, 0, 0, 0}},
			{"geometric | budget", spending(g, evenly), []int{0, 0, 0, -1, -1, -1}},
			{"lognormal | budget", spending(l, evenly), []int{0, 0, 0, -1, -1, -1}},
		},
	}
}

// beyondReport is the table of what the promise does not cover.
func beyondReport() report {
	_, _, p := conversationSizes()
	r := guaranteeReport()
	r.name, r.within = "beyond the promise", func(_ int, percent float64) bool { return percent <= 25 }
	r.regimes = []regime{
		{"Pareto | nearly all long ones", keeping(p, nearly), []int{7, 13, 10, 5, 3, 3}},
		{"Pareto | budget", spending(p, evenly), []int{14, 7, 2, -1, -1, -1}},
	}
	return r
}

func TestFalseGuaranteesForConversations(t *testing.T) {
	guaranteeReport().check(t)
	beyondReport().check(t)
}

func TestCoverageReportGuarantees(t *testing.T) {
	guaranteeReport().write(t)
	beyondReport().write(t)
}
