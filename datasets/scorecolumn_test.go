package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestScoreColumn reads one column per router, as RouteLLM's file of win rates has them.
func TestScoreColumn(t *testing.T) {
	text := "id,prompt,mf,bert\nq1,hello,0.25,0.5\nq2,there,0.75,0\n"
	for _, name := range []string{"rates.csv", "rates.csv.gz", "a#b.csv"} {
		s, err := ReadScores(fileOf(t, name, text) + "#mf")
		if err != nil {
			t.Fatal(name, err)
		}
		if got := fmt.Sprint(s.Key, s.IDs(), s.Values); got != "id[q1 q2] [0.25 0.75]" {
			t.Errorf("%s: %s", name, got)
		}
	}
	path := fileOf(t, "rates.csv", text)
	_, err := ReadScores(path + "#nope")
	expectError(t, err, `column "nope": missing`, true)
	_, err = ReadScores(path + "#prompt")
	expectError(t, err, `column "prompt": expected a finite number`, true)
	_, err = ReadScores(path)
	expectError(t, err, `column "sample_id": missing`, true)
	_, err = ReadScores(fileOf(t, "x.csv", "p,mf\na,1\n") + "#mf")
	expectError(t, err, "no column of ids", true)
}

// TestScoresInAnyFormat reads score files in other formats than Parquet and CSV.
func TestScoresInAnyFormat(t *testing.T) {
	for name, text := range map[string]string{
		"a.tsv":      "sample_id\tscore\nx\t0.5\ny\t1\n",
		"a.csv.gz":   "sample_id;score\nx;0.5\ny;1\n",
		"a.json":     `[{"sample_id": "x", "score": 0.5}, {"sample_id": "y", "score": 1}]`,
		"a.jsonl.gz": "{\"sample_id\": \"x\", \"score\": 0.5}\n{\"sample_id\": \"y\", \"score\": 1}\n",
	} {
		s, err := ReadScores(fileOf(t, name, text))
		if err != nil {
			t.Fatal(name, err)
		}
		if got := fmt.Sprint(s.IDs(), s.Values); got != "[x y] [0.5 1]" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestSplitColumn(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.csv", "x#y.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string][2]string{"a.csv": {"a.csv", ""}, "a.csv#mf": {"a.csv", "mf"}, "a.csv#m#f": {"a.csv", "m#f"},
		"x#y.csv": {"x#y.csv", ""}, "x#y.csv#mf": {"x#y.csv", "mf"}, "no.csv#mf": {"no.csv", "mf"}, "no.csv": {"no.csv", ""}} {
		file, column := SplitColumn(filepath.Join(dir, path))
		if file != filepath.Join(dir, want[0]) || column != want[1] {
			t.Errorf("%s: %s, %q", path, file, column)
		}
	}
}
