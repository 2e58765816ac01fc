package harness

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/ppi"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
)

// guessedSamples is the number of samples that stand for a guess. Plans do not depend on it.
const guessedSamples = 10_000

// PlanGuess plans before any answer is graded, from a guess about answers that are right or wrong: by
// how much the strong model is better, in (0,1], and on which share of the prompts both are equally
// good. margin is that of [Plan].
func PlanGuess(gap, alike, margin float64) (*results.Plan, []eval.Plan, error) {
	switch {
	case !(gap > 0 && gap <= 1):
		return nil, nil, fmt.Errorf("gap %v: expected a number above 0 and at most 1", gap)
	case !(alike >= 0 && alike <= 1-gap):
		return nil, nil, fmt.Errorf("models equally good on a share of %v: expected 0 to %.4g, which a gap of %v leaves", alike, 1-gap, gap)
	}
	o := eval.Outcomes{Strong: make([]float64, guessedSamples), Weak: make([]float64, guessedSamples)}
	wins, losses := int(math.Round(guessedSamples*(1-alike+gap)/2)), int(math.Round(guessedSamples*(1-alike-gap)/2))
	for i := range wins {
		o.Strong[i] = 1
	}
	for i := range losses {
		o.Weak[wins+i] = 1
	}
	b := &Benchmark{evaluatedData: evaluatedData{name: "guess", table: &datasets.Table{Meta: datasets.NewMeta()}}, samples: measure.Samples{Outcomes: o, Clusters: upTo(guessedSamples)}}
	b.table.Meta.Title = fmt.Sprintf("guess: gap %.4g %%, equally good on %.4g %% of the prompts", 100*gap, 100*alike)
	doc, plans, err := Plan([]*Benchmark{b}, margin)
	if err != nil {
		return nil, nil, err
	}
	d := &doc.Benchmarks[0]
	d.Samples, d.Clusters, d.StrongQuality, d.WeakQuality, d.Gap.SE, d.RandomAPGRSD, d.Warnings = 0, 0, results.Missing, results.Missing, results.Missing, results.Missing, []string{}
	doc.Inputs = []results.Input{}
	return doc, plans, nil
}

// PlanGold adds to a plan the number of gold labels that tell as much beside a judge's labels. The
// correlation, in [0,1), is that of both labels, and judged the number of prompts with the judge's; 0
// stands for any number.
func PlanGold(doc *results.Plan, correlation float64, judged int) error {
	if !(correlation >= 0 && correlation < 1) {
		return fmt.Errorf("correlation %v of the judge: expected a number of at least 0 and below 1", correlation)
	}
	if judged < 0 {
		return fmt.Errorf("number of judged prompts is %d: expected at least 0", judged)
	}
	doc.Judge = &results.PlannedJudge{Correlation: results.Value(correlation), Judged: judged}
	for i := range doc.Benchmarks {
		all := doc.Benchmarks[i].Correlations
		for k := range all {
			all[k].Gold = ppi.Needed(all[k].Difference, correlation, judged)
		}
	}
	return nil
}
