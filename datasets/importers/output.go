package importers

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"slices"
	"strconv"

	"github.com/routellm/routellm/datasets"
)

// TrafficTable returns the calls of gateways as a data set of prompts without outcomes, sorted by
// id, with what each call took in columns of its model. Calls whose prompt is not known are left
// out and counted. If none is left, it returns an error.
func TrafficTable(calls []Request) (t *datasets.Table, without int, err error) {
	c := datasets.NewCollector(datasets.CollectOptions{KeepPrompt: true})
	for _, q := range calls {
		if q.Prompt == "" {
			without++
			continue
		}
		g := datasets.NewGraded()
		g.ID, g.Prompt, g.Model = q.ID, q.Prompt, q.Model
		g.CostUSD, g.InputTokens, g.OutputTokens, g.LatencyS = q.CostUSD, q.InputTokens, q.OutputTokens, q.LatencyS
		if err := c.Add(g); err != nil {
			return nil, without, err
		}
	}
	if without == len(calls) {
		return nil, without, errors.New("found no prompts in the log, expected the messages of at least one call")
	}
	if t, _, err = c.Table(); err == nil {
		t.Quality = nil
	}
	return t, without, err
}

// BattleTable returns votes as a data set of battles, in the order of the votes.
func BattleTable(votes []Battle) (*datasets.Table, error) {
	c := datasets.NewCollector(datasets.CollectOptions{KeepPrompt: true, KeepOrder: true})
	for _, b := range votes {
		g := datasets.NewGraded()
		g.ID, g.Prompt, g.Model = b.ID, b.Prompt, b.ModelA
		if err := c.Add(g); err != nil {
			return nil, err
		}
	}
	t, _, err := c.Table()
	if err != nil {
		return nil, err
	}
	t.Quality = nil
	for _, b := range votes {
		t.ModelA, t.ModelB, t.Winner = append(t.ModelA, b.ModelA), append(t.ModelB, b.ModelB), append(t.Winner, b.Winner)
	}
	return t, nil
}

// DecisionsCSV returns a router's decisions as 'eval --router decisions:FILE' reads them: sample_id
// and decision, which is the name of a model. They are sorted by id.
func DecisionsCSV(decisions []Decision) ([]byte, error) {
	decisions = slices.SortedFunc(slices.Values(decisions), func(a, b Decision) int { return cmp.Compare(a.ID, b.ID) })
	lines := [][]string{{"sample_id", "decision"}}
	for _, d := range decisions {
		lines = append(lines, []string{d.ID, d.Model})
	}
	return csvOf(lines)
}

// PricesCSV returns what calls of each model took, as [ReadPrices] reads it.
func PricesCSV(prices []Price) ([]byte, error) {
	lines := [][]string{priceColumns}
	for _, p := range prices {
		line := []string{p.Model, strconv.Itoa(p.Requests)}
		for _, v := range []float64{p.MeanCostUSD, p.MeanInputTokens, p.MeanOutputTokens, p.LatencyP50S} {
			line = append(line, csvNumber(v))
		}
		lines = append(lines, line)
	}
	return csvOf(lines)
}

var priceColumns = []string{"model", "requests", "mean_cost_usd", "mean_input_tokens", "mean_output_tokens", "latency_p50_s"}

// csvNumber returns a number with at most nine significant digits; "" for NaN.
func csvNumber(v float64) string {
	if v != v {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 9, 64)
}

func csvOf(lines [][]string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	err := w.WriteAll(lines)
	return out.Bytes(), err
}
