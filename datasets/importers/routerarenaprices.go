package importers

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/tidwall/gjson"
)

// arenaPrices holds the prices of RouterArena's models, in USD per million input and output
// tokens.
type arenaPrices map[string][2]float64

// isArenaPrices reports whether a file is a table of prices.
func isArenaPrices(p *peek) bool {
	found := false
	p.object().ForEach(func(_, model gjson.Result) bool {
		found = model.Get("input_token_price_per_million").Exists()
		return false
	})
	return found
}

// read adds the prices in a file.
func (p arenaPrices) read(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	if data = bytes.TrimPrefix(data, []byte("\ufeff")); !gjson.ValidBytes(data) {
		return fmt.Errorf("%q: found damaged JSON, expected a price per model", path)
	}
	gjson.ParseBytes(data).ForEach(func(name, model gjson.Result) bool {
		price := [2]float64{numberIn(model, "input_token_price_per_million"), numberIn(model, "output_token_price_per_million")}
		if price[0] >= 0 && price[1] >= 0 {
			p[name.Str] = price
		}
		return true
	})
	return nil
}

// cost returns the cost of an answer in USD; NaN if the price or the tokens are not known.
func (p arenaPrices) cost(model string, input, output float64) float64 {
	name, isBatch := strings.CutSuffix(model, "_batch") // RouterArena prices both alike
	price, ok := p[model]
	if !ok && isBatch {
		price, ok = p[name]
	}
	if !ok {
		return nan
	}
	return (float64(input*price[0]) + float64(output*price[1])) / 1e6
}
