package importers

import (
	"slices"
	"strings"
)

// usage collects what the calls of one model took, to sum it up in a [Price].
type usage struct {
	requests               int
	costs, inputs, outputs total
	delays                 []float64 // seconds of one call each
}

// total is a sum over calls. Its parts are added up at the end, in an order of their own, so that
// the order of the rows does not change the last digit.
type total struct {
	parts []float64
	calls int
}

// add adds the sum over n calls, unless it is NaN, which means not known.
func (t *total) add(sum float64, n int) {
	if sum == sum {
		t.parts, t.calls = append(t.parts, sum), t.calls+n
	}
}

func (t total) mean() float64 { return sumOf(t.parts) / float64(t.calls) }

// add adds n calls, with sums of USD and tokens.
func (u *usage) add(n int, cost, input, output float64) {
	u.requests += n
	u.costs.add(cost, n)
	u.inputs.add(input, n)
	u.outputs.add(output, n)
}

// took adds the seconds that a call took, unless they are NaN.
func (u *usage) took(latency float64) {
	if latency == latency {
		u.delays = append(u.delays, latency)
	}
}

func (u *usage) price(model string) Price {
	return Price{
		Model: model, Requests: u.requests, MeanCostUSD: u.costs.mean(), MeanInputTokens: u.inputs.mean(),
		MeanOutputTokens: u.outputs.mean(), LatencyP50S: medianOf(u.delays),
	}
}

// pricesOf sums up the calls of each model, sorted by model.
func pricesOf(calls []Request) []Price {
	used := map[string]*usage{}
	for _, q := range calls {
		if used[q.Model] == nil {
			used[q.Model] = &usage{}
		}
		used[q.Model].add(1, q.CostUSD, q.InputTokens, q.OutputTokens)
		used[q.Model].took(q.LatencyS)
	}
	return pricesIn(used)
}

func pricesIn(used map[string]*usage) (out []Price) {
	for model, u := range used {
		out = append(out, u.price(model))
	}
	slices.SortFunc(out, func(a, b Price) int { return strings.Compare(a.Model, b.Model) })
	return out
}

// medianOf returns the median, the mean of the middle two of an even number; NaN if there are no
// values.
func medianOf(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	n := len(values)
	switch {
	case n == 0:
		return nan
	case n%2 == 1:
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}
