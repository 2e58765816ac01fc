package harness

import (
	"math"
	"testing"

	"github.com/routellm/routellm/eval"
)

// TestMeasureWithoutGap measures thresholds on parts whose gap is not established or zero: a
// share of it exists only where it is none or all.
func TestMeasureWithoutGap(t *testing.T) {
	const n = 40
	for name, strong := range map[string]func(i int) float64{
		"equal": func(int) float64 { return 0.5 }, "slightly worse": func(i int) float64 { return 0.489 + float64(i%2)/550 },
	} {
		p := part{least: 0, most: 1}
		for i := range n {
			p.outcomes.Strong, p.outcomes.Weak = append(p.outcomes.Strong, strong(i)), append(p.outcomes.Weak, 0.49)
			p.scores, p.clusters = append(p.scores, float64(i)), append(p.clusters, i)
		}
		if name == "equal" {
			p.outcomes.Weak = p.outcomes.Strong
		}
		for threshold, want := range map[float64]float64{math.Inf(1): 0, math.Inf(-1): 1, 20: math.NaN()} {
			for _, m := range p.measure(threshold, 0.95) {
				if m.Name != "pgr" {
					continue
				}
				got := float64(m.HeldOut)
				if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) || m.Lo.Exists() == math.IsNaN(want) {
					t.Errorf("%s, threshold %v: %v of the gap, %v to %v, want %v", name, threshold, got, m.Lo, m.Hi, want)
				}
			}
		}
		if gap, err := eval.NewGap(p.outcomes, p.clusters); err != nil || gap.State != eval.GapNotEstablished {
			t.Errorf("%s: gap %+v, %v", name, gap, err)
		}
	}
}
