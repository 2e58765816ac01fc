package neighbours

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
)

func random(n, dim int, seed uint64, unit float32) [][]float32 {
	rng := rand.New(rand.NewPCG(seed, 0))
	out := make([][]float32, n)
	for i := range out {
		out[i] = make([]float32, dim)
		for k := range out[i] {
			if out[i][k] = float32(rng.NormFloat64()); unit > 0 {
				out[i][k] = unit * float32(rng.IntN(255)-127)
			}
		}
	}
	return out
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for k := range a {
		ab, aa, bb = ab+float64(a[k])*float64(b[k]), aa+float64(a[k])*float64(a[k]), bb+float64(b[k])*float64(b[k])
	}
	if ab == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

func all(t *testing.T, m *Matrix, queries [][]float32) [][]float64 {
	t.Helper()
	out := make([][]float64, len(queries))
	if err := m.Cosines(context.Background(), queries, func(q int, c []float64) error {
		out[q] = slices.Clone(c)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCosines(t *testing.T) {
	for _, unit := range []float32{0, 0.004} {
		vectors, queries := random(301, 40, 1, unit), random(130, 40, 2, unit)
		clear(vectors[5])
		clear(queries[7])
		tolerance := 1e-6
		if unit > 0 {
			tolerance = 1e-7 // bounds the error of the test's own sums over float32 multiples
		}
		for i, row := range all(t, Rows(vectors, len(vectors[0]), unit), queries) {
			for j, got := range row {
				if want := cosine(queries[i], vectors[j]); math.Abs(got-want) > tolerance {
					t.Fatalf("unit %v: cosine %d, %d is %v, want %v", unit, i, j, got, want)
				}
			}
		}
	}
}

func TestSameOnAnyNumberOfCores(t *testing.T) {
	vectors, queries := random(500, 33, 1, 0), random(300, 33, 2, 0)
	want := all(t, Rows(vectors, 33, 0), queries)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for i, row := range all(t, Rows(vectors, 33, 0), queries) {
		if !slices.Equal(row, want[i]) {
			t.Fatalf("query %d: the cosines differ on one core", i)
		}
	}
}

// TestQuantisedIsExact compares with products of integers, to the last bit.
func TestQuantisedIsExact(t *testing.T) {
	const unit = 1.0 / 127
	vectors := random(64, 256, 1, unit)
	whole := func(a, b []float32) (sum float64) {
		for k := range a {
			sum += math.Round(float64(a[k]/unit)) * math.Round(float64(b[k]/unit))
		}
		return sum
	}
	for i, row := range all(t, Rows(vectors, len(vectors[0]), unit), vectors) {
		for j, got := range row {
			a, b := vectors[i], vectors[j]
			if want := whole(a, b) / (math.Sqrt(whole(a, a)) * math.Sqrt(whole(b, b))); got != want {
				t.Fatalf("cosine %d, %d is %v, want %v", i, j, got, want)
			}
		}
	}
}

// TestTile compares this machine's version with the plain one.
func TestTile(t *testing.T) {
	const dim, stride = 37, 40
	queries, panel := random(1, dim*tileRows, 1, 1)[0], random(1, dim*panelWidth, 2, 1)[0]
	got, want := make([]float32, tileRows*stride), make([]float32, tileRows*stride)
	tile(dim, queries, panel, got, stride)
	tileGo(dim, queries, panel, want, stride)
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRow(t *testing.T) {
	for _, unit := range []float32{0, 0.25} {
		vectors := random(5, 3, 1, unit)
		m := Rows(vectors, 3, unit)
		for i, v := range vectors {
			if !slices.Equal(m.Row(i), v) {
				t.Errorf("unit %v: row %d is %v, want %v", unit, i, m.Row(i), v)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	m := Rows(random(3, 4, 1, 0), 4, 0)
	none := func(int, []float64) error { return nil }
	if err := m.Cosines(context.Background(), [][]float32{make([]float32, 5)}, none); err == nil {
		t.Error("no error for another number of components")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.Cosines(ctx, random(3, 4, 2, 0), none); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the error of the context", err)
	}
	stop, calls := errors.New("stop"), atomic.Int64{}
	if err := m.Cosines(context.Background(), random(1000, 4, 2, 0), func(int, []float64) error { calls.Add(1); return stop }); err != stop || calls.Load() == 1000 {
		t.Errorf("error %v after %d calls", err, calls.Load())
	}
	if err := Rows(nil, 0, 0).Cosines(context.Background(), nil, none); err != nil {
		t.Error(err)
	}
}

func BenchmarkCosines(b *testing.B) {
	m, queries := Rows(random(9274, 256, 1, 0.004), 256, 0.004), random(512, 256, 2, 0.004)
	b.ReportAllocs()
	for b.Loop() {
		if err := m.Cosines(context.Background(), queries, func(int, []float64) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2*512*9274*256*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOPS")
}

// TestDistances compares with the definition; whole multiples of a unit give exact numbers.
func TestDistances(t *testing.T) {
	for _, unit := range []float32{0, 0.25} {
		vectors, queries := random(70, 40, 1, unit), random(65, 40, 2, unit)
		m := Rows(vectors, 40, unit)
		err := m.Distances(context.Background(), queries, func(q int, distances []float64) error {
			for j, got := range distances {
				want := 0.0
				for k, x := range queries[q] {
					d := float64(x - vectors[j][k])
					if unit > 0 {
						d /= float64(unit)
					}
					want += d * d
				}
				if diff := math.Abs(got - want); unit > 0 && diff != 0 || diff > 1e-4 {
					t.Errorf("unit %v: distance of %d and %d is %v, want %v", unit, q, j, got, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
