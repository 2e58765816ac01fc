package cosine

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sketched returns vectors with their sketches.
func sketched(t *testing.T, vectors [][]float32) *Sketched {
	t.Helper()
	s, err := Sketch(context.Background(), Source{N: len(vectors), Dim: len(vectors[0]), Vector: func(dst []float32, i int) { copy(dst, vectors[i]) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// planted returns n random vectors, each third of which is a copy of the one before it with
// some noise, so that their cosine is near 0.95.
func planted(n, dim int, seed uint64) [][]float32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([][]float32, n)
	for i := range out {
		out[i] = make([]float32, dim)
		for k := range out[i] {
			out[i][k] = float32(rng.NormFloat64())
			if i%3 == 2 {
				out[i][k] = out[i-1][k] + out[i][k]*0.31
			}
		}
	}
	return out
}

// TestLikely compares with the exact search: nothing that is not near is reported, and nearly
// everything that is.
func TestLikely(t *testing.T) {
	ctx := context.Background()
	for _, dim := range []int{20, 256, 300} {
		vectors := planted(3000, dim, uint64(dim))
		vectors[7] = make([]float32, dim) // without a direction
		other := append(planted(500, dim, 9), vectors[:300]...)
		for name, c := range map[string]struct {
			exact  func() (Found, error)
			likely func() ([]bool, error)
		}{
			"within": {
				func() (Found, error) { return Within(ctx, vectors, Options{Least: 0.95}) },
				func() ([]bool, error) { return sketched(t, vectors).Near(ctx, nil, 0.95, nil) },
			},
			"between": {
				func() (Found, error) { return Between(ctx, vectors, other, Options{Least: 0.95}) },
				func() ([]bool, error) { return sketched(t, vectors).Near(ctx, sketched(t, other), 0.95, nil) },
			},
		} {
			want, err := c.exact()
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.likely()
			again, _ := c.likely()
			if err != nil || !slices.Equal(got, again) {
				t.Fatalf("%s: %v, or not the same twice", name, err)
			}
			near, missed := 0, 0
			for i := range got {
				if got[i] && !want.Near[i] {
					t.Errorf("%s, dim %d: row %d is not near", name, dim, i)
				}
				if want.Near[i] {
					near++
					if !got[i] {
						missed++
					}
				}
			}
			if near < 250 || missed > near/50 {
				t.Errorf("%s, dim %d: missed %d of %d", name, dim, missed, near)
			}
		}
	}
}

func TestRecall(t *testing.T) {
	for least, want := range map[float64]float64{1: 1, 0.95: 0.998, 0.8: 0.56} {
		if got := Recall(least); math.Abs(got-want) > 0.01 {
			t.Errorf("Recall(%v) = %v, want %v", least, got, want)
		}
	}
}

func TestLikelyStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	vectors := planted(300, 8, 1)
	steps := 0
	_, err := sketched(t, vectors).Near(ctx, nil, 0.9, func(done, total int) {
		if steps = done; done == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || steps != 3 {
		t.Errorf("after %d steps: %v", steps, err)
	}
	if _, err := Sketch(ctx, Source{N: 1, Dim: 1, Vector: func([]float32, int) {}}); !errors.Is(err, context.Canceled) {
		t.Errorf("Sketch: %v", err)
	}
	none, err := Sketch(context.Background(), Source{})
	if err != nil {
		t.Fatal(err)
	}
	if near, err := none.Near(context.Background(), nil, 0.9, nil); err != nil || len(near) != 0 {
		t.Errorf("no vectors: %v, %v", near, err)
	}
}

// TestLikelyAlike compares vectors that are all in one bucket.
func TestLikelyAlike(t *testing.T) {
	vectors := slices.Repeat([][]float32{{1, 2, 3}}, 5000)
	near, err := sketched(t, vectors).Near(context.Background(), nil, 1, nil)
	if err != nil || slices.Contains(near, false) {
		t.Errorf("equal vectors are not near: %v", err)
	}
}
