package pages

import (
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// TestOnePointPerRow checks that every column of a row is about the same calls where tied
// scores let no threshold call the strong model for half of the samples.
func TestOnePointPerRow(t *testing.T) {
	// Three of four samples share a score, and the strong model is right on all of them.
	c := &harness.ScoredBenchmark{
		Outcomes: eval.Outcomes{Strong: []float64{1, 1, 1, 1}, Weak: []float64{0, 0, 1, 0}},
		Scores:   [][]float64{{2, 2, 2, 1}},
		Clusters: []string{"a", "b", "c", "d"},
	}
	band := []results.Bounds{{StrongFraction: 0, Lo: 0, Hi: 0.1}, {StrongFraction: 1, Lo: 0.8, Hi: 0.9}}
	b := results.Benchmark{Unit: "accuracy 0-1", Routers: []results.Router{{Name: "tied", Band: band}, {Name: "random", Scores: results.ClosedForm}}}
	points, err := pointsOf(b, c, []string{"tied"}, results.Intervals{Method: "bootstrap", Confidence: 0.95}, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func(column []string) string { return column[report.Half] }
	tied, random := points.Routers[0], points.Routers[1]
	for name, x := range map[string][2]string{
		"threshold": {at(tied.Threshold), "2"}, "calls": {at(tied.Calls), "75.00"}, "quality": {at(tied.Quality), "75.00"},
		"share": {at(tied.Retained), "75.0"}, "band": {at(tied.Band), "60.00 to 70.00"}, "curve": {at(tied.Curve), "58.33"},
		"random calls": {at(random.Calls), "50.00"}, "random quality": {at(random.Quality), "62.50"}, "random curve": {at(random.Curve), "62.50"},
	} {
		if x[0] != x[1] {
			t.Errorf("%s: %s, want %s", name, x[0], x[1])
		}
	}
}
