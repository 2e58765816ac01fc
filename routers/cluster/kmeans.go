package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// mostSteps limits the steps of k-means.
const mostSteps = 25

// vectors holds rows of equal length.
type vectors = blas64.General

// newVectors copies rows.
func newVectors(rows [][]float32) vectors {
	v := vectors{Rows: len(rows), Cols: len(rows[0]), Stride: len(rows[0])}
	v.Data = make([]float64, 0, v.Rows*v.Cols)
	for _, row := range rows {
		for _, x := range row {
			v.Data = append(v.Data, float64(x))
		}
	}
	return v
}

func row(v vectors, i int) []float64 { return v.Data[i*v.Stride : i*v.Stride+v.Cols] }

// kmeans returns k centres of the rows: the means of the rows that are nearest to each (Lloyd
// 1982), from a start drawn by squared distances (k-means++, Arthur and Vassilvitskii 2007).
// The result depends on the rows, k and the seed alone. It is worth nothing once the context has
// ended.
func kmeans(ctx context.Context, x vectors, k int, seed uint64) vectors {
	centres := start(x, k, rand.New(rand.NewPCG(seed, uint64(k))))
	var before []int
	for range mostSteps {
		of := assign(x, centres)
		if slices.Equal(of, before) || ctx.Err() != nil {
			break
		}
		move(centres, x, of)
		before = of
	}
	return centres
}

// start draws k rows, each with a probability that grows with the squared distance from the
// nearest one drawn before. If fewer rows differ, it draws some twice.
func start(x vectors, k int, rng *rand.Rand) vectors {
	centres := vectors{Rows: k, Cols: x.Cols, Stride: x.Cols, Data: make([]float64, k*x.Cols)}
	nearest := slices.Repeat([]float64{math.Inf(1)}, x.Rows)
	next := rng.IntN(x.Rows)
	for c := range k {
		copy(row(centres, c), row(x, next))
		total := 0.0
		for i := range nearest {
			nearest[i] = min(nearest[i], squared(row(x, i), row(centres, c)))
			total += nearest[i]
		}
		left := rng.Float64() * total
		for i, d := range nearest {
			if left -= d; d > 0 && left <= 0 {
				next = i
				break
			}
		}
	}
	return centres
}

// squared returns the squared distance of two vectors.
func squared(a, b []float64) float64 {
	s := 0.0
	for k, v := range a {
		s += float64((v - b[k]) * (v - b[k]))
	}
	return s
}

// assign returns the nearest centre of each row; of equally near ones the first.
func assign(x, centres vectors) []int {
	const batch = 4096
	out := make([]int, x.Rows)
	half := make([]float64, centres.Rows) // half the squared lengths
	for c := range half {
		half[c] = blas64.Dot(vector(row(centres, c)), vector(row(centres, c))) / 2
	}
	products := vectors{Cols: centres.Rows, Stride: centres.Rows, Data: make([]float64, min(batch, x.Rows)*centres.Rows)}
	for from := 0; from < x.Rows; from += batch {
		part := vectors{Rows: min(batch, x.Rows-from), Cols: x.Cols, Stride: x.Stride, Data: x.Data[from*x.Stride:]}
		products.Rows = part.Rows
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, part, centres, 0, products)
		for i := range part.Rows {
			out[from+i] = nearestOf(row(products, i), half)
		}
	}
	return out
}

func vector(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }

// nearestOf returns the centre with the largest product less half its squared length, which is
// the nearest.
func nearestOf(products, half []float64) int {
	best := 0
	for c, p := range products {
		if p-half[c] > products[best]-half[best] {
			best = c
		}
	}
	return best
}

// move moves each centre to the mean of its rows. A centre without rows stays.
func move(centres, x vectors, of []int) {
	count := make([]float64, centres.Rows)
	for _, c := range of {
		count[c]++
	}
	for c, n := range count {
		if n > 0 {
			clear(row(centres, c))
		}
	}
	for i, c := range of {
		to := row(centres, c)
		for k, v := range row(x, i) {
			to[k] += v / count[c]
		}
	}
}
