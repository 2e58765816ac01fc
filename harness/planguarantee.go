package harness

import (
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// plannedSavings lists the shares of the strong calls that planned routers save.
var plannedSavings = []float64{0.1, 0.2, 0.3, 0.5}

// plannedSkills lists the skills of planned routers: see [eval.PlanGuarantee].
var plannedSkills = []float64{0, 0.1, 0.25, 0.5}

// guarantee returns how many samples establish that a share of the strong model's quality is kept;
// nil for a share of 0.
func (b *Benchmark) guarantee(share float64) (*results.PlannedGuarantee, error) {
	if share == 0 {
		return nil, nil
	}
	g := &results.PlannedGuarantee{Share: results.Value(share)}
	for _, saved := range plannedSavings {
		for _, skill := range plannedSkills {
			p, err := eval.PlanGuarantee(b.samples.Outcomes, b.samples.Clusters, share, saved, skill, b.table.Meta.Min, b.table.Meta.Max)
			if err != nil {
				return nil, err
			}
			g.Rows = append(g.Rows, results.PlannedKeep{Saved: results.Value(saved), Skill: results.Value(skill), Samples: p.Needed(planConfidence)})
		}
	}
	return g, nil
}
