package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// pilot returns outcomes that are right or wrong, with prompts in clusters of the given size.
func pilot(n, size int, strong, weak float64, rng *rand.Rand) (o Outcomes, cluster []int) {
	for i := range n {
		hard := rng.Float64() // the same for a whole cluster
		if i%size > 0 {
			hard = float64(i/size%10) / 10
		}
		right := func(share float64) float64 {
			if hard*0.4+rng.Float64()*0.6 < share {
				return 1
			}
			return 0
		}
		o.Strong, o.Weak = append(o.Strong, right(strong)), append(o.Weak, right(weak))
		cluster = append(cluster, i/size)
	}
	return o, cluster
}

// TestPlanGuarantee draws as many clusters as the plan asks for, again and again, and counts how
// often the guarantee is established.
func TestPlanGuarantee(t *testing.T) {
	for _, x := range []struct {
		size                int
		share, saved, skill float64
	}{{1, 0.95, 0.1, 0}, {1, 0.9, 0.3, 0.5}, {3, 0.9, 0.2, 0}, {1, 0.95, 0.3, 1}} {
		rng := rand.New(rand.NewPCG(1, uint64(100*x.skill)+uint64(x.size)))
		o, cluster := pilot(6000, x.size, 0.8, 0.6, rng)
		p, err := PlanGuarantee(o, cluster, x.share, x.saved, x.skill, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		const draws, confidence = 400, 0.95
		n, passed, calls := p.Needed(confidence), 0, o.oracleCalls(1-x.saved)
		for range draws {
			var d []float64
			var drawn []int
			for k := range n / x.size {
				for c, i := 0, rng.IntN(6000/x.size)*x.size; c < x.size; c++ {
					called := 1 - x.saved
					if rng.Float64() < x.skill {
						called = calls[i+c]
					}
					v := o.Weak[i+c] - x.share*o.Strong[i+c]
					if rng.Float64() < called {
						v = (1 - x.share) * o.Strong[i+c]
					}
					d, drawn = append(d, v), append(drawn, k)
				}
			}
			test, err := StudentTest(drawn, confidence)
			if err != nil {
				t.Fatal(err)
			}
			if test(NewClaim(-x.share, 1, true), d) {
				passed++
			}
		}
		power := float64(passed) / draws
		t.Logf("%+v: %d samples, power %.3f", x, n, power)
		if power < 0.73 || power > 0.87 && x.skill < 1 { // rare losses are far from normal
			t.Errorf("%+v: %d samples have a power of %v, expected 0.8", x, n, power)
		}
	}
}

func TestPlanGuaranteeOutOfReach(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 1, 1, 0}, Weak: []float64{0, 0, 1, 0}}
	for _, saved := range []float64{0.1, 0.9} {
		p, err := PlanGuarantee(o, []int{0, 1, 2, 3}, 0.95, saved, 0, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		// At random, a saved call loses 2/3 of the strong quality on average: 0.05/0.667 may be saved.
		if n := p.Needed(0.95); n != 0 {
			t.Errorf("saved %v: %d samples, expected none", saved, n)
		}
	}
	if _, err := PlanGuarantee(o, []int{0, 1, 2, 3}, 1, 0.1, 0, 0, 1); err == nil {
		t.Error("a share of 1 is accepted")
	}
	if _, err := PlanGuarantee(o, []int{0, 1}, 0.9, 0.1, 0, 0, 1); err == nil {
		t.Error("too few clusters are accepted")
	}
}

// TestOracleCalls breaks ties at random and counts weights.
func TestOracleCalls(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 1, 0, 0, 1}, Weak: []float64{0, 1, 0, 1, 0}, Weight: []float64{1, 2, 1, 1, 1}}
	got := o.oracleCalls(0.5) // of 6: 2 for the gains, 1 of the 3 at no gain
	for i, want := range []float64{1, 1. / 3, 1. / 3, 0, 1} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("sample %d: %v, want %v", i, got[i], want)
		}
	}
}
