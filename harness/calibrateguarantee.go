package harness

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// gridPoints is the number of thresholds that a guarantee is tested for.
const gridPoints = 200

// NoGuarantee is the error of a target that no threshold, not even always calling one model, is
// established to reach.
type NoGuarantee struct{ error }

// shares sets a threshold for each wanted share of strong calls.
func (c *calibrator) shares(pair results.Pair, set, report part) error {
	thresholds, err := set.outcomes.Calibrate(set.scores, set.clusters, c.o.Target.fractions)
	if err != nil {
		return err
	}
	for _, t := range thresholds {
		c.warnTies(t)
		c.addPoint(t.Threshold, noGuarantee(t.Fraction), set, report)
	}
	return c.setArtifact(thresholds[0].Threshold, noGuarantee(thresholds[0].Fraction), pair)
}

// guarantee finds the threshold with the fewest strong calls for which the target is
// established; for a budget, the one with the most. It returns [NoGuarantee] for a budget that
// is not even established for the weak model.
func (c *calibrator) guarantee(b *Benchmark, set, report part) error {
	claim, g, err := c.claim(b, set)
	if err != nil {
		return err
	}
	test, err := c.test(set)
	if err != nil {
		return fmt.Errorf("%s: %w", b.name, err)
	}
	// Scores of the held-out part, not its outcomes: the grid must not depend on what
	// the test looks at.
	grid := eval.Grid(report.scores, gridPoints)
	cheap := b.pair.Weak
	if c.o.Target.kind == budgetTarget {
		grid, cheap = fromCheaperEnd(grid, report, b.pair)
	}
	last, threshold := eval.FixedSequence(grid, claim, test), math.Inf(-1)
	switch {
	case last >= 0:
		threshold = grid[last]
	case c.o.Target.kind == budgetTarget:
		return NoGuarantee{fmt.Errorf("a budget of $%v per thousand prompts is not established even for always calling %q, which costs $%.4g", c.o.Target.value, cheap, set.costOf(cheap, b.pair))}
	default:
		g.Trivial = true
	}
	c.addPoint(threshold, g, set, report)
	return c.setArtifact(threshold, g, b.pair)
}

// fromCheaperEnd returns the thresholds in the order in which a budget tests them, and the model
// that is always called where the test begins. That is the weak model, unless the strong one costs
// less: then always calling that one is both better and cheaper, and nothing else is tested. Costs
// of the held-out part decide, so that the order does not depend on what the test looks at.
func fromCheaperEnd(grid []float64, report part, pair results.Pair) ([]float64, string) {
	if strong, weak := report.meanCosts(); strong < weak {
		return []float64{math.Inf(-1)}, pair.Strong
	}
	slices.Reverse(grid)
	return append(grid, math.Inf(-1)), pair.Weak
}

// costOf returns the mean cost of always calling a model of the pair.
func (p part) costOf(model string, pair results.Pair) float64 {
	strong, weak := p.meanCosts()
	if model == pair.Strong {
		return strong
	}
	return weak
}

// meanCosts returns the mean cost of always calling either model, in USD per thousand
// prompts.
func (p part) meanCosts() (strong, weak float64) {
	return eval.Outcomes{Strong: p.costStrong, Weak: p.costWeak, Weight: p.outcomes.Weight}.Means()
}

// claim returns what is tested for each threshold, and how the artifact describes it.
func (c *calibrator) claim(b *Benchmark, set part) (eval.Claim, results.Guarantee, error) {
	g := results.Guarantee{Test: "student", Confidence: results.Value(c.o.Confidence)}
	if c.o.Exact {
		g.Test = "betting"
	}
	meta, claim := b.table.Meta, eval.Claim{}
	switch {
	case c.o.Target.kind == budgetTarget:
		g.Target, g.Value = "budget_usd", results.Value(c.o.Target.value)
		return eval.CostClaim(set.costStrong, set.costWeak, set.scores, c.o.Target.value), g, nil
	case c.o.Target.kind == pgrTarget:
		g.Target, g.Value = "pgr", results.Value(c.o.Target.value)
		claim = eval.PGRClaim(set.outcomes, set.scores, c.o.Target.value, meta.Min, meta.Max)
	default:
		g.Target, g.Value = "quality", results.Value(c.o.Target.value)
		claim = eval.QualityClaim(set.outcomes, set.scores, c.o.Target.value, meta.Min, meta.Max)
		if strong, _ := b.samples.Outcomes.Means(); strong <= 0 {
			return claim, g, hint.With(fmt.Errorf("%s: the strong model's mean quality is %.4g: expected it above 0, to keep a share of it", b.name, strong), "a share of the gap needs no such quality: --pgr")
		}
	}
	if c.o.Exact && !claim.Bounded() {
		return claim, g, hint.With(fmt.Errorf("%s: an exact guarantee needs the bounds of quality", b.name), "routellm datasets import table --range MIN,MAX writes them into the file")
	}
	return claim, g, nil
}

// test returns the test of the claims: exact, or by Student's t distribution.
func (c *calibrator) test(set part) (eval.ClaimTest, error) {
	if c.o.Exact {
		return set.outcomes.BettingTest(set.clusters, c.o.Confidence), nil
	}
	test, err := set.outcomes.StudentTest(set.clusters, c.o.Confidence)
	return test, hint.With(err, "--exact holds for any number of clusters")
}
