package importers

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
)

// ReadPrices reads a file of mean costs per model, such as [PricesCSV] writes: the columns model
// and mean_cost_usd, in USD per call, and optionally the others. Numbers that are not known are
// NaN. A model that is named twice, and a cost that is negative, are errors.
func ReadPrices(ctx context.Context, path string) ([]Price, error) {
	table, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer table.Close()
	var out []Price
	seen := map[string]int{}
	columns, decimal := knownColumns(table.Columns(), priceColumns), table.About().Decimal
	err = table.Scan(ctx, columns, func(row rows.Row) error {
		r := tableRow{row.File, row.Number, columns, row.Cells, decimal}
		p := Price{Model: strings.Clone(r.text("model"))}
		if p.Model == "" || seen[p.Model] > 0 {
			return r.bad("model", p.Model, "the name of a model, each in one row")
		}
		seen[p.Model] = r.row
		n, err := r.amounts(priceColumns[1:]...)
		if err != nil {
			return err
		}
		if n[0] == n[0] {
			p.Requests = int(n[0])
		}
		p.MeanCostUSD, p.MeanInputTokens, p.MeanOutputTokens, p.LatencyP50S = n[1], n[2], n[3], n[4]
		out = append(out, p)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = hint.With(fmt.Errorf("%q: found no prices, expected the columns model and mean_cost_usd", path),
			"datasets import litellm and openrouter write such files")
	}
	return out, err
}
