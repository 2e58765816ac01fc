package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// planConfidence is the confidence of the intervals that Compare decides by.
const planConfidence = 0.95

// planRhos lists the rank correlations of two routers' scores to plan for.
var planRhos = []float64{0, 0.5, 0.8}

// planSizes lists the numbers of prompts to plan for, besides the data set's own.
var planSizes = []int{100, 300, 1000, 3000, 10_000, 30_000}

// PlanOptions says what to plan for.
type PlanOptions struct {
	Margin    float64 // Margin, in (0,1), is a difference in APGR to find, and a margin of equivalence to show
	Guarantee float64 // Guarantee, in (0,1), is a share of the strong model's quality to keep; 0 plans for none
}

func (o PlanOptions) check() error {
	if !(o.Margin > 0 && o.Margin < 1) {
		return fmt.Errorf("margin %v: expected a difference in APGR above 0 and below 1", o.Margin)
	}
	if !(o.Guarantee >= 0 && o.Guarantee < 1) {
		return fmt.Errorf("guarantee %v: expected a share of the strong model's quality, above 0 and below 1", o.Guarantee)
	}
	return nil
}

// Plan returns which differences in APGR between two routers the benchmarks can show, and how many
// prompts o asks for. The second result has one plan per benchmark, to compute other sizes with.
func Plan(benches []*Benchmark, o PlanOptions) (*results.Plan, []eval.Plan, error) {
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	doc := &results.Plan{SchemaVersion: results.SchemaVersion, Tool: tool(), Confidence: planConfidence, Margin: results.Value(o.Margin)}
	var plans []eval.Plan
	for _, b := range benches {
		p, err := eval.NewPlan(b.samples.Outcomes, b.samples.Clusters, planConfidence)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", b.name, err)
		}
		if p.Gap.State == eval.GapReversed {
			return nil, nil, b.reversedGap(p.Gap)
		}
		m, err := measure.New(results.Benchmark{}, b.samples, eval.Points{})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", b.name, err)
		}
		m.WarnOfPairs(eval.Bootstrap{Confidence: planConfidence})
		for _, w := range b.warnings {
			m.Warn(w)
		}
		plans = append(plans, p)
		doc.Inputs = append(doc.Inputs, b.input)
		doc.Benchmarks = append(doc.Benchmarks, planned(b, m.Result(), p, o.Margin))
		if doc.Benchmarks[len(plans)-1].Guarantee, err = b.guarantee(o.Guarantee); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", b.name, err)
		}
	}
	return doc, plans, nil
}

// planned returns one benchmark's part of the document.
func planned(b *Benchmark, whole results.Benchmark, p eval.Plan, margin float64) results.PlannedBenchmark {
	meta := b.table.Meta
	d := results.PlannedBenchmark{Name: b.name, Title: meta.Title, Unit: meta.Unit, Pair: b.pair, Excluded: b.left}
	d.Fill(whole, p, margin, planRhos, sizesWith(p.Samples))
	d.Warnings = append(append(d.Warnings, unmeasuredWarnings(b.unmeasured)...), outOfReach(p, margin)...)
	return d
}

// sizesWith lists the numbers of prompts to plan for, with the data set's own.
func sizesWith(own int) []int {
	sizes := slices.Clone(planSizes)
	if !slices.Contains(sizes, own) {
		sizes = append(sizes, own)
		slices.Sort(sizes)
	}
	return sizes
}

// outOfReach warns if the data cannot show the wanted difference, or equivalence within it,
// even for routers whose scores are highly correlated.
func outOfReach(p eval.Plan, margin float64) []string {
	if !p.Gap.Measurable() {
		return nil
	}
	const rho = 0.8
	var out []string
	if least := p.Detectable(p.Samples, rho); least > margin {
		out = append(out, fmt.Sprintf("%s cannot show a difference of %g: the smallest that they can show is %.3f, for routers with a rank correlation of %g",
			text.Plural(p.Samples, "sample"), margin, least, rho))
	}
	if least := p.Margin(p.Samples, rho); least > margin {
		out = append(out, fmt.Sprintf("%s cannot show equivalence within %g: the smallest margin is %.3f",
			text.Plural(p.Samples, "sample"), margin, least))
	}
	return out
}
