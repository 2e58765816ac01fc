package datasets

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// Price holds the list price of a model at some date.
type Price struct {
	Model         string
	Input, Output float64 // US dollars per million tokens
	AsOf          string  // day or month of the price, such as 2024-02-12
	Source        string
}

// Blend returns the price in dollars per million tokens of calls that take input tokens and
// return output tokens each, both at least 0 and not both 0.
func (p Price) Blend(input, output float64) float64 {
	return (float64(p.Input*input) + float64(p.Output*output)) / (input + output)
}

//go:embed prices.csv
var priceBook string

// Prices returns the built-in price book: list prices at the time of the RouteLLM
// publication, for the models whose price has a source.
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
