package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// planResamples is the number of resamples that give the noise floor of several models.
const planResamples = 1000

// PlanPools returns which differences in lift the pools can show: of a router against the static
// mix, and of two routers. margin, above 0 in the unit of quality, is the difference, and the margin
// of equivalence, for which the number of prompts is computed. See [pool.NewNoise].
func PlanPools(pools []*Pool, margin float64) (*results.Plan, error) {
	if !(margin > 0) {
		return nil, fmt.Errorf("margin %v: expected a difference in lift above 0", margin)
	}
	doc := &results.Plan{SchemaVersion: results.SchemaVersion, Tool: tool(), Confidence: planConfidence, Margin: results.Value(margin), Benchmarks: []results.PlannedBenchmark{}}
	for _, p := range pools {
		d, err := p.plan(margin)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		doc.Inputs, doc.Pools = append(doc.Inputs, p.input), append(doc.Pools, d)
	}
	return doc, nil
}

// plan returns the plan of one pool.
func (p *Pool) plan(margin float64) (d results.PlannedPool, err error) {
	o := p.samples.Outcomes
	noise, err := pool.NewNoise(o, p.samples.Range, eval.Bootstrap{Resamples: planResamples, Confidence: planConfidence, Seed: 1})
	if err != nil {
		return d, err
	}
	sweep, err := pool.NewSweep(o, pool.Oracle(o), 0)
	if err != nil {
		return d, err
	}
	e, err := pool.Table{Outcomes: o, Range: p.samples.Range, Routers: []pool.Router{sweep}}.Evaluate(eval.Bootstrap{})
	if err != nil {
		return d, err
	}
	d = results.PlannedPool{
		Name: p.name, Title: p.Title(), Unit: p.table.Meta.Unit, Axis: p.axis, Models: p.models, Samples: o.N(), Clusters: noise.Clusters, Excluded: p.left,
		Best: p.models[e.Constants.Best], Cheapest: p.models[e.Constants.Cheapest], OracleLift: results.Value(e.Routers[0].Lift.Value),
		LiftSD: results.Value(noise.Lift), DifferenceSD: results.Value(noise.Difference), Warnings: append([]string{}, p.warnings...),
	}
	sizes := append(slices.Clone(planSizes), d.Samples)
	slices.Sort(sizes)
	d.Fill(margin, planConfidence, planRhos, slices.Compact(sizes))
	for _, size := range d.Static.Sizes {
		if least := float64(size.Detectable); size.Samples == d.Samples && least > margin {
			d.Warnings = append(d.Warnings, fmt.Sprintf("%s cannot show a lift of %g over the static mix: the smallest that they can show is %.4f",
				text.Plural(d.Samples, "sample"), margin, least))
		}
	}
	return d, nil
}
