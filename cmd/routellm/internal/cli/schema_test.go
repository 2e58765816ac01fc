package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/goschema/schematest"
)

// TestResultsSchema validates what eval writes against the JSON Schema in the repository, which
// allows no other keys than its own.
func TestResultsSchema(t *testing.T) {
	valid := func(document []byte) error { return schematest.Check("schema.json", document) }
	dir := t.TempDir()
	few := filepath.Join(dir, "few.csv")
	writeFile(t, few, poolCSV)
	for _, line := range []string{
		"--bench mmlu --router length,oracle,subject,mf --resamples 50",
		"--bench gsm8k --router length --by task --interval influence",
		"--bench mt-bench --router length --compat routellm",
		"--bench all --router random --resamples 0",
		"--models all --bench pareto --router oracle,random,mf --resamples 50",
		"--models all --bench pareto --resamples 0",
		"--models all --router oracle --bench " + few,
		"--models big,small --axis calls --pair big,small --router length --resamples 0 --bench " + few,
	} {
		document := runHere(t, append([]string{"eval", "--format", "json"}, strings.Fields(line)...)...)
		if err := valid(document); err != nil {
			t.Errorf("eval %s: %v", line, err)
		}
		if wrong := bytes.Replace(document, []byte(`"samples":`), []byte(`"sample":`), 1); valid(wrong) == nil {
			t.Errorf("eval %s: a document with an unknown key is valid", line)
		}
	}
}

// poolCSV is a table of three models with costs, in which one row lacks a cost and one a quality.
const poolCSV = `sample_id,prompt,quality:big,quality:mid,quality:small,cost_usd:big,cost_usd:mid,cost_usd:small
a,What is 2+2?,1,1,1,0.01,0.004,0.001
b,Name a prime above 100.,1,1,0,0.02,0.005,0.001
c,Prove that 7 is odd.,1,0,0,0.03,0.006,0.002
d,Say hello.,0,1,1,0.01,0.004,0.001
e,Spell ox.,1,1,1,,0.004,0.001
f,Sort 3 1 2.,,1,0,0.01,0.004,0.001
`

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
