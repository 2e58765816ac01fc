package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Dollars writes amounts in USD per 1,000 prompts, all with the same number of decimals.
type Dollars struct{ decimals int }

// DollarsFor returns the format of amounts up to about a cost in USD per prompt, which gets four
// digits.
func DollarsFor(cost float64) Dollars {
	if !(cost > 0) || math.IsInf(cost, 1) {
		return Dollars{2}
	}
	return Dollars{max(0, min(9, 3-int(math.Floor(math.Log10(1000*cost)+1e-9))))}
}

// DollarsOf returns the format of the amounts of a pair: four digits of the larger cost, and one
// decimal more if the smaller one has fewer than two digits then.
func DollarsOf(c results.PairCosts) Dollars {
	low, high := min(float64(c.Strong.Value), float64(c.Weak.Value)), max(float64(c.Strong.Value), float64(c.Weak.Value))
	d := DollarsFor(high)
	if low > 0 && 1000*low*math.Pow(10, float64(d.decimals)) < 9.5 {
		d.decimals++
	}
	return d
}

// Decimals returns the number of decimals of the amounts.
func (d Dollars) Decimals() int { return d.decimals }

// Amount writes a number of USD per prompt in USD per 1,000 prompts, "?" if it does not exist.
func (d Dollars) Amount(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return d.end(float64(v))
}

func (d Dollars) end(x float64) string {
	return text.Unsigned(strconv.FormatFloat(1000*x, 'f', d.decimals, 64))
}

// Interval writes the interval of an amount as [lo, hi]: "-" if the metric has none, "?" if it
// does not exist, and "none" for an end without a bound.
func (d Dollars) Interval(m results.Metric) string { return openInterval(m, d.end) }

// openInterval writes an interval either of whose ends may have no bound.
func openInterval(m results.Metric, end func(float64) string) string {
	write := func(v results.Value) string {
		if !v.Exists() {
			return "none"
		}
		return end(float64(v))
	}
	switch {
	case !m.Value.Exists():
		return "?"
	case !m.Lo.Exists() && !m.Hi.Exists():
		return "-"
	}
	return "[" + write(m.Lo) + ", " + write(m.Hi) + "]"
}

// CostRow is an operating point with its cost.
type CostRow struct {
	Router results.Router
	At     string // the point, such as "CPT50"; "" for a router's only one
	Calls  results.Value
	results.PointCost
}

// CostRows lists the operating points of a benchmark with known costs: of each router those at its
// CPT and at shares of strong calls, or its only one. Random routing has shares of calls alone,
// which its CPT are.
func CostRows(b results.Benchmark) []CostRow {
	var rows []CostRow
	for _, r := range b.Routers {
		switch {
		case r.Costs == nil:
		case r.Costs.Point != nil:
			rows = append(rows, CostRow{r, "", r.Point.StrongFraction, *r.Costs.Point})
		default:
			for _, k := range SortedKeys(r.Costs.CPT) {
				if r.Scores == results.ClosedForm { // its CPT are shares of calls
					break
				}
				rows = append(rows, CostRow{r, "CPT" + k, r.Metrics.CPT[k].Value, r.Costs.CPT[k]})
			}
			for _, k := range SortedKeys(r.Costs.QualityAt) {
				rows = append(rows, CostRow{r, KeyPercent(k) + " calls", results.Value(KeyNumber(k)), r.Costs.QualityAt[k]})
			}
		}
	}
	return rows
}

// Captioned is a table with its caption.
type Captioned struct {
	Caption string
	*table.Table
}

// DollarTables returns the costs of the operating points, what they save, and the ratios of the
// publication's cost table. Without known costs there is none.
func DollarTables(b results.Benchmark, i results.Intervals) []Captioned {
	if b.Costs == nil {
		return nil
	}
	all := []Captioned{
		{"Cost of the operating points, USD per 1,000 prompts", costTable(b, i)},
		{"Saved against always strong, and against random routing with the same quality, USD per 1,000 prompts", savingTable(b, i)},
		{"Cost of random routing with the same quality, divided by the router's (RouteLLM's cost table, in dollars)", ratioTable(b, i)},
	}
	return slices.DeleteFunc(all, func(t Captioned) bool { return len(t.Rows) == 0 || len(t.Header) == 1 })
}

