package harness

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// withAsking returns the decisions of a cascade with the costs of further answers and of questions
// about an answer, which are in no column of the models' costs.
func (p *Pool) withAsking(r *PooledRouter, a routers.AnswerRouter, d pool.Decided) pool.Decided {
	n := a.AnswerNeeds()
	w := p.answers[weakOf(a, p.weak)]
	if n.Samples == 0 && !n.PTrue || w == nil || p.axis != results.CostAxis && p.axis != results.LatencyAxis {
		return d
	}
	strong, weak := r.Columns[0], r.Columns[1]
	cost := p.samples.Outcomes.Cost
	if p.axis == results.LatencyAxis {
		cost = pool.Matrix{}
	}
	usd, seconds, guessed := w.asking(n, columnOf(cost, weak), columnOf(p.samples.Latency, weak), p.used)
	if guessed {
		p.warnings = append(p.warnings, guessedWarning(r.Name))
	}
	with := func(asked []float64, of pool.Matrix, i int, escalated bool) float64 {
		switch {
		case asked == nil:
			return math.NaN()
		case escalated:
			return asked[i] + of.At(i, strong)
		}
		return asked[i]
	}
	return d.Priced(func(i int, c pool.Choice) pool.Choice {
		c.Cost, c.Latency = with(usd, cost, i, c.Model == 0), with(seconds, p.samples.Latency, i, c.Model == 0)
		return c
	})
}

// guessedWarning warns of a question whose cost is not known.
func guessedWarning(router string) string {
	return fmt.Sprintf("%s asks the weak model about its own answers, and what that costs is not known: it counts as much as the answer", router)
}

// columnOf returns a column of a matrix; nil if the matrix is empty.
func columnOf(m pool.Matrix, k int) []float64 {
	if m.Rows() == 0 {
		return nil
	}
	return m.Column(k)
}

// cascadeCosts returns what prompts cost by a cascade, where costs has what the models' answers cost:
// the weak model is asked and paid for every prompt, and the strong one as well for those that are
// passed on.
func (b *evaluatedData) cascadeCosts(a routers.AnswerRouter, costs *measure.Costs) (out *measure.Costs, guessed bool) {
	w := b.answers[weakOf(a, b.weak)]
	if costs == nil || w == nil {
		return nil, false
	}
	asked, _, guessed := w.asking(a.AnswerNeeds(), costs.Weak, nil, b.used)
	out = &measure.Costs{Weak: asked, Strong: make([]float64, len(asked)), Prices: costs.Prices}
	for i := range asked {
		out.Strong[i] = asked[i] + costs.Strong[i]
	}
	return out, guessed
}

// addCascade adds what a cascade costs to the router that was measured last, and says what a share of
// strong calls does not.
func (b *Benchmark) addCascade(m *measure.Benchmark, r Router) {
	a, ok := routers.As[routers.AnswerRouter](r.Router)
	if !ok {
		return
	}
	costs, guessed := b.cascadeCosts(a, b.samples.Costs)
	m.SetCosts(costs)
	calls := 1 + a.AnswerNeeds().Samples
	if a.AnswerNeeds().PTrue {
		calls++
	}
	often := "once"
	if calls > 1 {
		often = fmt.Sprintf("%d times", calls)
	}
	warning := fmt.Sprintf("%s asks %s %s for every prompt, also where it then asks %s: its share of strong calls flatters it beside a router of prompts", r.Spec.Label, b.pair.Weak, often, b.pair.Strong)
	if costs == nil {
		warning += ", and what either costs is not known (--prices)"
	} else {
		warning += "; its costs count both"
	}
	m.WarnRouter(warning)
	if guessed {
		m.WarnRouter(guessedWarning(r.Spec.Label))
	}
}

// cascadePart returns a part with the costs of a cascade in place of those of a router of prompts.
func (p part) cascadePart(b *Benchmark, a routers.AnswerRouter) part {
	if p.costStrong == nil {
		return p
	}
	const thousand = 1000 // prompts, whose costs a part has
	costs, _ := b.cascadeCosts(a, &measure.Costs{Strong: times(1./thousand, p.costStrong), Weak: times(1./thousand, p.costWeak)})
	if costs != nil {
		p.alone, p.costStrong, p.costWeak = p.costStrong, times(thousand, costs.Strong), times(thousand, costs.Weak)
	}
	return p
}

// alwaysStrong returns what always calling the strong model costs, which asks no other model.
func (p part) alwaysStrong() []float64 {
	if p.alone != nil {
		return p.alone
	}
	return p.costStrong
}

// pickAlone returns the samples with the given indices of what pick leaves out.
func (p part) pickAlone(index []int) []float64 {
	if p.alone == nil {
		return nil
	}
	return slicesx.Pick(p.alone, index)
}
