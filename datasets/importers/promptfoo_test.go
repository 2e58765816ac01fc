package importers

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

func TestPromptfoo(t *testing.T) {
	checkTool(t, "promptfoo", "promptfoo", Options{})
}

func TestPromptfooNotes(t *testing.T) {
	out, sum, notes, err := importAll("promptfoo", []string{"testdata/promptfoo"}, Options{Score: "tone", Collect: datasets.CollectOptions{FailWrong: true}})
	if err != nil {
		t.Fatal(err)
	}
	rows := answersOf(t, out)
	if rows["ice"]["quality:small"] != "0.25" || rows["river"]["quality:small"] != "0" {
		t.Errorf("named score, error as wrong: %v", rows)
	}
	if !strings.Contains(notes, "1 answer is from the cache") || !strings.Contains(notes, "left out testdata/promptfoo/results.jsonl") || len(sum.Files) != 1 {
		t.Errorf("%q, %v", notes, sum)
	}
	fails(t, "promptfoo", "testdata/promptfoo", `results.results[0]: no score "style", expected one of score, success, tone`, Options{Score: "style"})
}

// TestPromptfooShared reads the formats of a real output, of which CSV has less.
func TestPromptfooShared(t *testing.T) {
	dir := needShared(t, filepath.Join(shared, "promptfoo"))
	want := readCSV(t, filepath.Join(dir, "expected.csv"))
	for _, name := range []string{"results.json", "results.jsonl", "results.csv"} {
		out, _, _, err := importAll("promptfoo", []string{filepath.Join(dir, name)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if name == "results.csv" {
			for _, row := range want {
				for column := range row {
					if prefix, _, ok := strings.Cut(column, ":"); ok && prefix != "quality" && prefix != "pass" {
						delete(row, column)
					}
				}
			}
		}
		compare(t, name, answersOf(t, out), want, false)
	}
}

// TestPromptfooCase reads a report's files, CSV cells such as "[PASS] (1.00) ..." among them.
func TestPromptfooCase(t *testing.T) {
	dir := needShared(t, "../../../shared/cases/14-promptfoo-results")
	for name, models := range map[string][2]string{
		"results.json": {"Strong", "Weak"}, "results.jsonl": {"Strong", "Weak"}, "results.csv": {"openai:gpt-4o", "ollama:llama3"},
	} {
		path := filepath.Join(dir, name)
		if tool, ok := Detect(path); !ok || tool.Name != "promptfoo" {
			t.Errorf("%s: detected %s", name, tool.Name)
		}
		out, _, _, err := importAll("promptfoo", []string{path}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		rows := answersOf(t, out)
		strong, weak := "quality:"+models[0], "quality:"+models[1]
		if len(rows) != 20 || rows["test/0006"][strong] != "1" || rows["test/0006"][weak] != "" || rows["test/0005"][strong] != "0" || rows["test/0005"][weak] != "1" {
			t.Errorf("%s: %d rows: %v, %v", name, len(rows), rows["test/0005"], rows["test/0006"])
		}
		if got := rows["test/0003"]["prompt"]; got != "Answer shortly: Convert 3 miles to km." {
			t.Errorf("%s: prompt %q", name, got)
		}
	}
}

const promptfooLine = `{"testIdx": 0, "promptIdx": 0, "provider": {"id": "m"}, "prompt": {"raw": "one", "label": "LABEL"}, "vars": {"q": "one"}, "score": 1, "success": true}` + "\n"

func TestPromptfooPrompts(t *testing.T) {
	text := strings.Replace(promptfooLine, "LABEL", "long {{q}}", 1) + strings.Replace(promptfooLine, "LABEL", "short {{q}}", 1)
	dir := write(t, map[string]string{"a.jsonl": text})
	fails(t, "promptfoo", dir, `found several prompts, expected a choice: long {{q}}, short {{q}}`, Options{})
	fails(t, "promptfoo", dir, `no prompt "none", expected one of`, Options{Prompts: "none"})
	_, sum, _, err := importAll("promptfoo", []string{dir}, Options{Prompts: "short"})
	if err != nil || len(sum.LeftOut) != 1 || sum.LeftOut[0].N != 1 {
		t.Errorf("%v, %v", sum, err)
	}
}

// TestPromptfooRepeats keeps repeated tests apart, in one cluster, or averages them.
func TestPromptfooRepeats(t *testing.T) {
	line := strings.Replace(promptfooLine, "LABEL", "p", 1)
	text := line + strings.Replace(strings.Replace(line, `"testIdx": 0`, `"testIdx": 1`, 1), `"score": 1`, `"score": 0`, 1)
	dir := write(t, map[string]string{"a.jsonl": text})
	for repeat, want := range map[datasets.Repeat]string{datasets.RepeatError: "1", datasets.RepeatMean: "0.5"} {
		out, _, notes, err := importAll("promptfoo", []string{dir}, Options{Collect: datasets.CollectOptions{Repeat: repeat}})
		if err != nil {
			t.Fatal(err)
		}
		rows := answersOf(t, out)
		if got := rows["test/0000"]["quality:m"]; got != want || repeat == datasets.RepeatError && (len(rows) != 2 || !strings.Contains(notes, "1 test repeats another one")) {
			t.Errorf("%q: %v, %q", repeat, rows, notes)
		}
	}
}

func TestPromptfooErrors(t *testing.T) {
	for text, want := range map[string]string{
		"q,[m] {{q}}\none,[PASS] (1.00) x\ntwo,[PASS] (high) x\n": `"DIR/a.csv": row 2: column "[m] {{q}}": found score "high", expected a number`,
		"q,[m] {{q}}\none,[PASS] (1.00) x\ntwo\n":                 `"DIR/a.csv": row 2: 1 cell, expected 2`,
		"q,[m] {{q}},Status,Score\none,x,DONE,1\n":                `row 1: column "[m] {{q}}": found status "DONE", expected PASS, FAIL or ERROR`,
	} {
		fails(t, "promptfoo", write(t, map[string]string{"a.csv": text}), want, Options{})
	}
}

func FuzzPromptfoo(f *testing.F) {
	f.Add(promptfooLine)
	f.Add("q,[m] {{q}}\none,[PASS] (1.00) x\n")
	f.Add(`{"evalId": "e", "results": {"version": 3, "prompts": [], "results": [` + promptfooLine + `]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		dir := write(t, map[string]string{"a.txt": text})
		_, _, _, _ = importAll("promptfoo", []string{dir}, Options{}) // must not panic
	})
}
