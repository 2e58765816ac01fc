package harness

import (
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// reliabilityBins is the number of bins of a reliability diagram, with equal numbers of
// samples.
const reliabilityBins = 10

// judge compares the scores, as probabilities that the strong model is needed, with the
// outcomes. Nothing is fitted, so no sample needs to be held out.
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
