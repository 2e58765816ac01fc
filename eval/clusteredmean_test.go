package eval

import (
	"math"
	"testing"
)

// TestClusteredMean compares intervals with Wilson's for independent values, and expects wider ones where
// values come in clusters.
func TestClusteredMean(t *testing.T) {
	ones := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = 1
		}
		return out
	}
	sums := make([]float64, 1000)
	for i := range 800 {
		sums[i] = 1
	}
	share, m := ClusteredMean(ones(1000), sums, 0.95)
	if share != 0.8 || math.Abs(m.Lo-0.7742) > 2e-4 || math.Abs(m.Hi-0.8236) > 2e-4 {
		t.Errorf("%v: %+v, want Wilson's interval 0.774 to 0.824", share, m)
	}
	tens, size := make([]float64, 100), make([]float64, 100)
	for i := range tens {
		size[i] = 10
		if i < 80 {
			tens[i] = 10
		}
	}
	if share, c := ClusteredMean(size, tens, 0.95); share != 0.8 || c.Hi-c.Lo < 3*(m.Hi-m.Lo) {
		t.Errorf("clusters of ten: %+v, independent: %+v", c, m)
	}
	if share, all := ClusteredMean(ones(20), ones(20), 0.95); share != 1 || all.Hi != 1 || !(all.Lo > 0.8 && all.Lo < 0.9) {
		t.Errorf("all right: %+v", all)
	}
	if share, one := ClusteredMean(ones(1), ones(1), 0.95); share != 1 || !math.IsNaN(one.Lo) {
		t.Errorf("one value: %+v", one)
	}
	if share, none := ClusteredMean(nil, nil, 0.95); !math.IsNaN(share) || !math.IsNaN(none.Hi) {
		t.Errorf("no value: %+v", none)
	}
}
