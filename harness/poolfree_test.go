package harness

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// TestDecisionsThatCostNothing expects costs of 0 only of models that are declared free: otherwise a
// router that never paid would be better than the oracle.
func TestDecisionsThatCostNothing(t *testing.T) {
	paid, free := pool.Choice{Model: 0, Cost: 0.1, Latency: 0}, pool.Choice{Model: 1, Cost: 0, Latency: 1}
	for name, d := range map[string]pool.Decided{
		"first": {First: []pool.Choice{paid, free}},
		"later": {First: []pool.Choice{paid, paid}, Points: []pool.Point{{Changes: []pool.Change{{Prompt: 1, Choice: free}}}}},
	} {
		p := &Pool{axis: results.CostAxis, models: []string{"other", "small", "big"}}
		if err := p.checkFree(d, []int{2, 1}); err == nil || !strings.Contains(err.Error(), `found 0 for "small"`) {
			t.Errorf("%s: error %v", name, err)
		}
		p.pricing.Free = []string{"small"}
		if err := p.checkFree(d, []int{2, 1}); err != nil {
			t.Errorf("%s: declared free: %v", name, err)
		}
		p.pricing.Free, p.axis = nil, results.LatencyAxis
		if err := p.checkFree(d, []int{2, 1}); err != nil {
			t.Errorf("%s: latencies: %v", name, err)
		}
	}
}
