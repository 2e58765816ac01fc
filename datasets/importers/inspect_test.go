package importers

import (
	"archive/zip"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/routellm/routellm/datasets"
)

func TestInspect(t *testing.T) {
	checkTool(t, "inspect", "inspect_ai", Options{Scorer: "match"})
}

// TestInspectFormats reads both compressions of archives, and JSON, to the same end.
func TestInspectFormats(t *testing.T) {
	logs := needShared(t, filepath.Join(shared, "inspect_ai/logs"))
	for _, files := range [][]string{{"big.eval", "small.eval"}, {"big.deflate.eval", "small.json"}, {"*.json"}} {
		for i := range files {
			files[i] = filepath.Join(logs, files[i])
		}
		out, _, _, err := importAll("inspect", files, Options{})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, files[0], answersOf(t, out), readCSV(t, filepath.Join(logs, "../expected.csv")), false)
	}
}

// TestInspectZstandard reads an archive with Zstandard members, as Inspect writes today, that was cut
// off before its header, and has a sample twice.
func TestInspectZstandard(t *testing.T) {
	archive := evalFile(t, [][2]string{
		{"_journal/start.json", `{"version": 2, "eval": {"task": "t", "model": "m", "created": "2026-01-01"}}`},
		{"samples/1_epoch_1.json", `{"id": 1, "epoch": 1, "input": "one", "error": {"message": "x"}}`},
		{"samples/1_epoch_1.json", `{"id": 1, "epoch": 1, "input": "one", "scores": {"s": {"value": "I"}}}`},
	})
	out, _, notes, err := importAll("inspect", []string{filepath.Join(write(t, map[string]string{"a.eval": archive}), "a.eval")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := answersOf(t, out)["t/1"]; got["quality:m"] != "0" || got["prompt"] != "one" {
		t.Errorf("%v", got)
	}
	if !strings.Contains(notes, `the status of the log is "", so samples may be missing; 1 sample read`) {
		t.Errorf("notes %q", notes)
	}
}

// evalFile returns an archive with Zstandard members.
func evalFile(t *testing.T, members [][2]string) string {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	z.RegisterCompressor(zstd.ZipMethodWinZip, zstd.ZipCompressor())
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m[0], Method: zstd.ZipMethodWinZip})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, m[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestInspectChoices(t *testing.T) {
	fails(t, "inspect", "testdata/inspect", `found several scorers, expected a choice: match, rubric.form, rubric.fact`, Options{})
	fails(t, "inspect", "testdata/inspect", `no scorer "matches", expected one of match, rubric.form, rubric.fact`, Options{Scorer: "matches"})
	out, _, notes, err := importAll("inspect", []string{"testdata/inspect"}, Options{Scorer: "rubric.fact", Collect: datasets.CollectOptions{FailWrong: true}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(notes, "left out 1 older file: testdata/inspect/cancelled.json") {
		t.Errorf("notes %q", notes)
	}
	rows := answersOf(t, out)
	if got := rows["facts/r"]["quality:acme/small"] + " " + rows["facts/1"]["quality:acme/big-1.5"]; got != "0 0.25" {
		t.Errorf("%q, want errors as 0, and the key of an object", got)
	}
	_, coverage, err := out.Answers.Table()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range coverage {
		if c.Model == "acme/small" && c.Failed["error"] != 3 {
			t.Errorf("%+v", c)
		}
	}
}

// TestInspectCase reads a report's logs of two models: epochs, chat messages, errors.
func TestInspectCase(t *testing.T) {
	dir := needShared(t, "../../../shared/cases/02-inspect-paired")
	for _, files := range []string{"*.eval", "*-1.json"} {
		out, _, _, err := importAll("inspect", []string{filepath.Join(dir, files)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		rows := answersOf(t, out)
		for id, want := range map[string]string{"sums/3": "1", "sums/6": "0.5", "sums/8": "0.5"} { // an error and C; N and C; I and C
			if got := rows[id]["quality:openai/strong-1"]; got != want {
				t.Errorf("%s: %s, want %s", id, got, want)
			}
		}
		if len(rows) != 40 || rows["sums/4"]["prompt"] != "Item 4: what is 28 plus 12?" {
			t.Errorf("%d rows, %v", len(rows), rows["sums/4"])
		}
	}
}

func TestInspectErrors(t *testing.T) {
	const start = `{"version": 2, "status": "success", "eval": {"task": "t", "model": "m"}, "samples": [`
	for text, want := range map[string]string{
		start + `{"id": 1, "input": "attachment://ab", "scores": {}}]}`:                      `"DIR/a.json": samples[0]: "input": found no attachment "ab"`,
		start + `{"input": "x", "scores": {"s": {"value": 1}}}]}`:                            `samples[0]: "id": found nothing, expected the id of the sample`,
		start + `{"id": 1, "input": "x", "scores": {"s": {"value": [1]}}}]}`:                 `samples[0]: "scores.s.value": found [1], expected a number`,
		start + `{"id": 1, "input": null, "scores": {"s": {"value": 1}}}]}`:                  `samples[0]: "input": found null, expected the prompt`,
		start + `{"id": 1, "input": "x", "scores"`:                                           `row 1: the file ends inside a JSON value`,
		`{"version": 2, "status": "success", "eval": {"task": {}, "model": "m"}}`:            `"eval.task": found {}, expected the name of the task`,
		`{"version": 2, "status": "success", "eval": {"task": "t", "model": "m"}, "samples"`: `the file ends inside a JSON value`,
	} {
		fails(t, "inspect", write(t, map[string]string{"a.json": text}), want, Options{})
	}
}

func FuzzInspect(f *testing.F) {
	f.Add([]byte(`{"version": 2, "status": "success", "eval": {"task": "t", "model": "m"}, "samples": [{"id": 1, "input": "x", "scores": {"s": {"value": "C"}}}]}`))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := write(t, map[string]string{"a.json": string(data)})
		_, _, _, _ = importAll("inspect", []string{dir}, Options{}) // must not panic
	})
}
