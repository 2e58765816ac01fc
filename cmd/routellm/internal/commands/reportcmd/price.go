package reportcmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// price returns the costs per prompt that the flag gives. A file has them by model, so that all
// results must be of one pair.
func (o *options) price(ctx context.Context, sets []*harness.ScoreSet) (report.Price, error) {
	if o.PriceFile == "" {
		return report.Price{Strong: o.Price[0], Weak: o.Price[1]}, nil
	}
	prices, err := cmdutil.ReadPrices(ctx, o.PriceFile)
	if err != nil {
		return report.Price{}, err
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
		return report.Price{}, hint.With(fmt.Errorf("--price %s: the results have %s, expected one", o.PriceFile, text.Plural(len(pairs), "model pair")),
			"make a page for each pair, or give --price STRONG,WEAK")
	}
	p, err := harness.PricesOf(prices, pairs[0])
	if err != nil {
		return report.Price{}, fmt.Errorf("%q: %w", o.PriceFile, err)
	}
	return report.Price{Strong: p[0], Weak: p[1]}, nil
}
