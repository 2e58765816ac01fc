package project_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/internal/hint"
)

const whole = `# comment
data: [a.csv, b.csv]
columns:
  task: topic
  model: [big, "small=little"]
  lower_is_better: true
pair: {strong: big, weak: small}
routers: mf,length
prices:
  big: [2.5, 10]
  small: 0.1,0.4
tokens: [300, 200]
seed: 7
confidence: 90%
resamples: 500
eval: {by: task}
calibrate:
  quality: 95%
gate:
  policy: policy.yaml
serve: serve.yaml
`

func TestParse(t *testing.T) {
	f, err := project.Parse("routellm.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := &project.File{
		Data: project.Texts{Values: []string{"a.csv", "b.csv"}, Line: 2},
		Columns: project.Section{{Key: "task", Line: 4, Values: []string{"topic"}}, {Key: "model", Line: 5, Values: []string{"big", "small=little"}},
			{Key: "lower_is_better", Line: 6, Values: []string{"true"}}},
		Pair:    project.Pair{Strong: "big", Weak: "small", Line: 7},
		Routers: project.Texts{Values: []string{"mf,length"}, Line: 8},
		Prices: project.Prices{Line: 9, Models: []project.ModelPrice{
			{Model: "big", Input: 2.5, Output: 10}, {Model: "small", Input: 0.1, Output: 0.4}}},
		Tokens:     project.Numbers{Values: []float64{300, 200}, Line: 12},
		Seed:       project.Text{Value: "7", Line: 13},
		Confidence: project.Text{Value: "90%", Line: 14},
		Resamples:  project.Text{Value: "500", Line: 15},
		Eval:       project.Section{{Key: "by", Line: 16, Values: []string{"task"}}},
		Calibrate:  project.Section{{Key: "quality", Line: 18, Values: []string{"95%"}}},
		Gate:       project.Section{{Key: "policy", Line: 20, Values: []string{"policy.yaml"}}},
		Serve:      project.Serve{File: "serve.yaml", Line: 21},
	}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("got\n%+v\nwant\n%+v", f, want)
	}
}

