package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/routellm/routellm/routers/internal/neighbours"
)

const (
	mostSteps = 25  // limit of the steps of k-means
	fineness  = 256 // steps of a centre's components per unit of the vectors' ones
)

// space holds what distances between vectors and centres need.
type space struct {
	dim int
	// unit is the number of which all components of the vectors are whole multiples, 0 if there
	// is none. Centres have a finer one, so that distances are exact on every machine as long
	// as the vectors have about length 1.
	unit float32
}

// fine returns the unit of the centres' components.
func (s space) fine() float32 { return s.unit / fineness }

// kmeans returns k centres of the rows: the means of the rows that are nearest to each (Lloyd
// 1982), from a start drawn by squared distances (k-means++, Arthur and Vassilvitskii 2007).
// The result depends on the rows, k and the seed alone. It is worth nothing once the context has
// ended.
func (s space) kmeans(ctx context.Context, rows [][]float32, k int, seed uint64) [][]float32 {
	centres := start(rows, k, rand.New(rand.NewPCG(seed, uint64(k))))
	var before []int
	for range mostSteps {
		of, err := s.assign(ctx, rows, centres)
		if err != nil || slices.Equal(of, before) {
			break
		}
		centres = s.moved(centres, rows, of)
		before = of
	}
	return centres
}

// start draws k rows, each with a probability that grows with the squared distance from the
// nearest one drawn before. If fewer rows differ, it draws some twice.
func start(rows [][]float32, k int, rng *rand.Rand) [][]float32 {
	var centres [][]float32
	nearest := slices.Repeat([]float64{math.Inf(1)}, len(rows))
	next := rng.IntN(len(rows))
	for range k {
		centres = append(centres, rows[next])
		total := 0.0
		for i, row := range rows {
			nearest[i] = min(nearest[i], squared(row, rows[next]))
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
func squared(a, b []float32) float64 {
	s := 0.0
	for k, v := range a {
		d := float64(v) - float64(b[k])
		s += float64(d * d)
	}
	return s
}

// assign returns the nearest centre of each row; of equally near ones the first.
func (s space) assign(ctx context.Context, rows, centres [][]float32) ([]int, error) {
	out := make([]int, len(rows))
	m := neighbours.Rows(centres, s.dim, s.fine())
	return out, m.Distances(ctx, rows, func(i int, distances []float64) error {
		for c, d := range distances {
			if d < distances[out[i]] {
				out[i] = c
			}
		}
		return nil
	})
}

// moved returns each centre's mean of its rows, in steps of the fine unit. A centre without rows
// stays.
func (s space) moved(centres, rows [][]float32, of []int) [][]float32 {
	count, sum := make([]float64, len(centres)), make([][]float64, len(centres))
	for i, c := range of {
		if sum[c] == nil {
			sum[c] = make([]float64, s.dim)
		}
		count[c]++
		for k, v := range rows[i] {
			sum[c][k] += float64(v)
		}
	}
	out := slices.Clone(centres)
	for c, n := range count {
		if n == 0 {
			continue
		}
		out[c] = make([]float32, s.dim)
		for k, v := range sum[c] {
			out[c][k] = s.rounded(v / n)
		}
	}
	return out
}

// rounded returns the nearest whole multiple of the fine unit.
func (s space) rounded(x float64) float32 {
	if s.unit == 0 {
		return float32(x)
	}
	fine := float64(s.fine())
	return float32(math.Round(x/fine) * fine)
}
