package importers

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// shared is the folder of sample files that are not in this repository.
const shared = "../../../shared/importers"

// checkTool imports testdata/NAME and the sample files of other programs, if they are present, and
// compares both with the tables that must come out.
func checkTool(t *testing.T, name, folder string, o Options) {
	t.Helper()
	t.Run("own", func(t *testing.T) { checkFolder(t, name, filepath.Join("testdata", name), true, o) })
	o.Filter, o.Scorer = "", "" // the samples have one each
	t.Run("shared", func(t *testing.T) { checkFolder(t, name, needShared(t, filepath.Join(shared, folder)), false, o) })
}

// needShared returns the path, and skips the test if it is not there.
func needShared(t *testing.T, path string) string {
	t.Helper()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no ../shared")
	}
	return path
}

// checkFolder detects and imports a folder and compares with its expected.csv. whole asks for
// just these columns and not for more.
func checkFolder(t *testing.T, name, folder string, whole bool, o Options) {
	t.Helper()
	if found, ok := Detect(folder); !ok || found.Name != name {
		t.Errorf("detected %q, %v, want %q", found.Name, ok, name)
	}
	out, _, _, err := importAll(name, []string{folder}, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"expected.csv", "expected_battles.csv", "expected_decisions.csv", "expected_prices.csv"} {
		want := readCSV(t, filepath.Join(folder, file))
		if want == nil {
			continue
		}
		compare(t, file, rowsOf(t, out, file), want, whole)
	}
}

// importAll imports with prompts, and returns the notes too.
func importAll(name string, paths []string, o Options) (*Output, Summary, string, error) {
	tool, err := Find(name)
	if err != nil {
		return nil, Summary{}, "", err
	}
	var notes strings.Builder
	o.Notef = func(format string, args ...any) { fmt.Fprintf(&notes, format+"\n", args...) }
	o.Collect.KeepPrompt = true
	out, sum, err := Import(context.Background(), tool, paths, o)
	return out, sum, notes.String(), err
}

// sheet holds the cells of a table by the first column, then by column.
type sheet map[string]map[string]string

func readCSV(t *testing.T, path string) sheet {
	t.Helper()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := sheet{}
	for _, line := range all[1:] {
		out[line[0]] = map[string]string{}
		for i, cell := range line {
			out[line[0]][all[0][i]] = cell
		}
	}
	return out
}

// rowsOf returns the part of an output that a file of expected rows describes.
func rowsOf(t *testing.T, out *Output, file string) sheet {
	t.Helper()
	got := sheet{}
	switch {
	case file == "expected_decisions.csv":
		for _, d := range out.Decisions {
			got[d.ID] = map[string]string{"sample_id": d.ID, "model": d.Model}
		}
	case file == "expected_prices.csv":
		for _, p := range out.Prices {
			got[p.Model] = map[string]string{"model": p.Model, "requests": strconv.Itoa(p.Requests), "mean_cost_usd": cell(p.MeanCostUSD),
				"mean_input_tokens": cell(p.MeanInputTokens), "mean_output_tokens": cell(p.MeanOutputTokens), "latency_p50_s": cell(p.LatencyP50S)}
		}
	case file == "expected_battles.csv":
		for _, b := range out.Battles {
			got[b.ID] = map[string]string{"sample_id": b.ID, "prompt": b.Prompt, "model_a": b.ModelA, "model_b": b.ModelB, "winner": b.Winner}
		}
	case out.Traffic != nil:
		for _, r := range out.Traffic {
			got[r.ID] = map[string]string{"sample_id": r.ID, "prompt": r.Prompt, "model": r.Model, "cost_usd": cell(r.CostUSD),
				"input_tokens": cell(r.InputTokens), "output_tokens": cell(r.OutputTokens), "latency_s": cell(r.LatencyS)}
		}
	default:
		return answersOf(t, out)
	}
	return got
}

