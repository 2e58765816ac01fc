package reportcmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/pages"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// price returns the costs that the flag gives, nil without it. A file has them by model, so that
// all results must be of one pair.
func (o *options) price(ctx context.Context, sets []*harness.ScoreSet) (*report.Price, error) {
	if o.PriceFile == "" && o.Price == nil {
		return nil, nil
	}
	if o.PriceFile == "" {
		return pages.Price(o.Price[0], o.Price[1]), nil
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
	return pages.Price(p[0], p[1]), nil
}
