package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/routellm/routellm/internal/goschema/schematest"
	"github.com/routellm/routellm/results/schemas"
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

// TestArtifactSchema validates what calibrate --artifact writes: thresholds with and without outcomes,
// and a policy among several models.
func TestArtifactSchema(t *testing.T) {
	dir := t.TempDir()
	few := filepath.Join(dir, "few.csv")
	writeFile(t, few, poolCSV)
	path := filepath.Join(dir, "artifact.json")
	for _, line := range []string{
		"--router length --data mmlu --quality 0.95 --next 1000",
		"--router length --data mmlu --strong-fraction 0.3",
		"--router random --strong-fraction 0",
		"--router length --strong-fraction 1",
		"--router mf --models all --data pareto --quality 0.9",
	} {
		runHere(t, append([]string{"calibrate", "--artifact", path}, strings.Fields(line)...)...)
		artifact, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := schematest.Check("artifact.schema.json", artifact); err != nil {
			t.Errorf("calibrate %s: %v", line, err)
		}
		for from, to := range map[string]string{`"router":`: `"ruter":`, `"kind": "`: `"kind": "x`, `"scores": `: `"scores": 0.5, "n": `, `"spec": "`: `"spec": 3, "s": "`} {
			wrong := bytes.Replace(artifact, []byte(from), []byte(to), 1)
			if bytes.Equal(wrong, artifact) || schematest.Check("artifact.schema.json", wrong) == nil {
				t.Errorf("calibrate %s: %s in place of %s is valid, or the artifact has none", line, to, from)
			}
		}
	}
}

// TestSchemaCommand compiles what schema prints, and lets Python's validator check a document, a policy
// and their misspelt forms by it.
func TestSchemaCommand(t *testing.T) {
	dir := t.TempDir()
	for _, name := range schemas.Names() {
		writeFile(t, filepath.Join(dir, name+".schema.json"), string(runHere(t, "schema", name)))
	}
	writeFile(t, filepath.Join(dir, "results.json"), string(runHere(t, "eval", "--router", "length", "--bench", "mt-bench", "--resamples", "0", "--format", "json")))
	writeFile(t, filepath.Join(dir, "policy.json"), `{"rules": ["a.b.c >= 0.5", {"name": "n", "check": "delta.apgr.lo > -1e-2"}], "waivers": [{"rule": "n", "until": "2026-12-31", "reason": "r"}]}`)
	writeFile(t, filepath.Join(dir, "config.json"), `{"data": "outcomes.csv", "columns": {"task": "topic"}, "eval": {"by": "task", "at": [0.2, 0.5], "exclude_near": true}, "gate": {"policy": "p.yaml"}}`)
	script := `
import json, sys
from jsonschema.validators import validator_for
for name in sys.argv[1:]:
    schema, document = json.load(open(name + ".schema.json")), json.load(open(name + ".json"))
    validator = validator_for(schema)
    validator.check_schema(schema)
    validator(schema).validate(document)
    first = next(iter(document))
    document[first + "s"] = document.pop(first)
    assert not validator(schema).is_valid(document), name
config, schema = json.load(open("config.json")), json.load(open("config.schema.json"))
for section, key in [("eval", "bye"), ("columns", "tsk"), ("gate", "config"), ("serve", None)]:
    wrong = {**config, section: {key: "x"} if key else 3 * [1]}
    assert not validator_for(schema)(schema).is_valid(wrong), section
assert "description" in schema["$defs"]["File"]["properties"]["eval"]["anyOf"][0]["properties"]["by"]
`
	c := exec.Command("python3", "-c", script, "results", "policy", "config")
	c.Dir = dir
	out, err := c.CombinedOutput()
	if bytes.Contains(out, []byte("No module named")) || errors.Is(err, exec.ErrNotFound) {
		t.Skip("skipped: no jsonschema for Python")
	}
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestExamplesAreValid validates the examples that are documents of the program.
func TestExamplesAreValid(t *testing.T) {
	examples := filepath.Join(sources, "examples")
	schematest.Lines(t, "decisions.schema.json", filepath.Join(examples, "decisions.jsonl"))
	policies, err := filepath.Glob(filepath.Join(examples, "*policy.yaml"))
	if err != nil || len(policies) == 0 {
		t.Fatalf("%d policies: %v", len(policies), err)
	}
	for _, path := range policies {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var policy any
		text = regexp.MustCompile(`\d{4}-\d\d-\d\d`).ReplaceAll(text, []byte(`"$0"`)) // a text, as in JSON
		if err := yaml.Unmarshal(text, &policy); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(policy)
		if err == nil {
			err = schematest.Check("policy.schema.json", raw)
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
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
