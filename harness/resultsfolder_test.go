package harness_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// ours begins like results of this program.
const ours = `{"schema_version": 3, "tool": {"name": "routellm", "version": "v0"}}`

// folder makes a folder of files with their contents.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestFolderStandsForItsResults finds results by the folder, and says what a folder without has.
func TestFolderStandsForItsResults(t *testing.T) {
	dir := folder(t, map[string]string{"results.json": ours, "results.csv": "", "samples.parquet": "", "mt-bench.svg": "", "run.jsonl": ""})
	if got, err := harness.FindResults(dir); err != nil || got != filepath.Join(dir, "results.json") || !harness.HoldsResults(dir) || harness.HoldsData(dir) {
		t.Errorf("%q, %v", got, err)
	}
	if got := harness.BesideResults(dir); !slices.Equal(got, []string{"run.jsonl"}) {
		t.Errorf("beside the results: %q", got)
	}
	for _, path := range []string{filepath.Join(dir, "results.json"), filepath.Join(dir, "none")} {
		if got, err := harness.FindResults(path); err != nil || got != path || harness.HoldsResults(path) {
			t.Errorf("%q is %q, %v", path, got, err)
		}
	}
	for _, c := range []struct {
		files          map[string]string
		message, hints string
	}{
		{nil, "no results.json in the folder, which has no files", "routellm eval -o DIR writes results.json"},
		{map[string]string{"a.svg": "", "b/c": ""}, "which has a.svg, b" + string(filepath.Separator), ""},
		{map[string]string{"1": "", "2": "", "3": "", "4": "", "5": "", "6": "", "7": ""}, "which has 1, 2, 3, 4, 5, 2 more files", ""},
		{map[string]string{"new/results.json": ours}, "which has new", "did you mean "},
		{map[string]string{"results.json": `{"results": {}}`}, "not the results of this program", ""}, // as lm-eval and promptfoo name theirs
	} {
		dir := folder(t, c.files)
		_, err := harness.FindResults(dir)
		if err == nil || !strings.Contains(err.Error(), c.message) || !strings.Contains(strings.Join(hint.Of(err), "\n"), c.hints) {
			t.Errorf("%v: %v, %q", c.files, err, hint.Of(err))
		}
		if harness.HoldsResults(dir) || !harness.HoldsData(dir) {
			t.Errorf("%v: holds results", c.files)
		}
	}
}

// TestOperandNamesFolder tells routers from folders of results.
func TestOperandNamesFolder(t *testing.T) {
	t.Chdir(folder(t, map[string]string{"out/results.json": ours, "mf/results.json": ours, "pics/a.svg": ""}))
	for text, want := range map[string]harness.Operand{
		"out":         {Path: "out"},
		"new=out":     {Path: "out", Label: "new"},
		"out@mf":      {Path: "out", Router: "mf"},
		"new=out@a@b": {Label: "new"}, // no folder out@a
		"mf":          {},
		"mf/":         {Path: "mf/"},
		"mf/@length":  {Path: "mf/", Router: "length"},
		"mf@judge":    {},
		"pics":        {},
		"pics/":       {Path: "pics/"}, // whose error says what it has
		"length":      {},
	} {
		want.Text = text
		if got := harness.ParseOperand(text); got != want {
			t.Errorf("%q is %+v, expected %+v", text, got, want)
		}
	}
}
