package harness

import (
	"context"
	"strings"
	"testing"
)

// TestMeaningOfThreshold compares a threshold for a share with what it does, and checks
// which thresholds are worth a warning.
func TestMeaningOfThreshold(t *testing.T) {
	ctx, c := context.Background(), openTestScorer(t, "mf")
	for _, fraction := range []float64{0.005, 0.02, 0.5, 0.98, 0.995} {
		threshold, err := c.ThresholdFor(ctx, fraction)
		if err != nil {
			t.Fatal(err)
		}
		m, err := c.Meaning(ctx, threshold)
		if err != nil {
			t.Fatal(err)
		}
		if off := m.StrongFraction - fraction; off < -1e-3 || off > 1e-3 || m.Lowest >= m.Highest {
			t.Errorf("fraction %v: %+v", fraction, m)
		}
		if warns := m.Warning() != ""; warns != (fraction < 0.01 || fraction > 0.99) {
			t.Errorf("fraction %v: warning %q", fraction, m.Warning())
		}
	}
	if _, err := openTestScorer(t, "exec:cat").Meaning(ctx, 1); err == nil || !strings.Contains(err.Error(), "needs text") {
		t.Errorf("a router that needs text: %v", err)
	}
}
