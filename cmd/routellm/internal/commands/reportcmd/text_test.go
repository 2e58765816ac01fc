package reportcmd

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestBestOfThoseWithACurve: a router that makes decisions is not among those compared.
func TestBestOfThoseWithACurve(t *testing.T) {
	level := results.Intervals{Method: "bootstrap", Confidence: 0.95}
	b := results.Benchmark{Routers: []results.Router{{Name: "mf", Standing: results.Best}, {Name: "always strong", Scores: results.NoScores, Point: &results.Point{}}}}
	if got := standingWords(b, level)[0]; !strings.HasPrefix(got, "mf is the best router: ") {
		t.Errorf("constant routers: %s", got)
	}
	b.Routers = append(b.Routers, results.Router{Name: "fixed", Scores: "file", Point: &results.Point{}})
	if got := standingWords(b, level)[0]; !strings.HasPrefix(got, "mf is the best router with a curve: ") {
		t.Errorf("a router that decides: %s", got)
	}
}
