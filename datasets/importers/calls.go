package importers

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/routellm/routellm/datasets"
)

// call is a call of a model within a trace.
type call struct {
	datasets.Graded
	id         string
	start, end string // times, which sort as texts
	updated    string
	graded     bool // whether it has a score of its own
}

// oneModel reports whether all calls are of one model.
func oneModel(calls []call) bool {
	return !slices.ContainsFunc(calls, func(c call) bool { return c.Model != calls[0].Model })
}

// inOrder sorts calls by their start. Of several states of one call, as exports of overlapping
// times hold them, the last update counts.
func inOrder(calls []call) []call {
	slices.SortFunc(calls, func(a, b call) int {
		return cmp.Or(strings.Compare(a.start, b.start), strings.Compare(a.id, b.id), strings.Compare(b.updated, a.updated))
	})
	return slices.CompactFunc(calls, func(a, b call) bool { return a.id == b.id && a.id != "" })
}

// together returns the calls of one trace, in order, as one: the prompt is the first one's, costs
// and tokens are sums, the latency is from the first start to the last end. It failed if all did.
func together(calls []call) call {
	whole := calls[0]
	for _, c := range calls[1:] {
		whole.CostUSD += c.CostUSD
		whole.InputTokens += c.InputTokens
		whole.OutputTokens += c.OutputTokens
		whole.end = max(whole.end, c.end)
		whole.Prompt = cmp.Or(whole.Prompt, c.Prompt)
		if c.Failed == "" {
			whole.Failed = ""
		}
	}
	if len(calls) > 1 {
		whole.LatencyS = seconds(whole.start, whole.end)
	}
	return whole
}

// meanOf returns the mean of values, NaN if there are none. Their order does not matter.
func meanOf(values []float64) float64 { return sumOf(values) / float64(len(values)) }

// sumOf returns the sum of values, whatever their order.
func sumOf(values []float64) (sum float64) {
	for _, v := range slices.Sorted(slices.Values(values)) {
		sum += v
	}
	return sum
}

// timeForms are the ways in which tools write times, with or without fractions of a second.
var timeForms = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05-07"}

// seconds returns the time between two times; NaN if one of them is missing or they are in the
// wrong order.
func seconds(start, end string) float64 {
	a, ok := parseTime(start)
	b, also := parseTime(end)
	if !ok || !also || b.Before(a) {
		return nan
	}
	return b.Sub(a).Seconds()
}

func parseTime(text string) (time.Time, bool) {
	for _, form := range timeForms {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
