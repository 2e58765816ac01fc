package cli

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// duckDB runs the query in a file on DuckDB and writes its result to another. It skips the test where
// Python has no DuckDB.
func duckDB(t *testing.T, query, result string) {
	t.Helper()
	if err := exec.Command("python3", "-c", "import duckdb").Run(); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatal("python3 with duckdb is required: ", err)
		}
		t.Skip("skipped: python3 cannot import duckdb")
	}
	script := "import duckdb, sys; duckdb.connect().execute('COPY (' + open(sys.argv[1]).read() + ') TO ' + repr(sys.argv[2]))"
	if out, err := exec.Command("python3", "-c", script, query, result).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", query, err, out)
	}
}

// succeed runs a command and returns its standard output.
func succeed(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, err bytes.Buffer
	if code := Main(args, &out, &err); code != cmdutil.ExitDone {
		t.Fatalf("routellm %q exits with %d: %s", args, code, err.String())
	}
	return out.Bytes()
}

// measuredDocument holds the parts of results.json that this test compares.
type measuredDocument struct {
	Benchmarks []struct {
		Routers []struct {
			Name    string
			Metrics map[string]json.RawMessage
		}
	}
}

// metricsOf returns the values of the metrics of mf, by name.
func metricsOf(t *testing.T, document []byte) map[string]float64 {
	t.Helper()
	var doc measuredDocument
	if err := json.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, r := range doc.Benchmarks[0].Routers {
		if r.Name != "mf" {
			continue
		}
		for _, name := range []string{"apgr", "auc"} {
			var v struct{ Value float64 }
			if err := json.Unmarshal(r.Metrics[name], &v); err != nil {
				t.Fatal(err)
			}
			out[name] = v.Value
		}
		for _, name := range []string{"cpt", "quality_at", "fraction_for"} {
			var all map[string]struct{ Value float64 }
			if err := json.Unmarshal(r.Metrics[name], &all); err != nil {
				t.Fatal(err)
			}
			for at, v := range all {
				out[name+" "+at] = v.Value
			}
		}
	}
	return out
}

// TestSQLWholeWay goes from a scan to exact numbers with the program and DuckDB, and expects those that
// eval finds in the samples themselves.
func TestSQLWholeWay(t *testing.T) {
	workFolder(t)
	want := metricsOf(t, succeed(t, "eval", "--router", "mf", "--bench", "mmlu", "--out", "out", "--resamples", "0", "--format", "json"))
	ask := func(command, result string, more ...string) {
		t.Helper()
		columns := []string{"--dialect", "duckdb", "--table", "'out/samples.parquet'", "--score", "score:mf", "--strong", "quality_strong", "--weak", "quality_weak"}
		succeed(t, append(append([]string{"sql", command, "--out", command + ".sql"}, columns...), more...)...)
		duckDB(t, command+".sql", result)
	}
	ask("scan", "scan.csv")
	ask("summary", "summary.parquet", "--scan", "scan.csv", "--bins", "2048", "--area")
	ask("refine", "refined.parquet", "--summary", "summary.parquet")
	got := metricsOf(t, succeed(t, "eval", "--summary", "mf=summary.parquet", "--refined", "mf=refined.parquet", "--format", "json"))
	if len(want) != 11 {
		t.Errorf("%d numbers to compare, want 11: %v", len(want), want)
	}
	for name, w := range want {
		if g, ok := got[name]; !ok || !(math.Abs(g-w) <= 1e-9) {
			t.Errorf("%s: %v, want %v", name, g, w)
		}
	}
}

// calibrated is a threshold with the share of strong calls that it gives.
type calibrated struct {
	Threshold float64
	Strong    float64 `json:"strong_fraction"`
}

// thresholdsOf returns the thresholds of a calibration.
func thresholdsOf(t *testing.T, document []byte) []calibrated {
	t.Helper()
	var doc struct{ Thresholds []calibrated }
	if err := json.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Thresholds
}

// TestSQLThresholds goes from a histogram of scores to thresholds, and expects those of all scores, bit
// for bit.
func TestSQLThresholds(t *testing.T) {
	workFolder(t)
	const shares = "0.001,0.1,0.3,0.75"
	succeed(t, "score", "--router", "mf", "--data", "gsm8k", "--out", "scores.parquet")
	want := thresholdsOf(t, succeed(t, "calibrate", "--router", "mf=scores:scores.parquet", "--strong-fraction", shares, "--format", "json"))
	table := []string{"--dialect", "duckdb", "--table", "'scores.parquet'", "--scores-only"}
	succeed(t, append([]string{"sql", "summary", "--out", "histogram.sql", "--range", "0,1", "--bins", "256"}, table...)...)
	duckDB(t, "histogram.sql", "histogram.csv")
	succeed(t, append([]string{"sql", "threshold", "--out", "rows.sql", "--summary", "histogram.csv", "--strong-fraction", shares}, table...)...)
	duckDB(t, "rows.sql", "rows.csv")
	got := thresholdsOf(t, succeed(t, "calibrate", "--summary", "mf=histogram.csv", "--refined", "mf=rows.csv", "--strong-fraction", shares, "--format", "json"))
	if len(want) != 4 || !slices.Equal(got, want) {
		t.Errorf("thresholds %v, want %v", got, want)
	}
}
