package ridge

import (
	"fmt"
	"testing"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/pooltest"
)

// scaled returns the reference's inputs: features/127.
func scaled(features []float32) []float64 {
	x := make([]float64, len(features))
	for k, v := range features {
		x[k] = float64(v) / 127
	}
	return x
}

// fitted returns the ridge regression of the reference on some rows, with weight 1.
func fitted(g pooltest.Golden, use func(i int) bool) []inputs.Linear {
	sums := New(len(g.Features[0]), len(g.Quality[0]))
	for i := range g.Features {
		if use(i) {
			sums.Add(scaled(g.Features[i]), g.Quality[i]...)
		}
	}
	return sums.Solve(1)
}

func compare(t *testing.T, fits []inputs.Linear, features []float32, want []float64, row int) {
	t.Helper()
	for m, l := range fits {
		pooltest.Close(t, fmt.Sprintf("row %d, model %d", row, m), l.At(scaled(features)), want[m], 6)
	}
}

func TestGoldenOutOfFold(t *testing.T) {
	g := pooltest.Read(t, "rb365.json")
	for part := range 5 {
		fits := fitted(g, func(i int) bool { return g.Fold[i] != part })
		for i := range g.Features {
			if g.Fold[i] == part {
				compare(t, fits, g.Features[i], g.Predictions["ridge1"][i], i)
			}
		}
	}
}

func TestGoldenTestRows(t *testing.T) {
	g, rows := pooltest.Read(t, "pareto_k4.json"), pooltest.Read(t, "pareto_k4_training.json")
	fits := fitted(*rows.Val, func(int) bool { return true })
	for i, features := range rows.Test.Features {
		compare(t, fits, features, g.Predictions["ridge1"][i], i)
	}
}