func costTable(b results.Benchmark, i results.Intervals) *table.Table {
	d, t := DollarsOf(*b.Costs), &table.Table{Header: []string{"router", "at", "calls", "USD/1k"}, Left: []int{1}}
	with := i.Method == "bootstrap"
	if with {
		t.Header = append(t.Header, Confidence(i))
	}
	for _, r := range CostRows(b) {
		cells := []string{r.Router.Name, r.At, Share(r.Calls), d.Amount(r.Cost.Value)}
		if with {
			cells = append(cells, d.Interval(r.Cost))
		}
		t.Add(cells...)
	}
	return t
}

func savingTable(b results.Benchmark, i results.Intervals) *table.Table {
	d, t := DollarsOf(*b.Costs), &table.Table{Header: []string{"router", "at"}, Left: []int{1}}
	with := i.Method == "bootstrap"
	for _, name := range []string{"vs strong", "vs random"} {
		t.Header = append(t.Header, name)
		if with {
			t.Header = append(t.Header, Confidence(i))
		}
	}
	for _, r := range CostRows(b) {
		if r.Router.Scores == results.NoScores || r.Router.Scores == results.ClosedForm {
			continue
		}
		cells := []string{r.Router.Name, r.At}
		for _, m := range []results.Metric{r.SavingOverStrong, r.SavingOverRandom} {
			cells = append(cells, d.Amount(m.Value))
			if with {
				cells = append(cells, d.Interval(m))
			}
		}
		t.Add(cells...)
	}
	return t
}

// ratioTable has what RouteLLM (arXiv 2406.18665, table 6) calls the cost saving ratio, counted in
// dollars: the cost of random routing over the router's, at each CPT.
func ratioTable(b results.Benchmark, i results.Intervals) *table.Table {
	percents, t := CPTKeys(b), &table.Table{Header: []string{"ratio of costs"}}
	with := i.Method == "bootstrap" && len(percents) <= maxIntervals
	for _, p := range percents {
		t.Header = append(t.Header, "CPT"+p)
		if with {
			t.Header = append(t.Header, Confidence(i))
		}
	}
	for _, r := range b.Routers {
		if r.Costs == nil || r.Point != nil || r.Scores == results.ClosedForm {
			continue
		}
		row := []string{r.Name}
		for _, p := range percents {
			ratio := r.Costs.CPT[p].CostRatio
			row = append(row, Number(ratio.Value, r))
			if with {
				row = append(row, openInterval(ratio, func(x float64) string { return fmt.Sprintf("%.2f", x) }))
			}
		}
		t.Add(row...)
	}
	return t
}

// dollarNotes explains the tables of costs, and says where the costs come from.
func dollarNotes(b results.Benchmark) []string {
	if b.Costs == nil {
		return nil
	}
	return []string{"USD/1k: cost of the called models in USD per 1,000 prompts; vs strong, vs random: USD per 1,000 prompts saved against always strong, " +
		"and against random routing with the same quality; ratio of costs: that of random routing with the same quality, divided by the router's (RouteLLM's cost table, in dollars)",
		"costs: " + PriceSources(b.Costs.Prices)}
}

// PriceSources says in words where the costs of models come from.
func PriceSources(prices []results.PriceUsed) string {
	var by, named []string
	for _, p := range prices {
		if source := priceSource(p); !slices.Contains(by, source) {
			by = append(by, source)
		}
		named = append(named, p.Model+" "+priceSource(p))
	}
	if len(by) == 1 {
		return by[0]
	}
	return strings.Join(named, ", ")
}

func priceSource(p results.PriceUsed) string {
	out := p.Source
	if p.AsOf != "" {
		out += " as of " + p.AsOf
	}
	return out
}
