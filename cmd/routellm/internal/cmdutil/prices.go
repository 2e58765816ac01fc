package cmdutil

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
)

// PricesFlag returns the value of a flag that takes what a prompt costs each model of a pair:
// numbers, or a file with the costs of models by name. It sets one of the two. If models is
// non-nil, the flag also takes the price of a model's tokens, MODEL=IN,OUT.
func PricesFlag(numbers *[]float64, file *string, models *ModelPrices) pflag.Value {
	return &pricesFlag{numbers, file, models}
}

type pricesFlag struct {
	numbers *[]float64
	file    *string
	models  *ModelPrices
}

func (p *pricesFlag) String() string {
	if p.file != nil && *p.file != "" {
		return *p.file
	}
	return (*Numbers)(p.numbers).String()
}

func (p *pricesFlag) Set(text string) error {
	info, err := os.Stat(text)
	isFile := err == nil && !info.IsDir()
	if p.models != nil && !isFile && strings.Contains(text, "=") {
		return p.models.Set(text)
	}
	*p.file = ""
	if (*Numbers)(p.numbers).Set(text) == nil {
		return nil
	}
	*p.numbers = nil
	if !isFile {
		return fmt.Errorf("%q is neither two numbers, STRONG,WEAK, nor a file of prices", text)
	}
	*p.file = text
	return nil
}

func (*pricesFlag) Type() string { return "prices" }

// meanCostColumn is the column of mean costs in the files that 'datasets import' writes.
const meanCostColumn = "mean_cost_usd"

// HasMeanCosts reports whether a file has mean costs per call, which [ReadPrices] reads, and not
// prices per token.
func HasMeanCosts(ctx context.Context, path string) bool {
	table, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return false // another reader says why
	}
	defer table.Close()
	return slices.Contains(table.Columns(), meanCostColumn)
}

// ReadPrices reads the costs of a thousand prompts in USD, by model, from a file that
// 'datasets import' wrote.
func ReadPrices(ctx context.Context, path string) (map[string]float64, error) {
	list, err := importers.ReadPrices(ctx, path)
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for _, p := range list {
		if p.MeanCostUSD == p.MeanCostUSD {
			out[p.Model] = 1000 * p.MeanCostUSD
		}
	}
	if len(out) == 0 {
		return nil, hint.With(fmt.Errorf("%q: found no cost, expected a column %s in USD per call", path, meanCostColumn),
			"datasets import litellm and openrouter write such files")
	}
	return out, nil
}
