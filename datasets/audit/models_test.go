package audit

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// series returns n values of a function of the row.
func series(n int, f func(i int) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

// TestModels finds models that are copies of others, and costs in another unit.
func TestModels(t *testing.T) {
	right := func(i int) float64 { return float64(i % 3 % 2) }
	other := func(i int) float64 { return float64(i % 2) }
	cost := func(i int) float64 { return .001 * float64(1+i%7) }
	scaled := func(f func(int) float64, by float64) func(int) float64 {
		return func(i int) float64 { return by * f(i) }
	}
	gap := func(f func(int) float64) func(int) float64 {
		return func(i int) float64 {
			if i == 4 {
				return math.NaN()
			}
			return f(i)
		}
	}
	constant := func(v float64) func(int) float64 { return func(int) float64 { return v } }
	for name, c := range map[string]struct {
		n            int
		qa, qb       func(int) float64
		ca, cb       func(int) float64
		tokens       float64
		want, detail string
	}{
		"two models":             {30, right, other, cost, func(i int) float64 { return .001 * float64(1+i%5) }, 0, "", ""},
		"a copy":                 {30, right, right, nil, nil, 0, "copied-model b", `the quality is that of "a" in every row: they`},
		"a copy with its costs":  {30, right, right, cost, cost, 0, "copied-model b copied-cost b", "in every row, and so is the cost"},
		"a copy at another cost": {30, right, right, cost, scaled(cost, 10), 0, "copied-model b proportional-cost b", "cost_usd is 10 times"},
		"proportional":           {30, right, other, cost, scaled(cost, 1./3), 0, "proportional-cost b", "0.3333 times"},
		"with gaps":              {30, gap(right), right, cost, gap(cost), 0, "copied-model b copied-cost b", ""},
		"few rows":               {19, right, right, cost, cost, 0, "", ""},
		"all right":              {30, constant(1), constant(1), nil, nil, 0, "", ""},
		"nothing in common":      {30, func(i int) float64 { return math.NaN() }, right, nil, nil, 0, "", ""},
		"one is different":       {30, right, func(i int) float64 { return math.Abs(right(i) - float64(i/29)) }, nil, nil, 0, "", ""},
		"no price":               {30, right, other, cost, nil, 0, "missing-price b", "--price"},
		"price for a cost":       {30, right, other, cost, constant(2.5), 0, "cost-unit b", "cost_usd is 2.5 in every row"},
		"per thousand":           {30, right, other, cost, func(i int) float64 { return 10 * float64(1+i%4) }, 0, "cost-unit b", "on average: expected USD per prompt"},
		"per token":              {30, right, other, cost, func(i int) float64 { return 1e-9 * float64(1+i%4) }, 0, "cost-unit b", "and not per token"},
		"other unit than tokens": {30, right, other, cost, func(i int) float64 { return float64(1 + i%4) }, 100, "cost-unit b", "1.223e+04 USD per million tokens"},
		"zeros":                  {30, right, other, cost, constant(0), 0, "zero-cost b", "--free"},
		"zeros in both":          {30, right, other, constant(0), constant(0), 0, "zero-cost a zero-cost b", ""},
	} {
		table := &datasets.Table{Meta: datasets.NewMeta(), SampleID: make([]string, c.n), Quality: []datasets.Column{{Name: "a", Values: series(c.n, c.qa)}, {Name: "b", Values: series(c.n, c.qb)}}}
		for model, f := range map[string]func(int) float64{"a": c.ca, "b": c.cb} {
			if f != nil {
				table.Extras = append(table.Extras, datasets.Column{Name: costPrefix + model, Values: series(c.n, f)})
			}
		}
		if len(table.Extras) == 2 && table.Extras[0].Name == costPrefix+"b" {
			table.Extras[0], table.Extras[1] = table.Extras[1], table.Extras[0]
		}
		if c.tokens > 0 {
			for _, kind := range []string{"input_tokens:b", "output_tokens:b"} {
				table.Extras = append(table.Extras, datasets.Column{Name: kind, Values: series(c.n, func(i int) float64 { return c.tokens - float64(i%2) })})
			}
		}
		var codes, messages []string
		for _, check := range []func(Input) []Finding{copies, missingPrices, zeroCosts, costUnits} {
			for _, f := range check(Input{Table: table}) {
				codes, messages = append(codes, f.Code+" "+f.About), append(messages, f.Message)
			}
		}
		if got := strings.Join(codes, " "); got != c.want || !strings.Contains(strings.Join(messages, "\n"), c.detail) {
			t.Errorf("%s: %s (%q), want %s (%q)", name, got, messages, c.want, c.detail)
		}
	}
}
