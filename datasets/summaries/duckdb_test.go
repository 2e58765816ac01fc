package summaries_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
)

// table is a table of scored samples, as DuckDB gets it.
type table struct {
	outcomes eval.Outcomes
	scores   []float64
	tasks    []string
}

// writeTable draws n samples in clusters, with scores of which many are tied, into a file.
func writeTable(t *testing.T, path string, n int) table {
	t.Helper()
	rng, x := rand.New(rand.NewPCG(1, 2)), table{}
	var ids, clusters []string
	for i := range n {
		hard := rng.Float64()
		score := 0.3*hard + 0.7*rng.Float64()
		if i%3 == 0 {
			score = math.Round(score*1000) / 1000
		}
		right := func(p float64) float64 {
			if rng.Float64() < p {
				return 1
			}
			return 0
		}
		x.outcomes.Strong, x.outcomes.Weak = append(x.outcomes.Strong, right(0.95-0.2*hard)), append(x.outcomes.Weak, right(0.9-0.7*hard))
		x.scores, x.tasks = append(x.scores, score), append(x.tasks, []string{"law", "sums"}[i/7%2])
		ids, clusters = append(ids, fmt.Sprint(i)), append(clusters, fmt.Sprint(i/4))
	}
	var b bytes.Buffer
	err := datasets.WriteColumns(&b, []datasets.AnyColumn{
		{Name: "sample_id", Strings: ids}, {Name: "cluster", Strings: clusters}, {Name: "task", Strings: x.tasks},
		{Name: "score", Floats: x.scores}, {Name: "strong", Floats: x.outcomes.Strong}, {Name: "weak", Floats: x.outcomes.Weak},
	}, nil)
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// only returns the samples of a task.
func (x table) only(t *testing.T, task string) *eval.Curve {
	t.Helper()
	var index []int
	var scores []float64
	for i, name := range x.tasks {
		if name == task {
			index, scores = append(index, i), append(scores, x.scores[i])
		}
	}
	c, err := eval.NewCurve(x.outcomes.Select(index), scores)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDuckDB reads summaries of 100,000 samples that DuckDB makes, and compares their numbers with
// those of the samples.
func TestDuckDB(t *testing.T) {
	if err := exec.Command("python3", "-c", "import duckdb").Run(); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
			t.Skip("skipped: python3 has no duckdb; make test-python installs it")
		}
		t.Fatal("python3 with duckdb is required: ", err)
	}
	dir := t.TempDir()
	x := writeTable(t, filepath.Join(dir, "samples.parquet"), 100_000)
	cmd := exec.Command("python3", filepath.Join("testdata", "summarise.py"), dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	read := func(files ...string) *binned.Summary {
		t.Helper()
		for i := range files {
			files[i] = filepath.Join(dir, files[i])
		}
		set, err := summaries.Read(context.Background(), files, summaries.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return set.Routers[0].Summary
	}
	exact, err := eval.NewCurve(x.outcomes, x.scores)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "one bin per score", read("scores.parquet"), exact, 1e-9)
	for _, name := range []string{"bins.parquet", "bins.csv"} {
		s := read(name)
		compare(t, name, s, exact, math.Inf(1))
		if v := s.APGR(); v.Exact() || v.Hi-v.Lo > 1e-3 {
			t.Errorf("%s: APGR %+v, want a narrow range", name, v)
		}
	}
	compare(t, "two parts", read("part0.parquet", "part1.parquet"), exact, math.Inf(1))
	if v := read("area.parquet").APGR(); !v.Exact() || math.Abs(v.Value-exact.APGR()) > 1e-9 {
		t.Errorf("with areas, APGR is %+v, want %v", v, exact.APGR())
	}
	cells := read("cells.parquet")
	if cells.Buckets() != 200 || len(cells.Tasks) != 2 {
		t.Errorf("%d buckets, tasks %q", cells.Buckets(), cells.Tasks)
	}
	for k, task := range cells.Tasks {
		part, err := cells.Of([]int{k})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, task, part, x.only(t, task), math.Inf(1))
	}
}

// compare fails unless the values of a summary are within their ranges of the exact ones, and within
// most of them.
func compare(t *testing.T, what string, s *binned.Summary, exact *eval.Curve, most float64) {
	t.Helper()
	for name, x := range map[string]struct {
		got  binned.Value
		want float64
	}{
		"APGR": {s.APGR(), exact.APGR()}, "AUC": {s.AUC(), exact.AUC()}, "CPT20": {s.CPT(20), exact.CPT(20).Value}, "CPT50": {s.CPT(50), exact.CPT(50).Value},
		"CPT80": {s.CPT(80), exact.CPT(80).Value}, "quality at 20 %": {s.QualityAt(0.2), exact.QualityAt(0.2)},
		"calls for 95 %": {s.FractionFor(0.95 * exact.Strong), exact.FractionFor(0.95 * exact.Strong)},
	} {
		const rounding = 1e-12
		if x.want < x.got.Lo-rounding || x.want > x.got.Hi+rounding || !(math.Abs(x.got.Value-x.want) <= most) {
			t.Errorf("%s: %s is %+v, want %v", what, name, x.got, x.want)
		}
	}
}
