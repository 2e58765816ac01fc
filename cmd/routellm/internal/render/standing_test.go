package render

import (
	"slices"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestUnadjustedNotes tells apart verdicts that the adjustment took away from those that rest on
// too few samples.
func TestUnadjustedNotes(t *testing.T) {
	test := func(verdict string, p, adjusted results.Value) *results.Test {
		return &results.Test{Verdict: verdict, P: p, PAdjusted: adjusted}
	}
	b := results.Benchmark{Routers: []results.Router{
		{Name: "clear", AgainstRandom: test("better", 0.001, 0.01)},
		{Name: "lucky", AgainstRandom: test("inconclusive", 0.03, 0.2), AgainstBest: test("inconclusive", 0.04, 0.3)},
		{Name: "heavy", AgainstRandom: test("inconclusive", 0.006, 0.02)},
		{Name: "dull", AgainstRandom: test("inconclusive", 0.4, 0.9), AgainstBest: test("worse", 0.001, 0.01)},
		{Name: "few", AgainstRandom: test("inconclusive", results.Missing, results.Missing)},
	}}
	want := []string{
		"different only without the adjustment, which may be chance: lucky and the best router, lucky and random",
		"different by p alone, but so few samples carry the difference that it may be chance: heavy and random",
	}
	if got := unadjustedNotes(b, 0.05); !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
}
