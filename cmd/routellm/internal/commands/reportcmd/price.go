package reportcmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// newPrice returns costs in USD per 1,000 prompts.
func newPrice(strong, weak float64) *report.Price {
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

// price returns the costs that the flag gives, nil without it. A file has them by model, so that
// all results must be of one pair.
func (o *options) price(ctx context.Context, sets []*harness.ScoreSet) (*report.Price, error) {
	if o.PriceFile == "" && o.Price == nil {
		return nil, nil
	}
	if o.PriceFile == "" {
		return newPrice(o.Price[0], o.Price[1]), nil
	}
	prices, err := cmdutil.ReadPrices(ctx, o.PriceFile)
	if err != nil {
		return nil, err
	}
	var pairs []results.Pair
	for _, l := range sets {
		for _, b := range l.Document.Benchmarks {
			if !slices.Contains(pairs, b.Pair) {
				pairs = append(pairs, b.Pair)
			}
		}
	}
	if len(pairs) != 1 {
		return nil, hint.With(fmt.Errorf("--price %s: the results have %s, expected one", o.PriceFile, text.Plural(len(pairs), "model pair")),
			"make a page for each pair, or give --price STRONG,WEAK")
	}
	p, err := harness.PricesOf(prices, pairs[0])
	if err != nil {
		return nil, fmt.Errorf("%q: %w", o.PriceFile, err)
	}
	return newPrice(p[0], p[1]), nil
}
