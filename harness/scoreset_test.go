package harness

import "testing"

func TestParseOperand(t *testing.T) {
	for text, want := range map[string]Operand{
		"mf":                             {},
		"mine=mf@gold":                   {},
		"out/results.json":               {Path: "out/results.json"},
		"out/results.json@mf":            {Path: "out/results.json", Router: "mf"},
		"out/results.json@mf@judge":      {Path: "out/results.json", Router: "mf@judge"},
		"new=out/results.json@mf":        {Path: "out/results.json", Router: "mf", Label: "new"},
		"a=b/results.json":               {Path: "b/results.json", Label: "a"},
		"dir/a=b/results.json":           {Path: "dir/a=b/results.json"},
		"exec:prog cfg.json":             {},
		"scores:x.json":                  {},
		"mine=exec:prog --out=cfg.json":  {Label: "mine"},
		"http://localhost/score.json":    {},
		`C:\runs\results.json`:           {Path: `C:\runs\results.json`},
		"results.json@scores.json@other": {Path: "results.json@scores.json", Router: "other"},
	} {
		want.Text = text
		if want.Path == "" {
			want.Label = ParseOperand(text).Label // routers read their own
		}
		if got := ParseOperand(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
