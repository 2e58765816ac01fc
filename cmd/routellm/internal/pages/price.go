package pages

import (
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/results"
)

// Price returns costs in USD per 1,000 prompts.
func Price(strong, weak float64) *report.Price {
	return &report.Price{Strong: strong, Weak: weak, Decimals: render.DollarsFor(max(strong, weak) / 1000).Decimals()}
}

// measuredPrice returns the costs of a pair whose prompts differ in cost.
func measuredPrice(c results.PairCosts) *report.Price {
	return &report.Price{Strong: 1000 * float64(c.Strong.Value), Weak: 1000 * float64(c.Weak.Value), Decimals: render.DollarsOf(c).Decimals(), Measured: true}
}

// costFact says what the models cost, and how that is known.
func costFact(p *report.Price) report.Fact {
	if p == nil {
		return report.Fact{Name: "cost", Value: "not known: calls to the strong model stand for it"}
	}
	how := "given"
	if p.Measured {
		how = "measured"
	}
	return report.Fact{Name: "cost, USD per 1,000 prompts", Value: fmt.Sprintf("strong %.*f, weak %.*f (%s)", p.Decimals, p.Strong, p.Decimals, p.Weak, how)}
}
