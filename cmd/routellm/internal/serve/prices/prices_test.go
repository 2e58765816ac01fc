package prices

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// read reads prices from a file with the given content.
func read(t *testing.T, name, content string) (Table, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return Read(context.Background(), path)
}

func TestRead(t *testing.T) {
	for name, content := range map[string]string{
		"a.csv":   "model,input,output,cached_input,source\nbig,2.5,10,1.25,list\nsmall,0,0,,own\n",
		"b.csv":   "model;input;output;cached_input\nbig;2,5;10;1,25\nsmall;0;0;\n",
		"c.json":  `[{"model": "big", "input": 2.5, "output": 10, "cached_input": 1.25}, {"model": "small", "input": 0, "output": 0, "cached_input": null}]`,
		"d.jsonl": `{"model": "big", "input": 2.5, "output": 10, "cached_input": 1.25}` + "\n" + `{"model": "small", "input": 0, "output": 0}` + "\n",
	} {
		table, err := read(t, name, content)
		if err != nil || len(table) != 2 || table["big"] != (Price{2.5, 10, 1.25}) || table["small"] != (Price{}) {
			t.Errorf("%s: %v, %v", name, table, err)
		}
		if err := table.Need("big", "small"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := table.Need("big", "smal"); err == nil || !strings.Contains(err.Error(), `no price of "smal": there are prices of big, small`) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for content, want := range map[string]string{
		"model,input\nbig,1\n":                       `column "output": missing`,
		"model,mean_cost_usd\nbig,1\n":               `column "input": missing`,
		"model,input,output\n":                       "",
		"model,input,output\nbig,,1\n":               `row 1, column "input": found "", expected USD per million tokens`,
		"model,input,output\nbig,1,-1\n":             `row 1, column "output": found "-1"`,
		"model,input,output\nbig,1,free\n":           `column "output": found "free"`,
		"model,input,output\nbig,1,inf\n":            `column "output": found "inf"`,
		"model,input,output\nbig,1,1\nbig,2,2\n":     `row 2, column "model": found "big", expected each model in one row`,
		"model,input,output\n,1,1\n":                 `column "model": found "", expected the name of a model`,
		"model,input,output,cached_input\nb,1,1,x\n": `column "cached_input": found "x"`,
	} {
		if table, err := read(t, "p.csv", content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v", content, table, err)
		}
	}
}

func TestCost(t *testing.T) {
	p := Price{Input: 2, Output: 10, Cached: 0.5}
	for tokens, want := range map[Tokens]float64{
		{}:                    0,
		{1e6, 0, 0}:           2,
		{0, 1e6, 0}:           10,
		{1e6, 1e6, 400_000}:   11.4,
		{Input: 8, Output: 1}: 26e-6,
	} {
		if got := p.Cost(tokens); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v: %v, expected %v", tokens, got, want)
		}
	}
}
