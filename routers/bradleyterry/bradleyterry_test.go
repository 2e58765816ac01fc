package bradleyterry

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func TestTwoModels(t *testing.T) {
	w := NewWins(2)
	w.Add(0, 1, 1, 3)
	w.Add(0, 1, 0, 1)
	s, err := w.Fit(0, 1)
	if err != nil || math.Abs(s[0]-math.Log(3)) > 1e-12 || s[1] != 0 {
		t.Errorf("strengths %v, %v; want log 3 and 0", s, err)
	}
}

// TestOptimum checks that observed wins equal expected wins, which holds only at the
// maximum.
func TestOptimum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 7
	w := NewWins(n)
	for range 500 {
		a, b := rng.IntN(n), rng.IntN(n)
		if a != b {
			w.Add(a, b, float64(rng.IntN(3))/2, rng.Float64())
		}
	}
	for _, prior := range []float64{0, 0.7} {
		pinned := 3
		if prior > 0 {
			pinned = Free
		}
		s, err := w.Fit(prior, pinned)
		if err != nil {
			t.Fatal(err)
		}
		for a := range n {
			left := -prior * s[a]
			for b := range n {
				if a != b {
					left += *w.Of(a, b) - (*w.Of(a, b)+*w.Of(b, a))*Sigmoid(s[a]-s[b])
				}
			}
			if math.Abs(left) > 1e-9 {
				t.Errorf("prior %v: model %d: observed minus expected wins %v", prior, a, left)
			}
		}
	}
}

func TestUndetermined(t *testing.T) {
	never, apart := NewWins(2), NewWins(4)
	never.Add(0, 1, 1, 5)
	apart.Add(0, 1, 0.5, 1)
	apart.Add(2, 3, 0.5, 1)
	for name, w := range map[string]*Wins{"a model that never lost": never, "models that never met": apart} {
		if s, err := w.Fit(0, 0); !errors.Is(err, ErrUndetermined) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
		if _, err := w.Fit(1, Free); err != nil {
			t.Errorf("%s, with a prior: %v", name, err)
		}
	}
}

func TestFarFromTheStart(t *testing.T) {
	w := NewWins(3)
	w.Add(0, 1, 1, 1e6)
	w.Add(1, 0, 1, 1)
	w.Add(1, 2, 1, 1e6)
	w.Add(2, 1, 1, 1)
	s, err := w.Fit(0, 1)
	if want := math.Log(1e6); err != nil || math.Abs(s[0]-want) > 1e-9 || math.Abs(s[2]+want) > 1e-9 {
		t.Errorf("%v, %v, want +-%v", s, err, want)
	}
}

func BenchmarkFitTen(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	w := NewWins(10)
	for range 5000 {
		if x, y := rng.IntN(10), rng.IntN(10); x != y {
			w.Add(x, y, float64(rng.IntN(2)), rng.Float64())
		}
	}
	for b.Loop() {
		if _, err := w.Fit(1, Free); err != nil {
			b.Fatal(err)
		}
	}
}
