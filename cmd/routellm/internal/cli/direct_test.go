package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// outcomesCSV returns made-up outcomes of two models as CSV: long prompts are hard for the weak one.
func outcomesCSV(rows int) string {
	var b strings.Builder
	b.WriteString("id,question,big,small,cost_usd:big,cost_usd:small\n")
	for i := range rows {
		length := i % 12
		fmt.Fprintf(&b, "q%d,\"Farmer %d has %d sheep, how many are left?%s\",%d,%d,0.02,0.001\n",
			i, i, 3*i, strings.Repeat(" Explain each step.", length), toInt(i%10 != 3), toInt(i*7%12 > length))
	}
	return b.String()
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// document runs a command and returns its JSON document without its inputs.
func document(t *testing.T, args ...string) (rest string, inputs []any) {
	t.Helper()
	var out, stderr bytes.Buffer
	if code := Main(append(args, "--format", "json"), &out, &stderr); code != 0 {
		t.Fatalf("routellm %s: exit %d: %s", strings.Join(args, " "), code, &stderr)
	}
	var doc map[string]any
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	inputs, _ = doc["inputs"].([]any)
	delete(doc, "inputs")
	data, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data), inputs
}

// TestDirectEqualsImported expects the same numbers of a CSV file as of the data set that is
// imported from it, also of routers that read vectors and of the search for near copies.
func TestDirectEqualsImported(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("outcomes.csv", []byte(outcomesCSV(240)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	args := strings.Fields("datasets import table outcomes.csv --id id --prompt question --model big --model small --cost big=cost_usd:big --cost small=cost_usd:small --pair big,small --out imported.parquet")
	if code := Main(args, &out, &stderr); code != 0 {
		t.Fatal(stderr.String())
	}
	for _, command := range []string{
		"eval --router length,mf,knn --resamples 200 --pair big,small --bench",
		"compare mf length --resamples 200 --permutations 200 --pair big,small --bench",
		"plan --pair big,small",
	} {
		direct, inputs := document(t, append(strings.Fields(command), "outcomes.csv")...)
		imported, _ := document(t, append(strings.Fields(command), "imported.parquet")...)
		if direct != imported {
			t.Errorf("%s: the results of the CSV file and of the imported one differ:\n%s", command, firstDifference(direct, imported))
		}
		want := map[string]any{"id": "id", "prompt": "question", "quality:big": "big", "quality:small": "small", "cost_usd:big": "cost_usd:big", "cost_usd:small": "cost_usd:small"}
		got, _ := inputs[0].(map[string]any)["columns"].(map[string]any)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: columns %v are recorded, want %v", command, got, want)
		}
	}
}

// TestDirectLeavesNothing expects that no temporary file is left of what was read.
func TestDirectLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	path := filepath.Join(t.TempDir(), "outcomes.csv")
	if err := os.WriteFile(path, []byte(outcomesCSV(60)), 0o600); err != nil {
		t.Fatal(err)
	}
	document(t, "plan", path, "--pair", "big,small")
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left: %v, %v", len(left), left, err)
	}
}
