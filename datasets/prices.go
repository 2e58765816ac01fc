package datasets

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// Price is what a model cost, in dollars per million tokens, and who said so when.
type Price struct {
	Model         string
	Input, Output float64
	AsOf          string // a day or month, as in 2024-02-12
	Source        string
}

// Blend returns dollars per million tokens where one call takes input tokens and gives
// output tokens.
func (p Price) Blend(input, output float64) float64 {
	return (float64(p.Input*input) + float64(p.Output*output)) / (input + output)
}

//go:embed prices.csv
var priceBook string

// Prices returns the built-in price book: list prices at the time of the RouteLLM
// publication, of models for which there is a source.
func Prices() ([]Price, error) {
	rows, err := csv.NewReader(strings.NewReader(priceBook)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("prices.csv: %w", err)
	}
	var out []Price
	for i, row := range rows[1:] {
		p := Price{Model: row[0], AsOf: row[3], Source: row[4]}
		for k, to := range []*float64{&p.Input, &p.Output} {
			if *to, err = strconv.ParseFloat(row[1+k], 64); err != nil {
				return nil, fmt.Errorf("prices.csv: row %d, column %q: %w", i+1, rows[0][1+k], err)
			}
		}
		out = append(out, p)
	}
	return out, nil
}
