package figurescmd

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/figures"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// TestFigureRouters expects every router that a figure shows, opened once.
func TestFigureRouters(t *testing.T) {
	all, err := figureRouters(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, bench := range benchmarks.Names() {
		for _, name := range figures.Routers(bench) {
			shown[name] = true
		}
		if got, want := len(named(all, figures.Routers(bench))), len(figures.Routers(bench)); got != want {
			t.Errorf("%s: %d routers opened, want %d", bench, got, want)
		}
	}
	if len(all) != len(shown) {
		t.Errorf("%d routers opened, want %d", len(all), len(shown))
	}
}

// TestOtherPairsReuseScores compares the scores that a figure reuses for another pair of models
// with those of routers that score its samples. Routers and benchmark are fast ones.
func TestOtherPairsReuseScores(t *testing.T) {
	ctx := context.Background()
	pair := figures.Pairs()[0]
	rs, err := harness.Open([]string{"mf", "mf@arena", "bert"}, harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	load := func(p results.Pair) *harness.Benchmark {
		t.Helper()
		benches, err := harness.Load(ctx, []string{pair.Benchmark}, rs, harness.LoadOptions{Pair: p})
		if err != nil {
			t.Fatal(err)
		}
		return benches[0]
	}
	_, scored, err := evaluateFor(ctx, load(results.Pair{}), rs)
	if err != nil {
		t.Fatal(err)
	}
	got, err := otherPair(ctx, pair, rs, rs, scored)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := evaluateFor(ctx, load(results.Pair{Strong: pair.Strong, Weak: pair.Weak}), rs)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Routers, want.Routers) || !slices.Equal(got.Samples, want.Samples) || got.Benchmark.Pair != want.Benchmark.Pair || len(got.Samples) < 900 {
		t.Errorf("routers %v on %d samples of %v, want %v on %d of %v", got.Routers, len(got.Samples), got.Benchmark.Pair, want.Routers, len(want.Samples), want.Benchmark.Pair)
	}
	for i, name := range want.Routers {
		if !slices.Equal(got.Scores[i], want.Scores[i]) {
			t.Errorf("%s: the reused scores are not those of the samples", name)
		}
	}
	for i, r := range want.Benchmark.Routers {
		other := got.Benchmark.Routers[i]
		if a, b := other.Metrics.APGR.Value, r.Metrics.APGR.Value; other.Name != r.Name || b.Exists() && a != b {
			t.Errorf("%s with APGR %v, want %s with %v", other.Name, a, r.Name, b)
		}
	}
	if !slices.Equal(got.Outcomes.Strong, want.Outcomes.Strong) || !slices.Equal(got.Outcomes.Weak, want.Outcomes.Weak) {
		t.Error("the outcomes are not those of the pair")
	}
}
