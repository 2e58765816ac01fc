package harness

import (
	"errors"
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// PlanSummary plans as [Plan] does, from the sums of a summary: of the models, it knows the gap and how much gains differ, and
// not on how many samples which model is better.
func PlanSummary(s *Summaries, pair results.Pair, o PlanOptions) (*results.Plan, []eval.Plan, error) {
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	first := s.Routers[0].Summary
	switch {
	case o.Guarantee != 0:
		return nil, nil, errors.New("--guarantee needs samples: sums do not tell on which the models differ")
	case first.Weighted():
		return nil, nil, hint.With(errors.New("the summary has weights: without their squares, nothing is known of the noise"), "summarise without weights, or plan with the samples")
	}
	gap := first.Gap()
	if gap.State == eval.GapReversed {
		return nil, nil, s.reversed(gap)
	}
	b := s.document(pair)
	p := eval.PlanOf(int(first.Rows()), first.Buckets(), gap, first.Random().APGRSD, planConfidence)
	b.Samples, b.Clusters, b.Gap = p.Samples, p.Clusters, results.NewGap(gap)
	b.StrongQuality, b.WeakQuality = results.Value(first.Curve().Strong), results.Value(first.Curve().Weak)
	b.Warnings = []string{"clusters of dependent samples are not counted: sums do not tell how alike they are, and more samples are needed where they are"}
	if first.Unused > 0 {
		b.Warnings = append(b.Warnings, fmt.Sprintf("not used: %s of the summary, of %s", text.Plural(int(first.Unused), "row"), text.Thousands(int(first.Unused+first.Rows()))))
	}
	doc := &results.Plan{SchemaVersion: results.SchemaVersion, Tool: tool(), Confidence: planConfidence, Margin: results.Value(o.Margin), Inputs: s.Inputs}
	d := results.PlannedBenchmark{Name: b.Name, Title: b.Title, Pair: b.Pair, Excluded: b.Excluded}
	d.Fill(b, p, o.Margin, planRhos, sizesWith(p.Samples))
	d.Warnings = append(d.Warnings, outOfReach(p, o.Margin)...)
	doc.Benchmarks = []results.PlannedBenchmark{d}
	return doc, []eval.Plan{p}, nil
}
