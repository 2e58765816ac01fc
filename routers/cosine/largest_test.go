package cosine

import (
	"context"
	"errors"
	"testing"
)

// TestLargest compares with a double loop, including zero vectors and copies.
func TestLargest(t *testing.T) {
	for _, n := range []int{1, 7, 130} {
		a, b := vectors(90, 33, 2), vectors(n, 33, 3)
		got, err := Largest(context.Background(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float64, len(a))
		seen := make([]bool, len(a))
		for _, p := range plain(a, b, false, Options{Pairs: len(a) * len(b)}).Pairs {
			if !seen[p.A] {
				want[p.A], seen[p.A] = p.Cosine, true
			}
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%d: row %d: %v, want %v", n, i, got[i], want[i])
			}
		}
	}
}

func TestLargestOfNothing(t *testing.T) {
	a := [][]float32{{1, 0}, {0, 0}}
	for name, b := range map[string][][]float32{"none": nil, "no direction": {{0, 0}}} {
		if got, err := Largest(context.Background(), a, b); err != nil || got[0] != 0 || got[1] != 0 {
			t.Errorf("%s: %v, %v; want zeros", name, got, err)
		}
	}
	// A zero vector must not hide vectors that point the other way.
	if got, _ := Largest(context.Background(), a, [][]float32{{0, 0}, {-1, 0}}); got[0] != -1 {
		t.Errorf("%v, want -1", got)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Largest(ctx, a, a); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the error of the context", err)
	}
}
