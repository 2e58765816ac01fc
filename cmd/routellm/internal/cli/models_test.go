package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/subject"
	"github.com/routellm/routellm/routers/swranking"
)

// builtinModel is a trained router with its recipe.
type builtinModel struct {
	recipe string
	bytes  func() ([]byte, error)
}

// builtinModels are those that make models writes, by name.
func builtinModels(t *testing.T) map[string]builtinModel {
	t.Helper()
	all := map[string]builtinModel{}
	for _, variant := range append(mf.Variants(), "") {
		m, err := mf.Builtin(variant)
		if err != nil {
			t.Fatal(err)
		}
		all["mf@"+variant] = builtinModel{m.Recipe, m.Bytes}
	}
	for _, variant := range append(knn.Variants(), "") {
		m, err := knn.Builtin(variant)
		if err != nil {
			t.Fatal(err)
		}
		all["knn@"+variant] = builtinModel{m.Recipe, m.Bytes}
	}
	base, err := subject.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	all["subject"] = builtinModel{base.Recipe, base.Bytes}
	m, err := swranking.Builtin("") // the others are parts of it
	if err != nil {
		t.Fatal(err)
	}
	all["sw_ranking"] = builtinModel{m.Recipe, m.Bytes}
	return all
}

// cheapModels are the built-in models that take less than two seconds of CPU time to train.
var cheapModels = []string{"mf@judge", "knn@judge", "subject"}

// TestBuiltinModelsAreReproduced trains every built-in model by the recipe in it
// and compares bytes, as make models would write them. Unless nightly, it trains the cheap ones
// and parses the recipes of the others.
func TestBuiltinModelsAreReproduced(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("skipped: sums round differently on other processors")
	}
	for name, m := range builtinModels(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !nightly && !slices.Contains(cheapModels, name) {
				parse(t, m.recipe+" --out m.safetensors")
				t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
			}
			path := filepath.Join(t.TempDir(), "m.safetensors")
			var out, errs bytes.Buffer
			args := append(strings.Fields(m.recipe)[1:], "--out", path)
			if code := Main(args, &out, &errs); code != cmdutil.ExitDone {
				t.Fatal(errs.String())
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.bytes()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s gives other bytes than the built-in model; make models", m.recipe)
			}
		})
	}
}

// resultRouters are those of the tables in docs/results.md.
const resultRouters = "length,subject,mf,mf@arena,mf@judge,mf@gold,knn,knn@judge,knn@gold,sw_ranking,sw_ranking@arena,sw_ranking@judge,sw_ranking@gold,bert,causal_llm"

// costlyOnMMLU matches the table rows of the routers that take most of the time on MMLU.
var costlyOnMMLU = regexp.MustCompile(`(?m)^\| (knn|sw_ranking)\b.*\n`)

// TestResultsTables compares the tables in docs/results.md, which make results writes,
// with the program's results. Unless nightly or with -update, it does so without the rows of
// knn and sw_ranking on MMLU.
func TestResultsTables(t *testing.T) {
	const path = "../../../../docs/results.md"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	var found []resultBenchmark
	if nightly || *update {
		found = resultsOf(t, resultRouters, "all", "--labels", "regraded")
	} else {
		found = resultsOf(t, resultRouters, "mt-bench,gsm8k", "--labels", "regraded")
		var cheap []string
		for _, r := range strings.Split(resultRouters, ",") {
			if !costlyOnMMLU.MatchString("| " + r + " |\n") {
				cheap = append(cheap, r)
			}
		}
		found = append(found, resultsOf(t, strings.Join(cheap, ","), "mmlu")...)
		page = withoutCostlyRows(page)
	}
	want := page
	for _, b := range found {
		table := resultsPlace(b.Name)
		if !table.MatchString(want) {
			t.Fatalf("%s has no place for %s", path, b.Name)
		}
		want = table.ReplaceAllString(want, "${1}"+resultsTable(b)+"$2")
	}
	if want == page {
		return
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the tables of %s are not what the program computes: make results\n%s", path, firstDifference(page, want))
}

// resultsPlace matches the table of a benchmark in docs/results.md between its marks.
func resultsPlace(benchmark string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)(<!-- results: ` + benchmark + ` -->\n).*?(<!-- end -->)`)
}

// withoutCostlyRows removes the costly rows from a page's table of MMLU.
func withoutCostlyRows(page string) string {
	return resultsPlace("mmlu").ReplaceAllStringFunc(page, func(table string) string {
		return costlyOnMMLU.ReplaceAllString(table, "")
	})
}

// resultsOf evaluates routers on benchmarks, without intervals.
func resultsOf(t *testing.T, routers, benches string, flags ...string) []resultBenchmark {
	t.Helper()
	var out, errs bytes.Buffer
	args := append([]string{"eval", "--router", routers, "--bench", benches, "--resamples", "0", "--format", "json"}, flags...)
	if code := Main(args, &out, &errs); code != cmdutil.ExitDone {
		t.Fatal(errs.String())
	}
	var doc struct{ Benchmarks []resultBenchmark }
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Benchmarks
}

// resultBenchmark is what the tables need of a result.
type resultBenchmark struct {
	Name    string
	Routers []struct {
		Name    string
		Metrics struct {
			APGR resultValue
			CPT  map[string]resultValue
		}
	}
}

type resultValue struct{ Value *float64 }

// resultsTable shows our routers, then the publication's.
func resultsTable(b resultBenchmark) string {
	var s strings.Builder
	s.WriteString("\n| router | APGR | CPT50 | CPT80 | improvement |\n| --- | --- | --- | --- | --- |\n")
	row := func(name string, apgr, cpt50, cpt80 float64) {
		fmt.Fprintf(&s, "| %s | %.3f | %.1f %% | %.1f %% | %+.1f %% |\n", name, apgr, 100*cpt50, 100*cpt80, 100*(apgr-0.5)/0.5)
	}
	for _, r := range b.Routers {
		if m := r.Metrics; m.APGR.Value != nil {
			row(r.Name, *m.APGR.Value, *m.CPT["50"].Value, *m.CPT["80"].Value)
		}
	}
	for _, p := range benchmarks.Published() {
		if p.Benchmark == b.Name {
			row("published "+p.Router+", "+p.Data, p.APGR, p.CPT50, p.CPT80)
		}
	}
	return s.String() + "\n"
}
