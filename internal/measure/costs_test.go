package measure

import (
	"math"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// priced returns 400 samples whose costs depend on the sample, and whose gains a router can know.
func priced() Samples {
	s := Samples{Costs: &Costs{Prices: []results.PriceUsed{{Model: "big", Source: "measured"}}}}
	for i := range 400 {
		s.Outcomes.Strong, s.Outcomes.Weak = append(s.Outcomes.Strong, knowable[i%4]), append(s.Outcomes.Weak, 0)
		s.Costs.Strong, s.Costs.Weak = append(s.Costs.Strong, 0.01+0.001*float64(i%7)), append(s.Costs.Weak, 0.001*float64(i%3))
		s.Clusters = append(s.Clusters, i)
	}
	return s
}

// withCosts measures a router and what a benchmark always has, with costs and intervals.
func withCosts(t *testing.T, s Samples, resamples int, points eval.Points) results.Benchmark {
	t.Helper()
	b, err := New(results.Benchmark{}, s, points)
	if err != nil {
		t.Fatal(err)
	}
	scores, some := make([]float64, s.Outcomes.N()), make([]bool, s.Outcomes.N())
	for i := range scores {
		scores[i], some[i] = scorers["good"](i), i%4 > 1
	}
	for _, err := range []error{
		b.AddScores("good", results.Live, scores), b.AddRandom("random"),
		b.AddDecisions("decides", results.File, results.ThresholdAt(math.NaN()), some),
		b.AddDecisions("always strong", results.NoScores, results.ThresholdAt(math.Inf(-1)), allTrue(len(scores))),
		b.AddCosts(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if resamples > 0 {
		if err := b.Bootstrap(eval.Bootstrap{Resamples: resamples, Confidence: 0.95, Seed: 1}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Result()
}

func allTrue(n int) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	return out
}

// called50 returns what the half of the samples with the highest scores cost the strong model and
// the others the weak one, written out slowly.
func called50(s Samples) float64 {
	total := 0.0
	for i := range s.Clusters {
		above := 0
		for j := range s.Clusters {
			if scorers["good"](j) > scorers["good"](i) {
				above++
			}
		}
		if above < len(s.Clusters)/2 {
			total += s.Costs.Strong[i]
		} else {
			total += s.Costs.Weak[i]
		}
	}
	return total / float64(len(s.Clusters))
}

// near fails unless a value is within 1e-12 of what it should be.
func near(t *testing.T, what string, got results.Value, want float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > 1e-12 {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// TestCosts compares costs and savings with their definitions.
func TestCosts(t *testing.T) {
	s := priced()
	d := withCosts(t, s, 200, eval.Points{CPT: []float64{50}, Fractions: []float64{0.5}, Qualities: []float64{0.9}})
	strong, weak := s.Costs.outcomes(s.Outcomes).Means()
	near(t, "always strong", d.Costs.Strong.Value, strong)
	near(t, "always weak", d.Costs.Weak.Value, weak)
	good := d.Routers[0]
	at := good.Costs.QualityAt["0.5"]
	near(t, "cost at half the calls", at.Cost.Value, called50(s))
	near(t, "saving over strong", at.SavingOverStrong.Value, strong-called50(s))
	calls := float64((good.Metrics.QualityAt["0.5"].Value - d.WeakQuality) / (d.StrongQuality - d.WeakQuality)) // of random routing with the same quality
	if calls <= 1 {
		t.Fatalf("random routing reaches the quality with %v of the calls: the case should be out of its reach", calls)
	}
	if at.SavingOverRandom.Value.Exists() {
		t.Errorf("saving over random is %v, which random routing never reaches", at.SavingOverRandom.Value)
	}
	cpt := good.Costs.CPT["50"]
	near(t, "saving over random at CPT50", cpt.SavingOverRandom.Value, (strong+weak)/2-float64(cpt.Cost.Value))
	near(t, "ratio at CPT50", cpt.CostRatio.Value, (strong+weak)/2/float64(cpt.Cost.Value))
	for name, m := range map[string]results.Metric{"cost": cpt.Cost, "over strong": cpt.SavingOverStrong, "over random": cpt.SavingOverRandom,
		"ratio": cpt.CostRatio, "always strong": d.Costs.Strong, "decisions": d.Routers[2].Costs.Point.Cost, "random": d.Routers[1].Costs.QualityAt["0.5"].Cost} {
		if !(m.Lo < m.Value && m.Value < m.Hi) {
			t.Errorf("%s at CPT50: interval [%v, %v] of %v", name, m.Lo, m.Hi, m.Value)
		}
	}
	random := d.Routers[1].Costs.QualityAt["0.5"]
	if near(t, "random's cost", random.Cost.Value, (strong+weak)/2); random.SavingOverRandom.Value != 0 || random.CostRatio.Value != 1 {
		t.Errorf("random saves %+v over itself", random)
	}
	near(t, "always strong saves", d.Routers[3].Costs.Point.SavingOverStrong.Value, 0)
}

// TestCostsOfFewCalls: scores that are exactly wrong reach a share of the gap late, and cost more
// than random.
func TestCostsOfFewCalls(t *testing.T) {
	s := priced()
	b, err := New(results.Benchmark{}, s, eval.Points{CPT: []float64{50}})
	if err != nil {
		t.Fatal(err)
	}
	scores := make([]float64, s.Outcomes.N())
	for i := range scores {
		scores[i] = scorers["bad"](i)
	}
	if err := b.AddScores("bad", results.Live, scores); err != nil {
		t.Fatal(err)
	}
	if err := b.AddCosts(); err != nil {
		t.Fatal(err)
	}
	if c := b.Result().Routers[0].Costs.CPT["50"]; !(c.SavingOverRandom.Value < 0 && c.CostRatio.Value < 1) {
		t.Errorf("a bad router saves %+v", c)
	}
}

// TestNoCosts: without costs, and without an established gap, what is not known is not there.
func TestNoCosts(t *testing.T) {
	s := priced()
	s.Costs = nil
	if d := withCosts(t, s, 50, eval.Points{CPT: []float64{50}}); d.Costs != nil || d.Routers[0].Costs != nil {
		t.Error("costs that are not known are shown")
	}
	s = priced()
	for i := range s.Outcomes.Weak {
		s.Outcomes.Weak[i], s.Outcomes.Strong[i] = float64(i%2), float64((i+i/2)%2)
	}
	d := withCosts(t, s, 50, eval.Points{CPT: []float64{50}, Fractions: []float64{0.5}})
	r := d.Routers[0].Costs
	if r.CPT["50"].Cost.Value.Exists() || r.QualityAt["0.5"].SavingOverRandom.Value.Exists() || !r.QualityAt["0.5"].SavingOverStrong.Lo.Exists() {
		t.Errorf("without a gap: %+v", r)
	}
}

// TestFreeModels: costs of 0 divide nothing.
func TestFreeModels(t *testing.T) {
	s := priced()
	s.Costs.Strong, s.Costs.Weak = make([]float64, 400), make([]float64, 400)
	c := withCosts(t, s, 50, eval.Points{CPT: []float64{50}}).Routers[0].Costs.CPT["50"]
	if c.Cost.Value != 0 || c.SavingOverRandom.Value != 0 {
		t.Errorf("free models cost %+v", c)
	}
}
