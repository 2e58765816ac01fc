package gate

import "testing"

// Shares of the best model's quality are written as in cost_for.95 or as in results.
func TestShareKey(t *testing.T) {
	for path, want := range map[string]string{
		"cost_for.95": "cost_for.0.95", "cost_for.90.lo": "cost_for.0.9.lo", "cost_for.9.hi": "cost_for.0.9.hi",
		"cost_for.0.95": "cost_for.0.95", "cost_for.0.95.lo": "cost_for.0.95.lo", "cost_for.0": "cost_for.0",
		"cost_for": "cost_for", "cost_for.x": "cost_for.x", "lift.lo": "lift.lo", "cost_for.1.0": "cost_for.0.1.0",
	} {
		if got := shareKey(path); got != want {
			t.Errorf("shareKey(%q) = %q, want %q", path, got, want)
		}
	}
}

// A figure that is chosen on the evaluated prompts is refused under any router and end.
func TestOptimisticIsRefused(t *testing.T) {
	for _, rule := range []string{"b.r.optimistic.aiq > 0", "b.r.QNC.value > 0", "delta.peak_quality.lo > 0", "*.*.qnc_hull > 0", "b.compat.score > 0", "b.r.opt_cost < 1"} {
		if _, err := parseRule(rule); err == nil {
			t.Errorf("parseRule(%q) gives no error", rule)
		}
	}
	if _, err := parseRule("b.optimistic.lift > 0"); err != nil {
		t.Errorf("a router may be called optimistic: %v", err)
	}
}
