package cli

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTidyTables lets pandas and DuckDB read the tidy tables of all commands, one by one and as one
// table, and compares numbers with the JSON of the same command.
func TestTidyTables(t *testing.T) {
	dir := t.TempDir()
	few := filepath.Join(dir, "few.csv")
	writeFile(t, few, poolCSV)
	for name, line := range map[string]string{
		"eval":      "eval --router random,length,mf --bench mt-bench,gsm8k --by task --resamples 50",
		"pool":      "eval --models all --bench " + few + " --router oracle,length --pair big,small --resamples 0",
		"compare":   "compare length mf --bench gsm8k --flips --resamples 50 --permutations 0",
		"calibrate": "calibrate --router length --data gsm8k --quality 0.9 --next 1000",
		"plan":      "plan gsm8k",
	} {
		writeFile(t, filepath.Join(dir, name+".tidy"), string(runHere(t, append(strings.Fields(line), "--format", "tidy")...)))
		writeFile(t, filepath.Join(dir, name+".json"), string(runHere(t, append(strings.Fields(line), "--format", "json")...)))
	}
	script := `
import glob, json
import duckdb, pandas as pd
numbers, words = ["x", "value", "lo", "hi"], ["benchmark", "task", "router", "against", "metric", "unit", "label"]
names = sorted(glob.glob("*.tidy"))
assert len(names) == 5, names
for name in names:
    df = pd.read_csv(name)
    assert list(df.columns) == words[:5] + numbers + words[5:], list(df.columns)
    assert all(df[c].dtype.kind in "fi" for c in numbers), df.dtypes
whole = pd.concat([pd.read_csv(name) for name in names])
told = duckdb.sql("SELECT * FROM read_csv('*.tidy')")
types = dict(zip(told.columns, map(str, told.types)))
assert all(types[c] == "DOUBLE" for c in numbers) and all(types[c] == "VARCHAR" for c in words), types
assert len(told.fetchall()) == len(whole)
apgr = {(b["name"], r["name"]): r["metrics"]["apgr"]["value"] for b in json.load(open("eval.json"))["benchmarks"] for r in b["routers"] if r["point"] is None}
assert len(apgr) == 6, apgr
for (bench, router), want in apgr.items():
    q = "SELECT value FROM 'eval.tidy' WHERE benchmark = ? AND router = ? AND metric = 'apgr' AND task IS NULL"
    assert duckdb.execute(q.replace("'eval.tidy'", "read_csv('eval.tidy')"), [bench, router]).fetchall() == [(want,)], router
wide = pd.read_csv("eval.tidy").query("metric == 'cpt'").pivot(index=["benchmark", "router"], columns="x", values="value")
assert list(wide.columns) == [0.2, 0.5, 0.8] and wide.notna().all().all(), wide
`
	c := exec.Command("python3", "-c", script)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if bytes.Contains(out, []byte("No module named")) || errors.Is(err, exec.ErrNotFound) {
		t.Skip("skipped: no pandas or duckdb for Python")
	}
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
