package pages

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestBestOfThoseWithACurve checks that the summary mentions curves only if a router without
// one, which is not compared, is among the routers.
func TestBestOfThoseWithACurve(t *testing.T) {
	level := results.Intervals{Method: "bootstrap", Confidence: 0.95}
	b := results.Benchmark{Routers: []results.Router{{Name: "mf", Standing: results.Best}, {Name: "always strong", Scores: results.NoScores, Point: &results.Point{}}}}
	if got := standingWords(b, level)[0]; !strings.HasSuffix(got, "better than every other router (paired, 95 %).") {
		t.Errorf("constant routers: %s", got)
	}
	b.Routers = append(b.Routers, results.Router{Name: "fixed", Scores: "file", Point: &results.Point{}})
	if got := standingWords(b, level)[0]; !strings.HasSuffix(got, "better than every other router with a curve (paired, 95 %).") {
		t.Errorf("a router that decides: %s", got)
	}
}