// answersOf returns the rows of the table of answers.
func answersOf(t *testing.T, out *Output) sheet {
	t.Helper()
	table, _, err := out.Answers.Table()
	if err != nil {
		t.Fatal(err)
	}
	got := sheet{}
	for i, id := range table.SampleID {
		row := map[string]string{"sample_id": id}
		if table.Task != nil {
			row["task"] = table.Task[i]
		}
		if table.Prompt != nil {
			row["prompt"] = table.Prompt[i]
		}
		if table.Cluster[i] != id {
			row["cluster"] = table.Cluster[i]
		}
		add := func(prefix string, columns []datasets.Column) {
			for _, c := range columns {
				row[prefix+c.Name] = cell(c.Values[i])
			}
		}
		add("quality:", table.Quality)
		add("", table.Extras)
		got[id] = row
	}
	return got
}

func cell(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// compare compares all expected cells; numbers at 1e-9. whole asks that there are no others.
func compare(t *testing.T, what string, got, want sheet, whole bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
	}
	for id, row := range want {
		for column, w := range row {
			if g := got[id][column]; g != w && !near(g, w) {
				t.Errorf("%s: %s, %s: %q, want %q", what, id, column, g, w)
			}
		}
		for column := range got[id] {
			if _, ok := row[column]; !ok && whole {
				t.Errorf("%s: unexpected column %s", what, column)
			}
		}
	}
}

func near(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && math.Abs(x-y) <= 1e-9*max(1, math.Abs(y))
}

// write writes files into a new folder and returns it. Names may have slashes.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// fails imports and compares the error, in which DIR stands for the folder.
func fails(t *testing.T, name, dir, want string, o Options) {
	t.Helper()
	_, _, _, err := importAll(name, []string{dir}, o)
	if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), dir, "DIR"), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}

// TestTools checks what the docs and the command line need of every tool.
func TestTools(t *testing.T) {
	all := Tools()
	if !slices.IsSortedFunc(all, func(a, b Tool) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the tools are not sorted by name")
	}
	for _, tool := range all {
		if tool.Title == "" || tool.Files == "" || tool.Reads == "" || tool.Leaves == "" || tool.Gives == "" || len(tool.kinds) == 0 {
			t.Errorf("%s: a field is empty", tool.Name)
		}
		if !strings.Contains(tool.Example, "routellm datasets import "+tool.Name+" ") {
			t.Errorf("%s: example %q", tool.Name, tool.Example)
		}
		for _, flag := range tool.Uses {
			if Flags()[flag] == "" {
				t.Errorf("%s: unknown flag %q", tool.Name, flag)
			}
		}
		if _, err := os.Stat(filepath.Join("testdata", tool.Name)); err != nil {
			t.Errorf("%s: no sample: %v", tool.Name, err)
		}
	}
}

// TestDetectTables takes no person's table for a tool's file.
func TestDetectTables(t *testing.T) {
	dir := write(t, map[string]string{
		"a.csv":       "id,prompt,big,small\n1,one,1,0\n",
		"b.csv":       "sample_id,question,model,score\n1,one,big,1\n",
		"c.jsonl":     `{"id": "1", "prompt": "one", "model": "big", "score": 1}` + "\n",
		"d.json":      `[{"question": "one", "scores": {"big": 1, "small": 0}}]`,
		"e.jsonl":     `{"messages": [{"role": "user", "content": "one"}], "model": "big"}` + "\n",
		"f.csv":       "prompt,model_a,model_b,winner\none,big,small,model_a\n",
		"g.json":      "{",
		"h.txt":       "",
		"i.jsonl":     `{"question_id": 1, "category": "math", "turns": ["one", "two"]}` + "\n",
		"j/part.csv":  "id,prompt,quality:big\n1,one,1\n",
		"k.jsonl.gz":  "\x1f\x8b damaged",
		"l.jsonl.zst": "\x28\xb5\x2f\xfd damaged",
	})
	for _, name := range []string{"a.csv", "b.csv", "c.jsonl", "d.json", "e.jsonl", "f.csv", "g.json", "h.txt", "i.jsonl", "j", "k.jsonl.gz", "l.jsonl.zst", "missing", "", "*.csv"} {
		if tool, ok := Detect(filepath.Join(dir, name)); ok {
			t.Errorf("%s: detected %s", name, tool.Name)
		}
	}
}
