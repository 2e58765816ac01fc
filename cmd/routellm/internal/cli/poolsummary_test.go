package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
)

// runQueries runs queries of DuckDB, each into a file of its name.
const runQueries = `import sys, json, duckdb
for name, query in json.load(sys.stdin).items():
    duckdb.sql(f"COPY ({query}) TO '{name}'")
`

// duckdbFiles writes the results of queries into files of the working folder. It skips the test without
// Python's duckdb, unless ROUTELLM_REQUIRE_PYTHON is 1.
func duckdbFiles(t *testing.T, queries map[string]string) {
	t.Helper()
	if err := exec.Command("python3", "-c", "import duckdb").Run(); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
			t.Skip("skipped: python3 with duckdb is not there")
		}
		t.Fatal("python3 with duckdb is required: ", err)
	}
	in, err := json.Marshal(queries)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("python3", "-c", runQueries)
	c.Stdin = bytes.NewReader(in)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestPoolSummaryOfDuckDB evaluates a router among four models from what DuckDB sums up, and compares
// the result with that of eval --models on the prompts.
func TestPoolSummaryOfDuckDB(t *testing.T) {
	t.Chdir(t.TempDir())
	runHere(t, "eval", "--models", "all", "--bench", "pareto", "--router", "random", "-o", "out", "--resamples", "0")
	whole := poolIn(t, "out/results.json")
	columns, names := []string{"sample_id", "cluster"}, []string{}
	for m, x := range whole.Models {
		name := fmt.Sprintf("m%d", m)
		names = append(names, name)
		for from, to := range map[string]string{"quality:": "quality:", "cost:": "cost_usd:", "predicted:random:": "score:", "predicted_cost:random:": "cost:"} {
			columns = append(columns, fmt.Sprintf(`"%s%s" AS "%s%s"`, from, x.Name, to, name))
		}
	}
	duckdbFiles(t, map[string]string{"logs.parquet": "SELECT " + strings.Join(columns, ", ") + " FROM 'out/samples.parquet'"})
	query := func(flags ...string) string {
		return string(runHere(t, append([]string{"sql", "pool", "--dialect", "duckdb", "--table", "'logs.parquet'", "--models", strings.Join(names, ",")}, flags...)...))
	}
	duckdbFiles(t, map[string]string{"scan.csv": query("--scan-only")})
	duckdbFiles(t, map[string]string{
		"exact.parquet": query("--scan", "scan.csv", "--bins", "65536"), "few.csv": query("--scan", "scan.csv", "--bins", "256"),
		"part1.csv": query("--scan", "scan.csv", "--bins", "256", "--where", "hash(sample_id) % 2 = 0"), "part2.csv": query("--scan", "scan.csv", "--bins", "256", "--where", "hash(sample_id) % 2 = 1"),
		"buckets.parquet": query("--scan", "scan.csv", "--buckets", "50"), "tasks.csv": query("--scan", "scan.csv", "--bins", "256", "--task", "cluster"),
	})
	for name, summary := range map[string][]string{
		"exact": {"exact.parquet"}, "few": {"few.csv"}, "parts": {"a=part1.csv", "a=part2.csv"}, "buckets": {"buckets.parquet"}, "tasks": {"tasks.csv"},
	} {
		args := []string{"eval", "--resamples", "200", "-o", name}
		for _, s := range summary {
			args = append(args, "--summary", s)
		}
		runHere(t, args...)
		got := poolIn(t, name+"/results.json")
		checkPool(t, name, got, whole, name == "exact")
		if lo := got.Routers[0].Metrics.Lift.Lo; lo.Exists() != (name == "buckets") {
			t.Errorf("%s: interval from %v", name, lo)
		}
	}
}

// poolIn returns the only pool of a results file.
func poolIn(t *testing.T, path string) results.Pool {
	t.Helper()
	raw, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	d, err := results.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return d.Pools[0]
}

// checkPool compares a pool from a summary with that of the prompts.
func checkPool(t *testing.T, name string, got, want results.Pool, exact bool) {
	t.Helper()
	near := func(what string, a, b results.Value) {
		t.Helper()
		if !(math.Abs(float64(a-b)) <= 1e-9*max(1, math.Abs(float64(b)))) && (a.Exists() || b.Exists()) {
			t.Errorf("%s: %s is %v, want %v", name, what, a, b)
		}
	}
	if got.Samples != want.Samples || got.Summary == nil {
		t.Errorf("%s: %d samples of %+v, want %d", name, got.Samples, got.Summary, want.Samples)
	}
	for m, x := range got.Models {
		near("quality", x.Quality.Value, want.Models[m].Quality.Value)
		near("cost", x.Cost.Value, want.Models[m].Cost.Value)
	}
	near("area of the static mix", got.Controls.StaticMetrics.Area.Value, want.Controls.StaticMetrics.Area.Value)
	g, w := got.Routers[0], want.Routers[0]
	metric := func(what string, a, b results.Metric) {
		t.Helper()
		switch {
		case exact:
			near(what, a.Value, b.Value)
		case a.Within == nil:
			t.Errorf("%s: %s is exact", name, what)
		case a.Within.Lo > b.Value || a.Within.Hi < b.Value:
			t.Errorf("%s: %s in %+v, want %v", name, what, *a.Within, b.Value)
		}
	}
	metric("lift", g.Metrics.Lift, w.Metrics.Lift)
	metric("log lift", g.Metrics.LogLift, w.Metrics.LogLift)
	metric("area", g.Metrics.Area, w.Metrics.Area)
	metric("cost for 90 %", g.Metrics.CostFor["0.9"].Metric, w.Metrics.CostFor["0.9"].Metric)
	last, end := g.Points[len(g.Points)-1], w.Points[len(w.Points)-1]
	near("quality at the end", last.Quality.Value, end.Quality.Value)
	near("cost at the end", last.Cost.Value, end.Cost.Value)
	for m := range got.Models {
		near("share at the end", last.Mix[got.Models[m].Name], end.Mix[want.Models[m].Name])
	}
	if !exact {
		return
	}
	if len(g.Points) != len(w.Points) || len(g.Budgets) != len(w.Budgets) {
		t.Fatalf("%d points and %d budgets, want %d and %d", len(g.Points), len(g.Budgets), len(w.Points), len(w.Budgets))
	}
	for k, x := range g.Points {
		near("point", x.Quality.Value, w.Points[k].Quality.Value)
		near("dealt", x.Dealt.Quality, w.Points[k].Dealt.Quality)
	}
	for k, x := range g.Budgets {
		near("quality of a budget", x.Quality, w.Budgets[k].Quality)
		for m := range x.Calls {
			near("calls of a budget", x.Calls[m], w.Budgets[k].Calls[m])
		}
	}
}
