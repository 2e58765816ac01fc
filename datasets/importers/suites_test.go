package importers

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryEvalEver(t *testing.T) {
	checkTool(t, "every-eval-ever", "every_eval_ever", Options{Metric: "acc"})
	fails(t, "every-eval-ever", "testdata/every-eval-ever", `found several metrics, expected a choice: acc, f1`, Options{})
	_, sum, notes, err := importAll("every-eval-ever", []string{"testdata/every-eval-ever"}, Options{Metric: "f1"})
	if err != nil || !strings.Contains(notes, "left out 1 older file") || len(sum.LeftOut) != 1 || sum.LeftOut[0].N != 6 {
		t.Errorf("%v, %q, %v", sum, notes, err)
	}
}

func TestOpenAIEvals(t *testing.T) {
	checkTool(t, "openai-evals", "openai_evals", Options{})
	_, _, notes, err := importAll("openai-evals", []string{"testdata/openai-evals"}, Options{Metric: "score"})
	if err != nil || !strings.Contains(notes, "task facts has no metric score: its only one counts, match") {
		t.Errorf("%q, %v", notes, err)
	}
}

func FuzzOpenAIEvals(f *testing.F) {
	f.Add(`{"spec": {"completion_fns": ["m"], "eval_name": "e", "run_id": "r"}}` + "\n" + `{"sample_id": "1", "type": "match", "data": {"correct": true}}`)
	f.Fuzz(func(t *testing.T, text string) {
		_, _, _, _ = importAll("openai-evals", []string{write(t, map[string]string{"a.jsonl": text})}, Options{}) // must not panic
	})
}

func FuzzEveryEvalEver(f *testing.F) {
	f.Add(`{"schema_version": "1", "model_id": "m", "evaluation_name": "e", "evaluation_result_id": "acc", "sample_id": "1", "input": {"raw": "one"}, "evaluation": {"score": 1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		_, _, _, _ = importAll("every-eval-ever", []string{write(t, map[string]string{"a.jsonl": text})}, Options{}) // must not panic
	})
}

func TestHELM(t *testing.T) {
	checkTool(t, "helm", "helm", Options{Metric: "exact_match", Split: "test"})
}

func TestHELMChoices(t *testing.T) {
	fails(t, "helm", "testdata/helm", `found several metrics, expected a choice: exact_match, f1`, Options{})
	fails(t, "helm", "testdata/helm", `found several splits, expected a choice: test, valid`, Options{Metric: "exact_match"})
	_, sum, _, err := importAll("helm", []string{"testdata/helm"}, Options{Metric: "exact_match", Split: "test"})
	want := []LeftOut{{9, "further-trial instance"}, {10, "perturbed instance"}, {2, "other-split instance"}}
	if err != nil || len(sum.Files) != 6 {
		t.Errorf("%v, %v", sum, err)
	}
	for _, w := range want {
		found := false
		for _, l := range sum.LeftOut {
			found = found || l.What == w.What && l.N > 0
		}
		if !found {
			t.Errorf("%v, want %v", sum.LeftOut, w)
		}
	}
}

// TestHELMCase reads a report's files, which lie in one folder under names with the model.
func TestHELMCase(t *testing.T) {
	dir := needShared(t, "../../../shared/cases/15-helm-per-instance")
	out, sum, _, err := importAll("helm", []string{filepath.Join(dir, "per_instance_stats_*.json")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := answersOf(t, out)
	row := rows["id0"]
	if row["quality:big"] != "1" || row["quality:small"] == "" || row["prompt"] != "Name capital 0." || row["input_tokens:big"] != "40" {
		t.Errorf("%d rows, first %v", len(rows), row)
	}
	if len(sum.LeftOut) != 1 || sum.LeftOut[0].What != "perturbed instance" {
		t.Errorf("%v", sum.LeftOut)
	}
}

func FuzzHELM(f *testing.F) {
	f.Add(`[{"instance_id": "1", "train_trial_index": 0, "stats": [{"name": {"name": "em", "split": "test"}, "count": 1, "mean": 1}]}]`,
		`{"adapter_spec": {"model": "m"}, "request_states": [{"instance": {"id": "1", "input": {"text": "one"}}, "train_trial_index": 0}]}`)
	f.Fuzz(func(t *testing.T, stats, state string) {
		dir := write(t, map[string]string{"per_instance_stats.json": stats, "scenario_state.json": state})
		_, _, _, _ = importAll("helm", []string{dir}, Options{}) // must not panic
	})
}

func TestUltraFeedback(t *testing.T) {
	checkFolder(t, "ultrafeedback", "testdata/ultrafeedback", true, Options{})
	for score, want := range map[string]string{"fine-grained": "4 1 2", "helpfulness": "4 1 2", "honesty": "  "} {
		out, _, _, err := importAll("ultrafeedback", []string{"testdata/ultrafeedback"}, Options{Score: score})
		if err != nil {
			t.Fatal(err)
		}
		rows := answersOf(t, out)
		if got := rows["own/0000001"]["quality:m"] + " " + rows["own/0000001"]["quality:s"] + " " + rows["own/0000002"]["quality:s"]; got != want {
			t.Errorf("%s: %q, want %q", score, got, want)
		}
	}
	fails(t, "ultrafeedback", "testdata/ultrafeedback", `no score "style", expected overall, fine-grained or an aspect`, Options{Score: "style"})
}

func TestUltraFeedbackCase(t *testing.T) {
	path := filepath.Join(needShared(t, "../../../shared/cases/09-ultrafeedback"), "ultra.jsonl")
	if tool, ok := Detect(path); !ok || tool.Name != "ultrafeedback" {
		t.Errorf("detected %q", tool.Name)
	}
	out, _, notes, err := importAll("ultrafeedback", []string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if row := answersOf(t, out)["ultra/0000001"]; row["quality:model-m"] != "4" || row["prompt"] != "Describe object 0 in one line." {
		t.Errorf("%v", row)
	}
	if !strings.Contains(notes, "of 10 beside a fine-grained score of at most 2") {
		t.Errorf("notes %q", notes)
	}
}

func FuzzUltraFeedback(f *testing.F) {
	f.Add(`{"instruction": "one", "completions": [{"model": "m", "overall_score": 10, "fine-grained_score": 1}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		_, _, _, _ = importAll("ultrafeedback", []string{write(t, map[string]string{"a.jsonl": text})}, Options{}) // must not panic
	})
}
