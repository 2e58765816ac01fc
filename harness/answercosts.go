package harness

import (
	"fmt"

	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/routers"
)

// guessedWarning warns of a question whose cost is not known.
func guessedWarning(router string) string {
	return fmt.Sprintf("%s asks the weak model about its own answers, and what that costs is not known: it counts as much as the answer", router)
}

// cascadeCosts returns what prompts cost by a cascade, where costs has what the models' answers cost:
// the weak model is asked and paid for every prompt, and the strong one as well for those that are
// passed on. Costs are in USD per unit prompts.
func (b *evaluatedData) cascadeCosts(a routers.AnswerRouter, costs *measure.Costs, unit float64) (out *measure.Costs, guessed bool) {
	w := b.answers[weakOf(a, b.weak)]
	if costs == nil || w == nil {
		return nil, false
	}
	asked, _, guessed := w.asking(a.AnswerNeeds(), costs.Weak, nil, b.used, unit)
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
	costs, guessed := b.cascadeCosts(a, b.samples.Costs, 1)
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
