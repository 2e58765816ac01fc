package cmdutil

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/internal/hint"
)

// PricesFlag returns the value of a flag that takes what a prompt costs each model of a pair:
// numbers, or a file with the costs of models by name. It sets one of the two.
func PricesFlag(numbers *[]float64, file *string) pflag.Value { return &pricesFlag{numbers, file} }

type pricesFlag struct {
	numbers *[]float64
	file    *string
}

func (p *pricesFlag) String() string {
	if p.file != nil && *p.file != "" {
		return *p.file
	}
	return (*Numbers)(p.numbers).String()
}

func (p *pricesFlag) Set(text string) error {
	*p.file = ""
	if (*Numbers)(p.numbers).Set(text) == nil {
		return nil
	}
	*p.numbers = nil
	if info, err := os.Stat(text); err != nil || info.IsDir() {
		return fmt.Errorf("%q is neither two numbers, STRONG,WEAK, nor a file of prices", text)
	}
	*p.file = text
	return nil
}

func (*pricesFlag) Type() string { return "prices" }

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
		return nil, hint.With(fmt.Errorf("%q: found no cost, expected a column mean_cost_usd in USD per call", path),
			"datasets import litellm and openrouter write such files")
	}
	return out, nil
}
