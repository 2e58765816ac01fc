package cosine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"
)

// plain computes the definition with a double loop.
func plain(a, b [][]float32, within bool, o Options) Found {
	found := Found{Near: make([]bool, len(a))}
	for i, x := range a {
		for j, y := range b {
			x2, y2 := dot(x, x), dot(y, y)
			if x2 == 0 || y2 == 0 || within && i == j {
				continue
			}
			c := max(-1, min(1, dot(x, y)/math.Sqrt(x2*y2)))
			found.Near[i] = found.Near[i] || c >= o.Least
			if !within || i < j {
				found.Pairs = append(found.Pairs, Pair{i, j, c})
			}
		}
	}
	slices.SortFunc(found.Pairs, func(p, q Pair) int {
		switch {
		case p.Cosine != q.Cosine:
			return map[bool]int{true: -1, false: 1}[p.Cosine > q.Cosine]
		case p.A != q.A:
			return p.A - q.A
		}
		return p.B - q.B
	})
	found.Pairs = found.Pairs[:min(o.Pairs, len(found.Pairs))]
	return found
}

// vectors returns n vectors around a few directions, some repeated, some scaled, some
// zero.
func vectors(n, dim int, seed uint64) [][]float32 {
	centres, r := rand.New(rand.NewPCG(1, uint64(dim))), rand.New(rand.NewPCG(seed, 0))
	base := make([][]float32, 9)
	for i := range base {
		base[i] = gauss(centres, dim, 1)
	}
	out := make([][]float32, n)
	for i := range out {
		switch v := base[r.IntN(len(base))]; r.IntN(6) {
		case 0:
			out[i] = make([]float32, dim)
		case 1:
			out[i] = v
		default:
			out[i] = gauss(r, dim, 0.3*r.Float64())
			scale := float32(math.Exp(3 * r.NormFloat64()))
			for k := range v {
				out[i][k] = scale * (out[i][k] + v[k])
			}
		}
	}
	return out
}

func gauss(r *rand.Rand, dim int, sd float64) []float32 {
	v := make([]float32, dim)
	for k := range v {
		v[k] = float32(sd * r.NormFloat64())
	}
	return v
}

func same(t *testing.T, what string, got, want Found) {
	t.Helper()
	if !reflect.DeepEqual(got.Near, want.Near) {
		t.Errorf("%s: near %v, want %v", what, got.Near, want.Near)
	}
	if len(got.Pairs) != len(want.Pairs) {
		t.Fatalf("%s: %d pairs, want %d", what, len(got.Pairs), len(want.Pairs))
	}
	for i, p := range got.Pairs {
		if p != want.Pairs[i] {
			t.Fatalf("%s: pair %d is %v, want %v", what, i, p, want.Pairs[i])
		}
	}
}

func TestSameAsDoubleLoopOnAnyCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, size := range [][3]int{{0, 3, 4}, {3, 0, 4}, {1, 1, 1}, {2, 130, 7}, {65, 63, 256}, {200, 129, 30}} {
		a, b := vectors(size[0], size[2], 2), vectors(size[1], size[2], 3)
		for _, o := range []Options{{Least: 0.95, Pairs: 10}, {Least: 0.99}, {Least: -1, Pairs: 3}, {Least: 1, Pairs: 1 << 20}} {
			between, within := plain(a, b, false, o), plain(a, a, true, o)
			for _, cores := range []int{1, 2, 5} {
				runtime.GOMAXPROCS(cores)
				what := fmt.Sprintf("%v, %+v, %d cores", size, o, cores)
				got, err := Between(t.Context(), a, b, o)
				if err != nil {
					t.Fatal(err)
				}
				same(t, what, got, between)
				if got, err = Within(t.Context(), a, o); err != nil {
					t.Fatal(err)
				}
				same(t, "within, "+what, got, within)
			}
		}
	}
}

func TestCosineOfEqualVectorsIsOne(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	for range 1000 {
		v := gauss(r, 256, math.Exp(4*r.NormFloat64()))
		got, err := Between(t.Context(), [][]float32{v}, [][]float32{slices.Clone(v)}, Options{Least: 1, Pairs: 1})
		if err != nil || !got.Near[0] || got.Pairs[0].Cosine != 1 {
			t.Fatalf("%v, %v", got, err)
		}
	}
}

// TestThresholdIsExact checks pairs whose cosine is so close to the threshold that
// float32 cannot decide.
func TestThresholdIsExact(t *testing.T) {
	a, b := vectors(100, 256, 5), vectors(100, 256, 6)
	for _, p := range plain(a, b, false, Options{Pairs: 2000}).Pairs {
		x, y := a[p.A:p.A+1], b[p.B:p.B+1]
		for least, want := range map[float64]bool{p.Cosine: true, math.Nextafter(p.Cosine, 2): false} {
			if got, err := Between(t.Context(), x, y, Options{Least: least}); err != nil || got.Near[0] != want {
				t.Fatalf("cosine %v, threshold %v: near is %v, want %v (%v)", p.Cosine, least, got.Near[0], want, err)
			}
		}
	}
}

func TestProgressAndCancelling(t *testing.T) {
	a := vectors(150, 8, 7)
	var seen []int
	o := Options{Least: 0.9, Progress: func(done, total int) { seen = append(seen, done, total) }}
	if _, err := Within(t.Context(), a, o); err != nil || !slices.Equal(seen, []int{64, 150, 128, 150, 150, 150}) {
		t.Errorf("progress %v, %v", seen, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Between(ctx, a, a, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// BenchmarkBetween has the size of Chatbot Arena against MMLU: 33 billion products of
// components, 0.9 s on two shared cores of an AMD EPYC, with 22 MB.
func BenchmarkBetween(b *testing.B) {
	r := rand.New(rand.NewPCG(8, 0))
	x, y := make([][]float32, 9286), make([][]float32, 14042)
	for _, set := range [][][]float32{x, y} {
		for i := range set {
			set[i] = gauss(r, 256, 1)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Between(b.Context(), x, y, Options{Least: 0.95, Pairs: 10}); err != nil {
			b.Fatal(err)
		}
	}
}