func TestParseForms(t *testing.T) {
	for text, check := range map[string]func(*project.File) bool{
		"":                           func(f *project.File) bool { return reflect.DeepEqual(f, &project.File{}) },
		"# nothing\n":                func(f *project.File) bool { return reflect.DeepEqual(f, &project.File{}) },
		"data:\npair:\nserve:\n":     func(f *project.File) bool { return reflect.DeepEqual(f, &project.File{}) },
		"\ufeffdata: a.csv":          func(f *project.File) bool { return f.Data.Values[0] == "a.csv" },
		"data: a.csv\r\nseed: 1\r\n": func(f *project.File) bool { return f.Data.Values[0] == "a.csv" && f.Seed.Value == "1" },
		"pair: big,small":            func(f *project.File) bool { return f.Pair.Strong == "big" && f.Pair.Weak == "small" },
		"pair: [big, small]":         func(f *project.File) bool { return f.Pair.Strong == "big" && f.Pair.Weak == "small" },
		"models: all":                func(f *project.File) bool { return f.Models.Values[0] == "all" },
		"prices: list.json":          func(f *project.File) bool { return f.Prices.File == "list.json" && f.Prices.Models == nil },
		"serve: {threshold: 0.3}":    func(f *project.File) bool { return f.Serve.Settings != nil && f.Serve.File == "" },
		"data: &d a.csv\neval: {out: *d}": func(f *project.File) bool {
			return f.Eval[0].Values[0] == "a.csv"
		},
	} {
		f, err := project.Parse("x.yaml", []byte(text))
		if err != nil || !check(f) {
			t.Errorf("%q: %+v, %v", text, f, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"dta: a.csv":                   `x.yaml:1: unknown key "dta" | did you mean data? | keys: data, columns,`,
		"data: a\nbench: mmlu":         `x.yaml:2: unknown key "bench" | did you mean data?`,
		"router: mf":                   `x.yaml:1: unknown key "router" | did you mean routers?`,
		"data: a\ndata: b":             `x.yaml:2: key "data" is given twice, first in line 1`,
		"data: [a, [b]]":               `x.yaml:1: key "data": expected a list of single values`,
		"data: {a: b}":                 `x.yaml:1: key "data": expected a value or a list of values`,
		"data: []":                     `x.yaml:1: key "data": expected a value or a list of values`,
		"- data":                       `x.yaml:1: expected keys and values, such as data: outcomes.csv`,
		"seed: [1, 2]":                 `x.yaml:1: key "seed": expected a single value`,
		"pair: [big]":                  `x.yaml:1: key "pair": expected two different models`,
		"pair: [big, big]":             `x.yaml:1: key "pair": expected two different models`,
		"pair: {strong: big, week: c}": `x.yaml:1: unknown key "week" | did you mean weak?`,
		"pair: [a, b]\n\nmodels: all":  `x.yaml:3: pair is for two models and models for several`,
		"prices: {big: 3}":             `x.yaml:1: key "big": expected two numbers, such as [2.5, 10]`,
		"prices: {big: [1, -2]}":       `x.yaml:1: key "big": found "-2", expected a number of 0 or more`,
		"prices: {big: [1, .nan]}":     `x.yaml:1: key "big": found ".nan", expected a number`,
		"tokens: 12":                   `x.yaml:1: key "tokens": expected two numbers, such as [300, 200]`,
		"calibrate: 95%":               `x.yaml:1: expected keys and values, such as quality: 95%`,
		"calibrate: {quality: {a: b}}": `x.yaml:1: key "quality": expected a value or a list of values`,
		"serve: [a]":                   `x.yaml:1: expected keys and values, such as threshold: 0.3`,
		"data: a\n\tseed: 1":           `x.yaml:2: found a tab character that violates indentation | YAML is indented by spaces`,
		"data: 'a":                     `x.yaml:1: found unexpected end of stream`,
		"data: a\n---\ndata: b":        `x.yaml: found several YAML documents, expected one`,
		"data: *nothing":               `x.yaml:1: unknown anchor 'nothing' referenced`,
		"? [a]\n: b":                   `x.yaml:1: expected a name as the key`,
		"a: &a [*a]":                   `x.yaml:1: `,
		strings.Repeat("[", 20000):     `x.yaml:1: `,
		"data: \x00":                   `x.yaml:1: control characters are not allowed`,
	} {
		f, err := project.Parse("x.yaml", []byte(text))
		if err == nil {
			t.Errorf("%q: read as %+v, want an error", text, f)
			continue
		}
		if got := strings.Join(append([]string{err.Error()}, hint.Of(err)...), " | "); !strings.HasPrefix(got, want) {
			t.Errorf("%.40q: %s\nwant %s", text, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv(project.Variable, "")
	find := func(given, want string) {
		t.Helper()
		if got, err := project.Find(given); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", given, got, err, want)
		}
	}
	find("", "")
	find("other.yaml", "other.yaml")
	if err := os.Mkdir(project.Name, 0o755); err != nil {
		t.Fatal(err)
	}
	find("", "") // a folder of that name
	if err := os.Remove(project.Name); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(project.Name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	find("", project.Name)
	find("none", "")
	t.Setenv(project.Variable, filepath.Join("a", "b.yaml"))
	find("", filepath.Join("a", "b.yaml"))
	find("other.yaml", "other.yaml")
	t.Setenv(project.Variable, "none")
	find("", "")
}

func TestEachSetting(t *testing.T) {
	f, err := project.Parse("x.yaml", []byte("serve:\n  log: a.jsonl\n  router: [mf, knn]\n"))
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	f.Serve.Each(func(key, value string) string {
		seen = append(seen, key+"="+value)
		return "x/" + value
	})
	if want := []string{"log=a.jsonl", "router=mf", "router=knn"}; !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
	if got := f.Serve.Settings.Content[1].Value; got != "x/a.jsonl" {
		t.Errorf("log is %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Add("serve: {upstreams: {a: {url: b}}}")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := project.Parse("x.yaml", []byte(text))
		if (file == nil) == (err == nil) {
			t.Errorf("%+v, %v", file, err)
		}
	})
}
