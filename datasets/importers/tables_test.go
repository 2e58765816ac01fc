package importers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// tableTools lists the tools that read tables, with the folders of their samples in ../shared.
var tableTools = map[string]string{
	"alpaca-eval": "alpaca_eval", "gpt4-dataset": "none", "langfuse": "langfuse", "langsmith": "langsmith", "litellm": "litellm",
	"llmrouter": "none", "llmrouterbench": "llmrouterbench", "openrouter": "openrouter", "routerarena": "routerarena", "routerbench": "routerbench",
}

func TestTableTools(t *testing.T) {
	for name, folder := range tableTools {
		t.Run(name, func(t *testing.T) { checkTool(t, name, folder, Options{}) })
	}
}

// everything returns all that an import gave, as text.
func everything(t *testing.T, out *Output) string {
	t.Helper()
	text := fmt.Sprintf("%v %v %v %v", out.Battles, out.Traffic, out.Decisions, out.Prices)
	if out.Answers.Rows() > 0 {
		table, coverage, err := out.Answers.Table()
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintf("%v %v", table, coverage)
	}
	return text
}

// TestRowOrder imports every sample with its rows and files in other orders. AlpacaEval and RouteLLM's data
// have no ids, so that the order of their rows counts.
func TestRowOrder(t *testing.T) {
	for name := range tableTools {
		rowsCount := name == "alpaca-eval" || name == "gpt4-dataset"
		folder := filepath.Join("testdata", name)
		want := ordered(t, name, []string{folder})
		for seed := range uint64(3) {
			dir := shuffled(t, folder, rand.New(rand.NewPCG(seed, 1)), !rowsCount)
			files, err := below(dir, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = slices.DeleteFunc(files, func(f string) bool { return strings.Contains(f, "expected") })
			slices.Reverse(files)
			if got := ordered(t, name, files); got != want {
				t.Errorf("%s: in another order\n%s, want\n%s", name, got, want)
			}
		}
	}
}

// ordered returns what an import gives, with traffic and decisions sorted as they are written.
func ordered(t *testing.T, name string, paths []string) string {
	t.Helper()
	out, sum, _, err := importAll(name, paths, Options{})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out.Traffic, func(a, b Request) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Decisions, func(a, b Decision) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Battles, func(a, b Battle) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(sum.LeftOut, func(a, b LeftOut) int { return strings.Compare(a.What, b.What) })
	return everything(t, out) + fmt.Sprint(sum.LeftOut)
}

// shuffled copies a folder with the rows of its tables in another order.
func shuffled(t *testing.T, folder string, r *rand.Rand, rows bool) string {
	t.Helper()
	files, err := below(folder, 0)
	if err != nil {
		t.Fatal(err)
	}
	copies := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(folder, f)
		if err != nil {
			t.Fatal(err)
		}
		if rows {
			text = shuffle(text, filepath.Ext(f), r)
		}
		copies[filepath.ToSlash(name)] = string(text)
	}
	return write(t, copies)
}

func shuffle(text []byte, ext string, r *rand.Rand) []byte {
	if ext == ".json" {
		var items []json.RawMessage
		if json.Unmarshal(text, &items) != nil {
			return text
		}
		r.Shuffle(len(items), func(i, k int) { items[i], items[k] = items[k], items[i] })
		out, _ := json.Marshal(items)
		return out
	}
	lines := strings.SplitAfter(string(text), "\n")
	if ext == ".csv" && strings.Count(string(text), `"`)%2 == 0 && !strings.Contains(string(text), "question:\n") {
		rest := lines[1 : len(lines)-1]
		r.Shuffle(len(rest), func(i, k int) { rest[i], rest[k] = rest[k], rest[i] })
	} else if ext == ".jsonl" {
		r.Shuffle(len(lines), func(i, k int) { lines[i], lines[k] = lines[k], lines[i] })
	}
	return []byte(strings.Join(lines, ""))
}

// TestDetectOwnTables takes no person's table for one of these tools'.
func TestDetectOwnTables(t *testing.T) {
	dir := write(t, map[string]string{
		"a.csv":   "sample_id,prompt,eval_name,big,small,cost\n1,one,quiz,1,0,0.1\n",
		"b.csv":   "id,prompt,model_a,model_b,winner\n1,one,big,small,tie\n",
		"c.csv":   "request_id,prompt,model,spend\n1,one,big,0.1\n",
		"d.jsonl": `{"instruction": "one", "generator": "big", "output": "x"}` + "\n",
		"e.jsonl": `{"id": "1", "trace_id": "2", "input": "one", "model": "big", "score": 1}` + "\n",
		"f.json":  `{"model_name": "big", "accuracy": 0.5}`,
		"g.jsonl": `{"query": "one", "model_name": "big", "score": 1}` + "\n",
		"h.csv":   "model,requests,mean_cost_usd\nbig,3,0.1\n",
		"i.jsonl": `{"prompt": "one", "prediction": "big", "accuracy": 1}` + "\n",
		"j.pkl":   "\x80\x04\x95 numpy",
	})
	files, err := below(dir, 0)
	if err != nil || len(files) != 10 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if tool, ok := Detect(f); ok {
			t.Errorf("%s: detected %s", f, tool.Name)
		}
	}
}

// FuzzTables reads anything as a file of each tool that reads tables.
func FuzzTables(f *testing.F) {
	files := map[string]string{}
	for name := range tableTools {
		found, err := below(filepath.Join("testdata", name), 0)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if !strings.Contains(file, "expected") {
				files[file] = string(text)
				f.Add(name, text)
			}
		}
	}
	f.Add("arena", []byte(`{"model_a": "a", "model_b": "b", "winner": "tie", "conversation_a": [{"role": "user", "content": "x"}]}`))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		if _, known := tableTools[name]; !known && name != "arena" {
			return
		}
		dir := write(t, map[string]string{"f.json": string(bytes.ReplaceAll(text, []byte("\x00"), nil))})
		for _, skip := range []bool{false, true} { // must not panic
			out, _, _, err := importAll(name, []string{dir}, Options{Collect: datasets.CollectOptions{SkipBad: skip}})
			if err == nil {
				everything(t, out)
			}
		}
	})
}
