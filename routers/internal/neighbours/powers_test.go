package neighbours

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPowers compares with math.Exp2, and the version for this machine with the plain one bit by bit.
func TestPowers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		x := make([]float64, n)
		for i := range x {
			x[i] = 4 * rng.NormFloat64()
		}
		special := []float64{math.NaN(), math.Inf(-1), -2000, -300, 0, 1, 0.5, -0.5, 300, math.Copysign(0, -1)}
		copy(x[n/2:], special)
		got, plain := slices.Clone(x), slices.Clone(x)
		Powers(got, 1.7, 10)
		powersGo(plain, 1.7, 10)
		for i, v := range x {
			if math.Float64bits(got[i]) != math.Float64bits(plain[i]) {
				t.Fatalf("2^(1.7 %v): %v, want %v as in plain Go", v, got[i], plain[i])
			}
			y := 1.7 * v
			if !(y > -1000) {
				y = -1000
			}
			want := 10 * math.Exp2(y)
			if off := math.Abs(got[i]-want) / want; !(off <= 0x1p-51+0x1p-52*math.Abs(y)) {
				t.Errorf("2^%v: %v, want %v, relative error %v", y, got[i], want, off)
			}
		}
	}
}

// TestProjections compares with the cosines, and the version for this machine with the plain one.
func TestProjections(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 2))
	for n := 1; n < 40; n++ {
		vectors := make([][]float32, n)
		for i := range vectors {
			vectors[i] = []float32{float32(rng.NormFloat64()), float32(rng.NormFloat64()), float32(rng.NormFloat64())}
		}
		vectors[n/2] = make([]float32, 3)
		m, query := Rows(vectors, 3, 0), []float32{1, 2, -1}
		cosines := make([]float64, n)
		if err := m.Cosines(t.Context(), [][]float32{query}, func(_ int, c []float64) error { copy(cosines, c); return nil }); err != nil {
			t.Fatal(err)
		}
		err := m.Projections(t.Context(), [][]float32{query}, func(_ int, p []float64, largest float64) error {
			if want := max(0, slices.Max(p)); len(p) != n || largest != want {
				t.Errorf("%d projections, the largest %v, want %d and %v", len(p), largest, n, want)
			}
			for i, v := range p {
				if math.Abs(v-cosines[i]*math.Sqrt(6)) > 1e-6 {
					t.Errorf("projection %v, want the cosine %v times the length", v, cosines[i])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		dots, fast, plain := make([]float32, n), make([]float64, n), make([]float64, n)
		for i := range dots {
			dots[i] = float32(rng.NormFloat64())
		}
		if n > 5 {
			dots[1], dots[2] = float32(math.NaN()), float32(math.Inf(-1))
		}
		if a, b := project(dots, cosines, fast), projectGo(dots, cosines, plain); a != b {
			t.Errorf("largest %v, want %v", a, b)
		}
		for i := range fast {
			if math.Float64bits(fast[i]) != math.Float64bits(plain[i]) {
				t.Errorf("product %v, want %v", fast[i], plain[i])
			}
		}
	}
}
