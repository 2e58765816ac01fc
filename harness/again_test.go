package harness

import (
	"slices"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestAgain checks the command that calibrates again, and what fit's artifacts get in its place.
func TestAgain(t *testing.T) {
	quality := results.Guarantee{Target: "quality", Value: 0.95, Test: "student", Confidence: 0.95}
	exact := results.Guarantee{Target: "budget_usd", Value: 2.5, Test: "betting", Confidence: 0.9}
	calls := results.Guarantee{Target: "strong_fraction", Value: 0.3, Test: "none", Confidence: results.Missing}
	pair := results.Pair{Strong: "big", Weak: "small"}
	for want, a := range map[string]results.Artifact{
		"routellm calibrate --router mf --data gsm8k --quality 0.95 --artifact a.json":                                         {Inputs: []results.Input{{Builtin: "gsm8k"}}, Pair: pair, Guarantee: quality, Split: &results.Split{Holdout: 0.5}},
		"routellm calibrate --router mf --strong-fraction 0.3 --artifact a.json":                                               {Guarantee: calls},
		"routellm calibrate --router mf --data 'my data.csv' --labels judge --pair big,small --quality 0.95 --artifact a.json": {Inputs: []results.Input{{Path: "my data.csv", Labels: "judge"}}, Pair: pair, Guarantee: quality},
		"routellm calibrate --router mf --data x.csv --models a,b --budget-usd 2.5 --confidence 0.9 --exact --holdout 0.3 --seed 7 --artifact a.json": {
			Inputs: []results.Input{{Path: "x.csv"}}, Guarantee: exact, Split: &results.Split{Holdout: 0.3, Seed: 7},
			Pool: &results.PoolPolicy{Models: []results.PolicyModel{{Name: "a"}, {Name: "b"}}},
		},
		"routellm fit wrote the artifact with its router: run it again": {Guarantee: quality, Split: &results.Split{Parts: []float64{0.5, 0.25, 0.25}}},
	} {
		if got := again("a.json", &a, "mf"); len(got) != 2 || got[1] != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	if got := commandLine([]string{"a", "", "it's", "$(x)"}); got != `a '' 'it'\''s' '$(x)'` {
		t.Errorf("words are joined to %s", got)
	}
	if !slices.Contains(again("a.json", &results.Artifact{}, "exec:./mine -x"), "routellm calibrate --router 'exec:./mine -x' --artifact a.json") {
		t.Error("a router with a space is not quoted")
	}
}
