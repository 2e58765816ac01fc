package harness

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// scoredFile writes a data set of n rows in clusters of 3, some of them not measured, with a column of scores, and a file of
// scores in the same order.
func scoredFile(t *testing.T, n int, reorder bool) (data, scores string) {
	t.Helper()
	r, dir := rand.New(rand.NewPCG(1, 2)), t.TempDir()
	var id, cluster []string
	var strong, weak, fine, coarse []float64
	for i := range n {
		id, cluster = append(id, "s"+strings.Repeat("x", i%3)+string(rune('a'+i%26))+strings.Repeat("y", i/26)), append(cluster, string(rune('A'+i/3)))
		x := r.NormFloat64()
		fine, coarse = append(fine, x), append(coarse, math.Round(2*x))
		strong, weak = append(strong, float64(r.IntN(4)/1%2)), append(weak, float64(r.IntN(2))*float64(r.IntN(2)))
		if i%50 == 7 {
			weak[i] = math.NaN()
		}
		strong[i] = max(strong[i], float64(r.IntN(2)))
	}
	write := func(name string, columns []datasets.AnyColumn) string {
		var b bytes.Buffer
		if err := datasets.WriteColumns(&b, columns, nil); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data = write("data.parquet", []datasets.AnyColumn{{Name: "sample_id", Strings: id}, {Name: "cluster", Strings: cluster},
		{Name: "quality:a", Floats: strong}, {Name: "quality:b", Floats: weak}, {Name: "score:coarse", Floats: coarse}})
	if reorder {
		id[3], id[4] = id[4], id[3]
	}
	return data, write("fine.parquet", []datasets.AnyColumn{{Name: "sample_id", Strings: id}, {Name: "score", Floats: fine}})
}

var abPair = results.Pair{Strong: "a", Weak: "b"}

// summarised evaluates a data set by sums and in memory.
func summarised(t *testing.T, data string, routers []string, o SummariseOptions) (sums, samples results.Benchmark, s *Summaries) {
	t.Helper()
	ctx := context.Background()
	s, err := Summarise(ctx, data, routers, o)
	if err != nil {
		t.Fatal(err)
	}
	e, err := EvaluateSummaries(ctx, s, SummaryOptions{Points: DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	rs, err := Open(routers, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	benches, err := Load(ctx, []string{data}, rs, LoadOptions{Pair: o.Pair})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Run(ctx, rs, benches, RunOptions{Points: DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	return e.Document.Benchmarks[0], whole.Document.Benchmarks[0], s
}

// within reports whether a metric of sums agrees with that of the samples.
func within(sum, sample results.Metric) bool {
	const rounding = 1e-9
	lo, hi := sum.Value, sum.Value
	if sum.Within != nil {
		lo, hi = sum.Within.Lo, sum.Within.Hi
	}
	return sum.Value.Exists() == sample.Value.Exists() && (!sum.Value.Exists() || float64(lo)-rounding <= float64(sample.Value) && float64(sample.Value) <= float64(hi)+rounding)
}

// TestSummarise compares sums with the samples: exact with more bins than scores, within the printed ranges with fewer.
func TestSummarise(t *testing.T) {
	data, scores := scoredFile(t, 600, false)
	routers := []string{"coarse=scores:" + data + "#score:coarse", "fine=scores:" + scores}
	for _, bins := range []int{0, 16} {
		sums, samples, _ := summarised(t, data, routers, SummariseOptions{Pair: abPair, Bins: bins, Buckets: 20})
		if sums.Samples != samples.Samples || sums.Summary.Unused != int64(samples.Excluded.Missing) || sums.Pair != samples.Pair {
			t.Errorf("%d samples and %d not used of %v, want %d, %d and %v", sums.Samples, sums.Summary.Unused, sums.Pair, samples.Samples, samples.Excluded.Missing, samples.Pair)
		}
		for k, r := range sums.Routers[:2] {
			want := samples.Routers[k]
			if bins == 0 && r.Metrics.APGR.Within != nil {
				t.Errorf("%s: APGR %+v is not exact, though each score has a bin", r.Name, r.Metrics.APGR)
			}
			if !within(r.Metrics.APGR, want.Metrics.APGR) || !within(r.Metrics.AUC, want.Metrics.AUC) {
				t.Errorf("%d bins, %s: APGR %+v and AUC %+v, want %+v and %+v inside", bins, r.Name, r.Metrics.APGR, r.Metrics.AUC, want.Metrics.APGR, want.Metrics.AUC)
			}
			for key, m := range want.Metrics.CPT {
				if !within(r.Metrics.CPT[key].Metric, m.Metric) {
					t.Errorf("%d bins, %s: CPT%s %+v, want %+v inside", bins, r.Name, key, r.Metrics.CPT[key].Metric, m.Metric)
				}
			}
		}
	}
}

// TestSummariseColumns takes the columns of scores of the data set, and writes what the summaries hold.
func TestSummariseColumns(t *testing.T) {
	data, _ := scoredFile(t, 300, false)
	s, err := Summarise(context.Background(), data, nil, SummariseOptions{Pair: abPair, Buckets: 7})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Routers) != 1 || s.Routers[0].Name != "coarse" || s.Routers[0].Summary.Buckets() != 7 {
		t.Fatalf("routers %+v, want coarse in 7 buckets", s.Routers)
	}
	path := filepath.Join(t.TempDir(), "s.parquet")
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := OpenSummaries(context.Background(), SummaryFiles{Paths: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := read.Routers[0].Summary.AUC(), s.Routers[0].Summary.AUC(); got != want {
		t.Errorf("AUC %v after writing and reading, want %v", got, want)
	}
}

// TestSummariseLive scores prompts on the fly, and leaves training prompts out as eval does.
func TestSummariseLive(t *testing.T) {
	for _, router := range []string{"length", "mf@gold"} {
		sums, samples, _ := summarised(t, "gsm8k", []string{router}, SummariseOptions{})
		if sums.Samples != samples.Samples || sums.Excluded.Training != samples.Excluded.Training {
			t.Errorf("%s: %d samples, excluded %+v, want %d and %+v", router, sums.Samples, sums.Excluded, samples.Samples, samples.Excluded)
		}
		if got, want := sums.Routers[0].Metrics.APGR, samples.Routers[0].Metrics.APGR; !within(got, want) || got.Within != nil {
			t.Errorf("%s: APGR %+v, want the exact %+v", router, got, want)
		}
	}
}

// TestSummariseRefuses names what is wrong.
func TestSummariseRefuses(t *testing.T) {
	data, other := scoredFile(t, 100, true)
	short, _ := scoredFile(t, 99, false)
	for want, run := range map[string]struct {
		data    string
		routers []string
		o       SummariseOptions
	}{
		`row 4: sample_id`:             {data, []string{"scores:" + other}, SummariseOptions{Pair: abPair}},
		`has 99 rows and`:              {data, []string{"x=scores:" + short + "#score:coarse"}, SummariseOptions{Pair: abPair}},
		`names no default pair`:        {data, nil, SummariseOptions{}},
		`has no column score:NAME`:     {"mt-bench", nil, SummariseOptions{}},
		`one besides random`:           {data, []string{"random"}, SummariseOptions{Pair: abPair}},
		`needs outcomes`:               {data, []string{"oracle"}, SummariseOptions{Pair: abPair}},
		`expected at least 0 buckets`:  {data, nil, SummariseOptions{Pair: abPair, Buckets: -1}},
		`column "score:nope": missing`: {data, []string{"x=scores:" + data + "#score:nope"}, SummariseOptions{Pair: abPair}},
	} {
		if _, err := Summarise(context.Background(), run.data, run.routers, run.o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestSummariseStops ends with the context, and leaves no file.
func TestSummariseStops(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Summarise(ctx, "gsm8k", []string{"length"}, SummariseOptions{}); err == nil {
		t.Error("no error after the context ended")
	}
	if files, _ := os.ReadDir(os.Getenv("TMPDIR")); len(files) > 0 {
		t.Errorf("files are left: %v", files)
	}
}

// TestCalibrateSummary compares thresholds with those of the scores: bit-equal where bins hold one score.
func TestCalibrateSummary(t *testing.T) {
	data, scores := scoredFile(t, 600, false)
	fractions := []float64{0, 0.001, 0.2, 0.5, 0.77, 1}
	for _, bins := range []int{0, 16} {
		s, err := Summarise(context.Background(), data, []string{"scores:" + scores}, SummariseOptions{Pair: abPair, Bins: bins, Buckets: 40})
		if err != nil {
			t.Fatal(err)
		}
		c, err := CalibrateSummary(context.Background(), s, Router{}, DefaultCalibrate(StrongFractions(fractions...)))
		if err != nil {
			t.Fatal(err)
		}
		kept := keptScores(t, data, scores)
		want, err := eval.Calibrate(eval.StreamOf(kept), fractions)
		if err != nil {
			t.Fatal(err)
		}
		for k, x := range c.Document.Thresholds {
			if cut := x.Threshold.Cut(); x.Within == nil && (cut != want[k].Threshold || x.StrongCalls != want[k].AtOrAbove) {
				t.Errorf("%v: threshold %v with %d calls, want %v with %d", fractions[k], cut, x.StrongCalls, want[k].Threshold, want[k].AtOrAbove)
			}
			if bins == 0 && x.Within != nil || x.Within != nil && !(float64(x.Within.Lo) <= want[k].Threshold && want[k].Threshold <= float64(x.Within.Hi)) {
				t.Errorf("%v: threshold within %+v, want %v", fractions[k], x.Within, want[k].Threshold)
			}
			if !(x.FutureLo <= x.StrongFraction && x.StrongFraction <= x.FutureHi) {
				t.Errorf("%v: future %v to %v around %v", fractions[k], x.FutureLo, x.FutureHi, x.StrongFraction)
			}
		}
	}
}

// keptScores returns the scores of the measured rows.
func keptScores(t *testing.T, data, scores string) []float64 {
	t.Helper()
	f, err := datasets.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := f.Read(datasets.Select{AllModels: true})
	if err != nil {
		t.Fatal(err)
	}
	all, err := datasets.ReadScores(scores)
	if err != nil {
		t.Fatal(err)
	}
	weak, _ := table.QualityOf("b")
	var out []float64
	for i, x := range all.Values {
		if !math.IsNaN(weak[i]) {
			out = append(out, x)
		}
	}
	return out
}
