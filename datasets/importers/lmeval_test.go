package importers

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestLMEval(t *testing.T) {
	checkTool(t, "lm-eval", "lm_eval", Options{Metric: "acc,exact_match", Filter: "flexible-extract"})
}

func TestLMEvalChoices(t *testing.T) {
	const dir = "testdata/lm-eval"
	fails(t, "lm-eval", dir, `sums_2026-01-02T10-00-00.000001.jsonl": found several filters, expected a choice: flexible-extract, strict-match`, Options{Metric: "acc"})
	fails(t, "lm-eval", dir, `": no filter "none", expected one of flexible-extract, strict-match`, Options{Metric: "acc", Filter: "none"})
	fails(t, "lm-eval", dir, `found several metrics, expected a choice: acc, acc_norm`, Options{Filter: "strict-match"})
	_, sum, notes, err := importAll("lm-eval", []string{dir}, Options{Metric: "acc_norm", Filter: "strict-match"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"of repeated runs the newest counts; left out 1 older file: testdata/lm-eval/acme__big/samples_sums_2026-01-01T10-00-00.000001.jsonl",
		"models are named like the folder or the file: acme/small in testdata/lm-eval/acme__small/samples_sums",
		"task sums has no metric acc_norm: its only one counts, exact_match",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes %q, want %q", notes, want)
		}
	}
	if len(sum.Files) != 6 || len(sum.LeftOut) != 0 {
		t.Errorf("summary %+v", sum)
	}
}

// TestLMEvalCase reads a report of two files in one folder, without results, each with two
// filters.
func TestLMEvalCase(t *testing.T) {
	dir := needShared(t, "../../../shared/cases/01-lm-eval-samples")
	files := filepath.Join(dir, "samples_*.jsonl")
	if _, _, _, err := importAll("lm-eval", []string{files}, Options{}); err == nil || !strings.Contains(err.Error(), "found several filters, expected a choice: flexible-extract, strict-match") {
		t.Errorf("error %v", err)
	}
	out, _, notes, err := importAll("lm-eval", []string{files}, Options{Filter: "strict-match", Prompt: "question"})
	if err != nil {
		t.Fatal(err)
	}
	got := answersOf(t, out)
	row := got["arith/0"]
	if len(got) != 12 || row["quality:big-model"] != "1" || row["task"] != "arith" || row["prompt"] != "A shop sells 17 pens in the morning and 4 in the afternoon. How many pens are sold in the day?" {
		t.Errorf("%d rows, first %v", len(got), row)
	}
	if !strings.Contains(notes, "big-model in ") {
		t.Errorf("notes %q", notes)
	}
}

const lmEvalRow = `{"doc_id": 0, "doc": {"question": "What is 2 + 2?"}, "arguments": {"gen_args_0": {"arg_0": "PROMPT"}}, "doc_hash": "HASH", "filter": "none", "metrics": ["acc"], "acc": ACC}` + "\n"

func lmEvalLine(prompt, hash, acc string) string {
	return strings.NewReplacer("PROMPT", prompt, "HASH", hash, "ACC", acc).Replace(lmEvalRow)
}

// TestLMEvalPrompts keeps the first of prompts that differ by chat template, and refuses different
// documents under one number.
func TestLMEvalPrompts(t *testing.T) {
	dir := write(t, map[string]string{
		"a/samples_t_2026-01-01T00-00-00.jsonl": lmEvalLine("<user>What is 2 + 2?", "1", "1"),
		"b/samples_t_2026-01-01T00-00-00.jsonl": lmEvalLine("[INST]What is 2 + 2?", "1", "NaN"),
	})
	out, _, notes, err := importAll("lm-eval", []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if row := answersOf(t, out)["t/0"]; row["prompt"] != "<user>What is 2 + 2?" || row["quality:a"] != "1" || row["quality:b"] != "" {
		t.Errorf("%v", row)
	}
	if !strings.Contains(notes, "1 prompt is not the one that the first model was sent") {
		t.Errorf("notes %q", notes)
	}
	for b, want := range map[string]string{
		lmEvalLine("x", "2", "1"):                           `b/samples_t_2026-01-01T00-00-00.jsonl": row 1`,
		lmEvalLine("x", "1", `"high"`):                      `found no metric`,
		lmEvalLine("x", "1", "1") + `{"doc_id": 1,`:         `row 2: the file ends inside a JSON value`,
		lmEvalLine("x", "1", "1") + "{}\n":                  `row 2: "doc_id": found nothing, expected the number of the document`,
		strings.Replace(lmEvalRow, "gen_args_0", "args", 1): `expected JSON`,
	} {
		dir := write(t, map[string]string{"a/samples_t_2026-01-01T00-00-00.jsonl": lmEvalLine("x", "1", "1"), "b/samples_t_2026-01-01T00-00-00.jsonl": b})
		fails(t, "lm-eval", dir, want, Options{})
	}
}

func FuzzLMEval(f *testing.F) {
	f.Add(lmEvalLine("x", "1", "1"), "")
	f.Add(lmEvalLine("x", "1", "NaN")+lmEvalLine("y", "1", "0"), "question")
	f.Fuzz(func(t *testing.T, text, prompt string) {
		dir := write(t, map[string]string{"a/samples_t.jsonl": text})
		_, _, _, _ = importAll("lm-eval", []string{dir}, Options{Prompt: prompt}) // must not panic
	})
}

// A choice that no task has is an error, though each task has only one name.
func TestChoiceOfNone(t *testing.T) {
	for tool, o := range map[string]Options{"lm-eval": {Metric: "acc", Filter: "nosuch"}, "inspect": {Scorer: "nosuch"}} {
		folder := filepath.Join("testdata", tool)
		if _, _, _, err := importAll(tool, []string{folder}, o); err == nil || !strings.Contains(err.Error(), `"nosuch"`) {
			t.Errorf("%s: found %v, want an error that names nosuch", tool, err)
		}
	}
}

// Without results, two tasks over the same documents are still tasks of one model.
func TestLMEvalSameDocuments(t *testing.T) {
	files := map[string]string{}
	for name, metric := range map[string]string{"tiny_gen": "exact_match", "tiny_mc": "acc"} {
		files["big/samples_"+name+"_2026-01-01T00-00-00.jsonl"] =
			`{"doc_id": 0, "doc": {"q": "Is ice cold?"}, "doc_hash": "h", "arguments": {"gen_args_0": {"arg_0": "Is ice cold?"}}, "metrics": ["` + metric + `"], "` + metric + `": 1}`
	}
	folder := filepath.Join(write(t, files), "big")
	out, _, _, err := importAll("lm-eval", []string{folder}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := answersOf(t, out)["tiny_gen/0"]["quality:big"]; got != "1" {
		t.Errorf("found quality %q of big, want 1", got)
	}
}
