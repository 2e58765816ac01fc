package serve

import (
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
)

// spend records and counts what a finished request cost: the tokens of the answer that the client
// got, at the prices of the model that answered; by is the upstream's name. An answer without token counts, such as a stream
// without include_usage, has an unknown cost and is counted apart.
func (m *metrics) spend(r *decisionlog.Record, by string, table prices.Table) {
	price, ok := table[r.AnsweredModel]
	switch {
	case !ok:
	case r.InputTokens != nil:
		cost := price.Cost(prices.Tokens{Input: *r.InputTokens, Output: *r.OutputTokens, Cached: r.CachedTokens})
		r.CostUSD = &cost
		m.cost.WithLabelValues(by).Add(cost)
	case r.Status/100 == 2:
		m.costUnknown.WithLabelValues(by).Inc()
	}
}
