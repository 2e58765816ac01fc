package pool

import (
	"math"
	"testing"
)

// TestFoldedSweep gives two folds predictions of different levels: prompts are ordered inside folds,
// and both folds move at the same pace.
func TestFoldedSweep(t *testing.T) {
	gain := []float64{5, 1, 3, 0, 4, 2} // of the second model, which costs 1
	o := Outcomes{Quality: NewMatrix(6, 2), Cost: NewMatrix(6, 2)}
	p := Predictions{Quality: NewMatrix(6, 2), Cost: NewMatrix(6, 2)}
	for i, level := range []float64{10, 100, 10, 100, 10, 100} {
		o.Quality.Row(i)[1], o.Cost.Row(i)[1] = gain[i], 1
		p.Quality.Row(i)[1], p.Cost.Row(i)[1] = level+gain[i], 1
	}
	s, err := NewFoldedSweep(o, p, 0, []int{0, 1, 0, 1, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	// The best of each fold, 5 and 2, then 4 and 1, then 3 and 0.
	want := [][2]float64{{0, 0}, {2, 7}, {4, 12}, {6, 15}}
	v := s.Path(nil).Vertices
	if len(v) != len(want) {
		t.Fatalf("vertices %v", v)
	}
	for k, w := range want {
		if math.Abs(6*v[k].Cost-w[0]) > 1e-12 || math.Abs(6*v[k].Quality-w[1]) > 1e-12 {
			t.Errorf("vertex %d: cost %v, quality %v, want %v and %v", k, 6*v[k].Cost, 6*v[k].Quality, w[0], w[1])
		}
	}
	whole, err := NewFoldedSweep(o, p, 0, make([]int, 6))
	plain, _ := NewSweep(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, b := whole.Path(nil).Vertices, plain.Path(nil).Vertices
	for k := range b {
		if len(a) != len(b) || a[k].Cost != b[k].Cost || a[k].Quality != b[k].Quality {
			t.Fatalf("one fold: %v, want the plain path %v", a, b)
		}
	}
	if _, err := NewFoldedSweep(o, p, 0, []int{0}); err == nil {
		t.Error("no error for too few folds")
	}
}
