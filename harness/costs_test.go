package harness

import (
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

var nan = math.NaN()

var priceOf = pricelist.PerMillion

// costTable returns two rows with extra columns.
func costTable(extras ...datasets.Column) *datasets.Table {
	meta := datasets.NewMeta()
	meta.Name = "mine"
	return &datasets.Table{Meta: meta, SampleID: []string{"a", "b"}, Extras: extras}
}

// col returns a column of two rows.
func col(name string, a, b float64) datasets.Column {
	return datasets.Column{Name: name, Values: []float64{a, b}}
}

func TestCosts(t *testing.T) {
	tokens := []datasets.Column{col("input_tokens:m", 1e6, 2e6), col("output_tokens:m", 1e6, nan)}
	for name, c := range map[string]struct {
		p      Pricing
		extras []datasets.Column
		want   [2]float64
		source string
		tokens string
	}{
		"measured":              {Pricing{}, []datasets.Column{col("cost_usd:m", .5, nan)}, [2]float64{.5, nan}, "measured", ""},
		"measured counts first": {Pricing{Given: map[string]pricelist.Price{"m": priceOf(1, 1)}}, append(tokens, col("cost_usd:m", .5, 1)), [2]float64{.5, 1}, "measured", ""},
		"repriced":              {Pricing{Reprice: true, Given: map[string]pricelist.Price{"m": priceOf(1, 2)}}, append(tokens, col("cost_usd:m", .5, 1)), [2]float64{3, nan}, "given", "counted"},
		"nothing to reprice":    {Pricing{Reprice: true}, []datasets.Column{col("cost_usd:m", .5, 1)}, [2]float64{.5, 1}, "measured", ""},
		"declared zeros":        {Pricing{Free: []string{"m"}}, []datasets.Column{col("cost_usd:m", 0, 1)}, [2]float64{0, 1}, "measured", ""},
		"free":                  {Pricing{Free: []string{"m"}}, nil, [2]float64{0, 0}, "free", ""},
		"free price":            {Pricing{Free: []string{"m"}, Given: map[string]pricelist.Price{"m": priceOf(0, 2)}}, tokens, [2]float64{2, nan}, "given", "counted"},
		"cached and reasoning": {Pricing{Given: map[string]pricelist.Price{"m": {Input: 4, Output: 10, CachedInput: 1, Reasoning: 20}}},
			append([]datasets.Column{col("cached_input_tokens:m", 5e5, nan), col("reasoning_tokens:m", 1e6, 0)}, col("input_tokens:m", 1e6, 1e6), col("output_tokens:m", 2e6, 2e6)),
			[2]float64{2 + .5 + 10 + 20, 4 + 20}, "given", "counted"},
		"no price of their own": {Pricing{Given: map[string]pricelist.Price{"m": priceOf(4, 10)}},
			append([]datasets.Column{col("cached_input_tokens:m", 5e5, 1), col("reasoning_tokens:m", 1e6, 1)}, col("input_tokens:m", 1e6, 1e6), col("output_tokens:m", 2e6, 2e6)),
			[2]float64{24, 24}, "given", "counted"},
		"given tokens": {Pricing{Given: map[string]pricelist.Price{"m": priceOf(1, 2)}, Tokens: &[2]float64{1e6, 5e5}}, nil, [2]float64{2, 2}, "given", "given"},
		"characters":   {Pricing{Given: map[string]pricelist.Price{"m": priceOf(1, 2)}}, []datasets.Column{col("input_tokens:m", 1e6, 1e6), col("output_chars:m", 4e6, 8e6)}, [2]float64{3, 5}, "given", "estimated"},
	} {
		columns, used, err := c.p.costsOf(costTable(c.extras...), []string{"m"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, v := range columns[0] {
			if w := c.want[i]; math.Abs(v-w) > 1e-12 || math.IsNaN(v) != math.IsNaN(w) {
				t.Errorf("%s: row %d costs %v, want %v", name, i+1, v, w)
			}
		}
		if u := used[0]; u.Source != c.source || u.Tokens != c.tokens || u.Model != "m" {
			t.Errorf("%s: used %+v", name, u)
		}
	}
}

func TestImpossibleCosts(t *testing.T) {
	given := func(p pricelist.Price) Pricing { return Pricing{Given: map[string]pricelist.Price{"m": p}} }
	limited := priceOf(1, 1)
	limited.Limit, limited.Key = 1000, "m"
	in, out := col("input_tokens:m", 10, 2000), col("output_tokens:m", 1, 1)
	for name, c := range map[string]struct {
		p            Pricing
		extras       []datasets.Column
		message, tip string
	}{
		"negative":             {Pricing{}, []datasets.Column{col("cost_usd:m", 1, -.001)}, `row 2, column "cost_usd:m": found -0.001, expected a cost of 0 or more, in USD`, ""},
		"negative though free": {Pricing{Free: []string{"m"}}, []datasets.Column{col("cost_usd:m", 1, -.001)}, "found -0.001", ""},
		"infinite":             {Pricing{}, []datasets.Column{col("cost_usd:m", 1, math.Inf(1))}, "row 2", ""},
		"zero":                 {Pricing{}, []datasets.Column{col("cost_usd:m", 0, 1)}, `row 1, column "cost_usd:m": found 0, as in 1 of 2 rows`, "--free 'm'"},
		"no cost at all":       {Pricing{}, []datasets.Column{col("cost_usd:m", nan, nan)}, `column "cost_usd:m": found no cost`, "--price"},
		"nothing":              {Pricing{}, nil, `no cost of "m" was measured, and it has no price`, "--price 'm=IN,OUT'"},
		"typing error":         {Pricing{Given: map[string]pricelist.Price{"m2": priceOf(1, 1)}}, nil, "no price", `did you mean m2?`},
		"price 0":              {given(priceOf(0, 0)), []datasets.Column{in, out}, `the price of "m" is 0`, "--free 'm'"},
		"output free":          {given(priceOf(1, 0)), []datasets.Column{in, out}, "is 0", "--free"},
		"no tokens":            {given(priceOf(1, 1)), nil, `column "input_tokens:m": missing`, "--tokens IN,OUT"},
		"no output tokens":     {given(priceOf(1, 1)), []datasets.Column{in}, `column "output_tokens:m": missing`, "--tokens IN,OUT"},
		"negative tokens":      {given(priceOf(1, 1)), []datasets.Column{in, col("output_tokens:m", -1, 1)}, `row 1, model "m": found -1 output tokens`, ""},
		"more cached than all": {given(priceOf(1, 1)), []datasets.Column{in, out, col("cached_input_tokens:m", 11, 1)}, "found 11 cached input tokens, expected at most the 10", ""},
		"above the tier":       {given(limited), []datasets.Column{in, out}, `row 2, model "m": found 2000 input tokens, but the price of "m" holds up to 1000`, ""},
		"characters":           {Pricing{}, []datasets.Column{col("output_chars:m", 1, 1)}, "no price", "--axis chars"},
	} {
		_, _, err := c.p.costsOf(costTable(c.extras...), []string{"m"})
		if err == nil || !strings.Contains(err.Error(), c.message) || !strings.Contains(strings.Join(hint.Of(err), "\n"), c.tip) {
			t.Errorf("%s: %v, hints %q; want %q, %q", name, err, hint.Of(err), c.message, c.tip)
		}
	}
}

// TestBuiltinCosts checks which built-in data sets have costs, and what the others need.
func TestBuiltinCosts(t *testing.T) {
	for name, c := range map[string]struct{ without, estimated string }{
		"pareto":   {"", ""},
		"gsm8k":    {"no price", "estimated"},
		"mmlu":     {"no price", "estimated"},
		"mt-bench": {"no price", ""},
	} {
		data, _ := benchmarks.Data(name)
		f, err := datasets.OpenBytes(name, data)
		if err != nil {
			t.Fatal(err)
		}
		table, err := f.Read(datasets.Select{AllModels: true, Features: true, Extras: true})
		if err != nil {
			t.Fatal(err)
		}
		models := f.Models()[max(0, len(f.Models())-4):]
		_, _, err = Pricing{}.costsOf(table, models)
		if (err == nil) != (c.without == "") || err != nil && !strings.Contains(err.Error(), c.without) {
			t.Errorf("%s: %v", name, err)
		}
		p := Pricing{Given: map[string]pricelist.Price{}}
		for _, m := range models {
			p.Given[m] = priceOf(1, 2)
		}
		if c.estimated == "" {
			continue
		}
		columns, used, err := p.costsOf(table, models)
		if err != nil || used[0].Tokens != c.estimated || !(columns[0][0] > 0) {
			t.Errorf("%s: %v, %+v", name, err, used)
		}
	}
}

func TestPricingWarnings(t *testing.T) {
	p := Pricing{Given: map[string]pricelist.Price{"m": priceOf(1, 1)}}
	used := usedPrice("k", "list.csv", pricelist.Price{Key: "k", Input: 1e-6, Output: 2e-6, AsOf: "2026-01"})
	used.Tokens = tokensEstimated
	got := strings.Join(p.warnings("mine", "2026-05-02", append(noUses("m"), used)), "\n")
	for _, want := range []string{
		`the measured cost of "m" counts`, "looks like a price per token", "are of 2026-01, 121 days from the outcomes (2026-05-02)", "estimated from characters, 4 per token",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("warnings\n%s\nlack %q", got, want)
		}
	}
	for measured, old := range map[string]bool{"2026-04-01": false, "2026-04-02": true, "2025-10-03": false, "": false} {
		if got := strings.Contains(strings.Join(Pricing{}.warnings("mine", measured, append(noUses(), used)), "\n"), "days from the outcomes"); got != old {
			t.Errorf("outcomes of %q: old prices %v, want %v", measured, got, old)
		}
	}
}

// noUses returns models whose cost was measured.
func noUses(models ...string) (out []results.PriceUsed) {
	for _, m := range models {
		out = append(out, noPriceUsed(m, costMeasured))
	}
	return out
}
