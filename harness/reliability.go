package harness

import (
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// reliabilityBins is the number of bins of equal mass.
const reliabilityBins = 10

// judge compares the scores with what they would be as probabilities. Nothing is fitted,
// so that all samples report.
func (c *calibrator) judge(b *Benchmark, whole part) error {
	p, err := eval.NewProbability(whole.outcomes, whole.clusters, whole.scores, reliabilityBins, c.o.Confidence)
	if err != nil {
		return hint.With(fmt.Errorf("router %q on %s: %w", c.router.Spec.Label, b.name, err),
			"--reliability is for routers whose scores are win rates, such as mf")
	}
	c.doc.Reliability = results.NewReliability(p)
	c.diagram = &Diagram{
		Title:       fmt.Sprintf("%s: %s / %s, n = %s", b.Title(), b.pair.Strong, b.pair.Weak, text.Thousands(p.N)),
		Probability: p,
	}
	return nil
}
