package serve

import (
	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
)

// answerUsage returns the token counts of the answer that the client got. Of an answer that was held
// back, the client may not have asked for them.
func (c *call) answerUsage() *body.Usage {
	if k := c.cascade; k != nil && k.held != nil && c.by == weak {
		return &k.held.Usage
	}
	return &c.usage
}

// cascade counts what a cascade asked the weak model, and adds what that cost to the request's cost,
// which is unknown if a part of it is. Calls that failed cost nothing.
func (m *metrics) cascade(r *decisionlog.Record, table prices.Table) {
	if r.Cascade == nil {
		return
	}
	m.cascades.WithLabelValues(string(r.Cascade.Outcome)).Observe(r.Cascade.HeldS)
	for i := range r.Cascade.Calls {
		call := &r.Cascade.Calls[i]
		if price, ok := table[call.Model]; ok && call.InputTokens != nil {
			cost := price.Cost(prices.Tokens{Input: *call.InputTokens, Output: *call.OutputTokens, Cached: call.CachedTokens})
			call.CostUSD = &cost
		}
	}
	for _, call := range r.Others() {
		m.other(r, call)
	}
}

// other counts a call whose answer the client did not get.
func (m *metrics) other(r *decisionlog.Record, call decisionlog.Call) {
	if call.InputTokens != nil {
		m.tokens.WithLabelValues(config.Weak, "input").Add(float64(*call.InputTokens))
		m.tokens.WithLabelValues(config.Weak, "output").Add(float64(*call.OutputTokens))
	}
	switch {
	case call.CostUSD != nil:
		m.cost.WithLabelValues(config.Weak).Add(*call.CostUSD)
		if r.CostUSD != nil {
			sum := *r.CostUSD + *call.CostUSD
			r.CostUSD = &sum
		}
	case call.Error == "":
		r.CostUSD = nil
	}
}
