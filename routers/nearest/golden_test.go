package nearest

import (
	"context"
	"fmt"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/internal/pooltest"
)

func matrixOf(rows [][]float64) pool.Matrix {
	m := pool.Matrix{Columns: len(rows[0])}
	for _, row := range rows {
		m.Values = append(m.Values, row...)
	}
	return m
}

func memoryOf(g pooltest.Golden) memory {
	return newMemory(neighbours.Rows(g.Features, len(g.Features[0]), 1), matrixOf(g.Quality), matrixOf(g.Cost))
}

func TestGoldenOutOfFold(t *testing.T) {
	g := pooltest.Read(t, "rb365.json")
	m := memoryOf(g)
	if err := m.vectors.Distances(context.Background(), g.Features, func(i int, distances []float64) error {
		got := make([]float64, len(g.Quality[i]))
		m.means(m.quality, m.byQuality, distances, 10, func(j int) bool { return g.Fold[j] != g.Fold[i] }, got)
		for k, want := range g.Predictions["knn10"][i] {
			pooltest.Close(t, fmt.Sprintf("row %d, model %d", i, k), got[k], want, 6)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestGoldenTestRows(t *testing.T) {
	g, rows := pooltest.Read(t, "pareto_k4.json"), pooltest.Read(t, "pareto_k4_training.json")
	m := memoryOf(*rows.Val)
	if err := m.vectors.Distances(context.Background(), rows.Test.Features, func(i int, distances []float64) error {
		quality, cost := make([]float64, 4), make([]float64, 4)
		m.means(m.quality, m.byQuality, distances, 40, anyRow, quality)
		m.means(m.cost, m.byCost, distances, 40, anyRow, cost)
		for k := range quality {
			pooltest.Close(t, fmt.Sprintf("quality of row %d, model %d", i, k), quality[k], g.Predictions["knn40"][i][k], 6)
			pooltest.Close(t, fmt.Sprintf("cost of row %d, model %d", i, k), cost[k], g.CostOf["knn40_cost"][i][k], 9)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
