package answers

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPythonReads reads a file of answers with pandas and DuckDB.
func TestPythonReads(t *testing.T) {
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	cmd := exec.Command("python3", filepath.Join("testdata", "read_answers.py"), write(t, sampleFile()))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string][]any
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string][3]any{
		"sample_id": {"a", "b#1", "b#2"}, "prompt": {"What is 2+3?", `["a list"]`, "Zürich\nor Bern?"}, "gold": {"5", nil, ""},
		"answer:llama3:8b": {"5", nil, ""}, "error:llama3:8b": {nil, "refused", nil}, "cost_usd:llama3:8b": {1e-6, nil, 0.0},
		"quality:small": {nil, .5, 1.0}, "weight": {1.0, 2.5, 2.5}, "contaminated": {false, true, false}, "messages": {nil, `[{"role":"user","content":"x"}]`, nil},
	} {
		for i := range want {
			if i >= len(got[column]) || got[column][i] != want[i] {
				t.Errorf("%s: got %v, want %v", column, got[column], want)
				break
			}
		}
	}
}
