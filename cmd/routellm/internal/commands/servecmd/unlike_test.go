package servecmd

import (
	"context"
	"io"
	"regexp"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/results"
)

// ofArena is a share of the Arena prompts, which changes with the built-in models.
var ofArena = regexp.MustCompile(`[0-9]{1,2}\.[0-9] % of the Arena`)

// TestUnlike says which share of the prompts at hand is unlike those that each router was trained on.
func TestUnlike(t *testing.T) {
	few, none := 3, 0
	own, arena := []results.Input{{Path: "mine.csv"}}, []results.Input{{Builtin: "arena"}}
	of := "\n           of your prompts: routellm audit FILE"
	for name, c := range map[string]struct {
		routers  []string
		artifact *results.Artifact
		want     string
	}{
		"no trained router": {[]string{"length"}, nil, ""},
		"Arena's":           {[]string{"length", "mf", "mine=knn@judge"}, nil, "\nunlike     mf: N % of the Arena prompts\n           mine: N % of the Arena prompts" + of + " --router mf --router knn@judge"},
		"the calibration's": {[]string{"mf"}, &results.Artifact{Scores: 40, Unlike: &few, Inputs: own}, "\nunlike     mf: 7.5 % of the calibration's 40 prompts"},
		"none of them":      {[]string{"mf"}, &results.Artifact{Scores: 1, Unlike: &none, Inputs: own}, "\nunlike     mf: 0.0 % of the calibration's 1 prompt"},
		"of another set":    {[]string{"mf"}, &results.Artifact{Scores: 40, Unlike: &few, Inputs: arena}, "\nunlike     mf: 7.5 % of the calibration's 40 prompts" + of + " --router mf"},
		"another router's":  {[]string{"length", "mf"}, &results.Artifact{Scores: 40, Inputs: own}, "\nunlike     mf: N % of the Arena prompts" + of + " --router mf"},
		"earlier release":   {[]string{"mf"}, &results.Artifact{Scores: 40, Inputs: own}, "\nunlike     mf: not known of the calibration's prompts" + of + " --router mf"},
	} {
		given := map[string][]string{"router": c.routers, "threshold": {"0.3"}, "strong": {"big@http://127.0.0.1:1/v1"}, "weak": {"small@http://127.0.0.1:2/v1"}}
		set, err := options{given: given}.load(context.Background(), cmdutil.Streams{Out: io.Discard, Err: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		if got := ofArena.ReplaceAllString(unlikeLines(context.Background(), set.scorers, c.artifact), "N % of the Arena"); got != c.want {
			t.Errorf("%s: %q, expected %q", name, got, c.want)
		}
	}
}
