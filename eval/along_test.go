package eval

import (
	"math"
	"testing"

	"github.com/routellm/routellm/internal/slicesx"
)

// TestResampleAlong compares the costs along two routers' curves, one of them with ties, with those
// of a curve over the drawn samples, on each resample.
func TestResampleAlong(t *testing.T) {
	const n = 60
	costs := Outcomes{Strong: make([]float64, n), Weak: make([]float64, n)}
	cluster, scores := make([]int, n), [][]float64{make([]float64, n), make([]float64, n)}
	for i := range n {
		costs.Strong[i], costs.Weak[i] = 5+math.Sin(float64(i)), math.Cos(float64(i))
		cluster[i], scores[0][i], scores[1][i] = i/3, math.Sin(float64(7*i)), float64(i%4)
	}
	b := Bootstrap{Resamples: 20, Confidence: 0.95, Seed: 3}
	at := [][][]float64{make([][]float64, 3), make([][]float64, 1)}
	for k := range at {
		for p := range at[k] {
			at[k][p] = make([]float64, b.Resamples)
			for i := range at[k][p] {
				at[k][p][i] = math.Mod(float64(i)*0.37+float64(p)*0.2, 1)
			}
		}
	}
	at[0][2][4], at[0][2][5], at[0][0][6] = math.Inf(1), math.NaN(), 1
	got, err := b.ResampleAlong(costs, cluster, scores, at)
	if err != nil {
		t.Fatal(err)
	}
	strong, weak, err := b.ResampleMeans(costs, cluster)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Resamples {
		index := drawn(b, i, cluster)
		wantStrong, wantWeak := costs.Select(index).Means()
		equal12(t, "strong mean", strong[i], wantStrong)
		equal12(t, "weak mean", weak[i], wantWeak)
		for k := range at {
			c, err := NewCurve(costs.Select(index), slicesx.Pick(scores[k], index))
			if err != nil {
				t.Fatal(err)
			}
			for p := range at[k] {
				want := c.QualityAt(at[k][p][i])
				if math.IsInf(at[k][p][i], 1) {
					want = math.Inf(1)
				}
				equal12(t, "cost", got[k][p][i], want)
			}
		}
	}
	if _, err := b.ResampleAlong(costs, cluster, scores, at[:1]); err == nil {
		t.Error("points of one router for two: no error")
	}
}
