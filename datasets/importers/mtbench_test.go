package importers

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestMTBench(t *testing.T) {
	checkFolder(t, "mt-bench", "testdata/mt-bench", true, Options{})
	checkFolder(t, "mt-bench", "testdata/mt-bench-pairs", true, Options{})
	out, sum, _, err := importAll("mt-bench", []string{"testdata/mt-bench/gpt-4_single.jsonl"}, Options{Turns: TurnsSplit})
	if err != nil || len(sum.Files) != 2 {
		t.Fatal(sum, err)
	}
	compare(t, "turns", answersOf(t, out), sheet{
		"mt-bench/1/1": {"prompt": "Write a line about ice.", "cluster": "mt-bench/1", "quality:big": "9", "quality:small": "6"},
		"mt-bench/1/2": {"prompt": "Make it shorter.", "cluster": "mt-bench/1", "quality:big": "10", "quality:small": ""},
		"mt-bench/2/1": {"prompt": "What is 3 times 7?", "cluster": "mt-bench/2", "quality:big": "8", "quality:small": "4"},
		"mt-bench/2/2": {"prompt": "Now double it.", "cluster": "mt-bench/2", "quality:big": "7", "quality:small": "5"},
	}, false)
}

// TestMTBenchShared reads the judgements of RouteLLM's benchmark, as import routellm does.
func TestMTBenchShared(t *testing.T) {
	dir := needShared(t, "../../../shared/data/routellm/mt-bench")
	out, _, _, err := importAll("mt-bench", []string{filepath.Join(dir, "judgements.jsonl")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := answersOf(t, out)
	if got := rows["mt-bench/141"]; len(rows) != 80 || got["task"] != "stem" || got["quality:gpt-4-1106-preview"] == "" {
		t.Errorf("%d rows, %v", len(rows), got)
	}
}

func TestMTBenchCase(t *testing.T) {
	dir := needShared(t, "../../../shared/cases/04-fastchat-judgments")
	out, _, _, err := importAll("mt-bench", []string{filepath.Join(dir, "judge_single.jsonl"), filepath.Join(dir, "judge_pair.jsonl")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	row := answersOf(t, out)["mt-bench/201"]
	if row["quality:alpha-70b"] != "9.5" || row["prompt"] != "Write 201 words on topic 201." || row["task"] != "writing" {
		t.Errorf("%v", row)
	}
	_, coverage, err := out.Answers.Table()
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, c := range coverage {
		failed += c.Failed["judge failed"]
	}
	if failed == 0 || len(out.Battles) == 0 || out.Battles[0].Winner != "tie" { // the games went one each
		t.Errorf("%d failed, %v", failed, out.Battles)
	}
	for _, b := range out.Battles {
		if strings.HasPrefix(b.ID, "mt-bench/203/") {
			t.Errorf("a judge's error is a battle: %v", b)
		}
	}
}

const mtLine = `{"question_id": 1, "model": "m", "judge": ["j", "v"], "score": 9, "turn": 1}` + "\n"

func TestMTBenchErrors(t *testing.T) {
	for text, want := range map[string]string{
		mtLine + mtLine: `"DIR/a.jsonl": row 2: turn 1 of question 1 by "m" is graded a second time, expected once`,
		mtLine + strings.Replace(mtLine, `"j"`, `"k"`, 1):                                                                  `found several judges, expected a choice: j, k`,
		mtLine + strings.Replace(mtLine, `9`, `"good"`, 1):                                                                 `row 2: "score": found "good", expected a number`,
		`{"question_id": 1, "model_1": "m", "model_2": "n", "g1_winner": "me", "g2_winner": "tie", "judge": ["j"]}` + "\n": `row 1: "g1_winner": found "me", expected model_1, model_2, tie or error`,
	} {
		fails(t, "mt-bench", write(t, map[string]string{"a.jsonl": text}), want, Options{})
	}
}

func FuzzMTBench(f *testing.F) {
	f.Add(mtLine, `{"question_id": 1, "turns": ["one", "two"]}`)
	f.Fuzz(func(t *testing.T, text, questions string) {
		dir := write(t, map[string]string{"a.jsonl": text, "question.jsonl": questions})
		_, _, _, _ = importAll("mt-bench", []string{dir}, Options{}) // must not panic
	})
}
