package sqltext_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/routellm/routellm/sqltext"
)

// source names the columns of the table on which queries are tested.
func source(w wanted) sqltext.Source {
	s := sqltext.Source{From: "logs", Score: "score", Strong: "quality:strong", Weak: "quality:weak"}
	if w.plain {
		s.Strong, s.Weak = "", ""
	}
	if w.weights {
		s.Weight = oddName
	}
	if w.tasks {
		s.Task = "task"
	}
	if w.buckets > 0 {
		s.Buckets, s.Cluster, s.ID = w.buckets, "cluster", "sample_id"
	}
	return s
}

// bins returns bins, or fails the test.
func bins(t *testing.T) func(sqltext.Bins, error) sqltext.Bins {
	return func(b sqltext.Bins, err error) sqltext.Bins {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// trial is one summary query with what it must return.
type trial struct {
	name  string
	query sqltext.Summary
	want  wanted
}

func trials(t *testing.T) []trial {
	must := bins(t)
	whole := must(sqltext.Even(-math.MaxFloat64, 1e308, 1<<16))
	usual := must(sqltext.Even(-8, 8, 1<<10))
	pieces := must(sqltext.Pieces([]float64{-math.MaxFloat64 / 4, -2, -0.5, -0x1p-1000, 0.5, 0.75, 3, 1e300}, 700))
	ranges := []sqltext.Range{{Lo: -0.25, Hi: 0}, {Lo: 0.12345678901234567, Hi: 0.30000000000000004}, {Lo: 1, Hi: math.Nextafter(1, 2)}}
	inside := func(s float64) bool {
		return slices.ContainsFunc(ranges, func(r sqltext.Range) bool { return r.Lo <= s && s <= r.Hi })
	}
	all := []trial{
		{"exact", sqltext.Summary{}, wanted{}},
		{"scores_alone", sqltext.Summary{Bins: usual}, wanted{plain: true}},
		{"even_bins", sqltext.Summary{Bins: usual, Area: true}, wanted{}},
		{"one_bin", sqltext.Summary{Bins: must(sqltext.Even(1, 1, 4)), Area: true}, wanted{}},
		{"whole_range", sqltext.Summary{Bins: whole}, wanted{}},
		{"piecewise", sqltext.Summary{Bins: pieces}, wanted{}},
		{"by_task", sqltext.Summary{Bins: usual}, wanted{tasks: true}},
		{"in_buckets", sqltext.Summary{Bins: usual, Area: true}, wanted{buckets: 20}},
		{"weighted", sqltext.Summary{Bins: usual, Area: true}, wanted{weights: true}},
		{"all_at_once", sqltext.Summary{Bins: pieces}, wanted{weights: true, tasks: true, buckets: 7}},
		{"refined", sqltext.Summary{Within: ranges}, wanted{within: inside}},
		{"refined_in_buckets", sqltext.Summary{Within: ranges, Area: true}, wanted{within: inside, buckets: 20, weights: true}},
	}
	for i := range all {
		all[i].query.Source, all[i].want.bin = source(all[i].want), all[i].query.Bins.Of
	}
	return all
}

// checkEngine runs every query on an engine and compares its results with Go's own computation.
func checkEngine(t *testing.T, engine, needs string) {
	d, ok := sqltext.Find(engine)
	if !ok {
		t.Fatal(engine)
	}
	dir, data := t.TempDir(), nastyRows()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	routed := nastyPool()
	writeLogs(t, dir, data, routed)
	queries, summaries := map[string]string{}, trials(t)
	for _, x := range summaries {
		queries["summary_"+x.name] = d.Summary(x.query)
	}
	first, points, thresholds := twoQueries(t, data)
	queries["exact_first"], queries["exact_points"], queries["exact_thresholds"] = d.Summary(first), d.Summary(points), d.Summary(thresholds)
	all := wanted{weights: true, buckets: 20}
	queries["scan_all"], queries["scan_scores"] = d.Scan(source(all)), d.Scan(source(wanted{plain: true}))
	prompts := sqltext.Prompts{From: "logs", Digest: "prompt_norm_sha256", ID: "sample_id", Cluster: "cluster"}
	queries["duplicates"], queries["leaks"] = d.Duplicates(prompts), d.Leaks(prompts, "digests", "prompt_norm_sha256")
	pools := poolTrials(t)
	for _, x := range pools {
		queries["moves_"+x.name] = d.Moves(x.query)
	}
	queries["pool_scan"] = d.PoolScan(poolOf(0))
	results := run(t, engine, dir, queries, needs)
	for _, x := range summaries {
		t.Run(x.name, func(t *testing.T) {
			checkSums(t, readSums(t, results["summary_"+x.name], x.want), reference(data, x.want), x.query.Area)
		})
	}
	for _, x := range pools {
		t.Run("moves "+x.name, func(t *testing.T) { checkMoves(t, read(t, results["moves_"+x.name]), routed, x.query) })
	}
	t.Run("pool scan", func(t *testing.T) { checkPoolScan(t, read(t, results["pool_scan"]), routed) })
	t.Run("two queries", func(t *testing.T) {
		checkExact(t, data, results["exact_first"], results["exact_points"], results["exact_thresholds"])
	})
	t.Run("scan", func(t *testing.T) {
		checkScan(t, results["scan_all"], data, all)
		checkScan(t, results["scan_scores"], data, wanted{plain: true})
	})
	t.Run("duplicates", func(t *testing.T) { checkDuplicates(t, read(t, results["duplicates"]), data) })
	t.Run("leaks", func(t *testing.T) { checkLeaks(t, read(t, results["leaks"]), data) })
}

// checkScan compares a scan with counts of the rows.
func checkScan(t *testing.T, path string, data []logged, w wanted) {
	t.Helper()
	table := read(t, path)
	if len(table) != 1 {
		t.Fatalf("%d rows, want 1", len(table))
	}
	row, usable, lo, hi, reasons := table[0], 0, math.Inf(1), math.Inf(-1), 0.0
	distinct := map[float64]bool{}
	for _, r := range data {
		if r.usable(w) {
			usable, lo, hi = usable+1, min(lo, *r.score), max(hi, *r.score)
			distinct[*r.score] = true
		}
	}
	for _, state := range []sqltext.State{sqltext.ScoreNull, sqltext.ScoreNotFinite, sqltext.QualityNull, sqltext.QualityNotFinite, sqltext.WeightBad, sqltext.ClusterNull} {
		if x := value(t, row, string(state)); x == x {
			reasons += x
		}
	}
	if got := value(t, row, "total"); got != float64(len(data)) {
		t.Errorf("total %v, want %d", got, len(data))
	}
	if got := value(t, row, "usable"); got != float64(usable) || got+reasons != float64(len(data)) {
		t.Errorf("usable %v, reasons %v, want %d of %d", got, reasons, usable, len(data))
	}
	if a, b := value(t, row, "lo"), value(t, row, "hi"); a != lo || b != hi {
		t.Errorf("scores from %v to %v, want %v to %v", a, b, lo, hi)
	}
	if got := value(t, row, "distinct_values"); math.Abs(got-float64(len(distinct))) > 0.2*float64(len(distinct)) {
		t.Errorf("about %v distinct scores, want %d", got, len(distinct))
	}
	if !w.plain && (value(t, row, "score_null") != 8 || value(t, row, "cluster_null") != 2) {
		t.Errorf("%v", row)
	}
}

func checkDuplicates(t *testing.T, got []map[string]string, data []logged) {
	t.Helper()
	n, clusters := map[string]int{}, map[string]map[string]bool{}
	for _, r := range data {
		n[r.digest]++
		if clusters[r.digest] == nil {
			clusters[r.digest] = map[string]bool{}
		}
		if r.cluster != "" {
			clusters[r.digest][r.cluster] = true
		} else if r.id != "" {
			clusters[r.digest][r.id] = true
		}
	}
	var want, found []string
	for digest, k := range n {
		if k > 1 {
			want = append(want, fmt.Sprintf("%s %d %d", digest, k, len(clusters[digest])))
		}
	}
	for _, row := range got {
		found = append(found, fmt.Sprintf("%s %s %s", row["digest"], row["n"], row["clusters"]))
	}
	slices.Sort(want)
	slices.Sort(found)
	if len(want) < 5 || !slices.Equal(found, want) {
		t.Errorf("%q, want %q", found, want)
	}
}

func checkLeaks(t *testing.T, got []map[string]string, data []logged) {
	t.Helper()
	known := map[string]bool{}
	for i, r := range data {
		known[r.digest] = known[r.digest] || i%5 == 0
	}
	var want []string
	for _, r := range data {
		if known[r.digest] {
			want = append(want, r.id)
		}
	}
	slices.Sort(want)
	if found := column(got, "id"); !slices.Equal(found, want) {
		t.Errorf("%d rows, want %d", len(found), len(want))
	}
}

// TestDuckDB runs the queries on DuckDB.
func TestDuckDB(t *testing.T) { checkEngine(t, "duckdb", "ROUTELLM_REQUIRE_PYTHON") }

// TestOtherEngines runs the queries on engines that take long to start.
func TestOtherEngines(t *testing.T) {
	if os.Getenv("ROUTELLM_ENGINES") != "1" {
		t.Skip("skipped: make test-engines runs it")
	}
	for _, engine := range []string{"postgres", "datafusion", "clickhouse", "spark"} {
		t.Run(engine, func(t *testing.T) { checkEngine(t, engine, "ROUTELLM_REQUIRE_ENGINES") })
	}
}
