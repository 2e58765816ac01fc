package pages

import (
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// commandsOf returns the commands that make a section's numbers again, and those that use its operating
// point, as far as names in results tell what was run.
func commandsOf(b results.Benchmark, l *harness.ScoreSet, in results.Input) []report.Command {
	var out []report.Command
	name := dataName(in)
	var all []string
	for _, r := range b.Routers {
		if r.Scores == results.NoScores {
			continue
		}
		if !runnable(r) {
			name = "" // it takes more than its name to run it again
			break
		}
		all = append(all, r.Name)
	}
	add := func(does string, words ...string) { out = append(out, report.Command{Does: does, Words: words}) }
	if name != "" {
		add("evaluate again", slices.Concat([]string{"routellm", "eval", "--bench", name, "--router", strings.Join(all, ",")}, pairFlag(in, b.Pair))...)
	}
	if l.Inputs != nil {
		add("make this page", "routellm", "report", l.Name, "-o", "report.html")
	}
	if name != "" {
		add("find the threshold with half of the samples, test it on the others",
			slices.Concat([]string{"routellm", "calibrate", "--router", "{router}", "--data", name, "--strong-fraction", "{share}"}, pairFlag(in, b.Pair))...)
		add("route a prompt at this threshold", "routellm", "route", "--router", "{router}", "--threshold", "{threshold}", "PROMPT")
	}
	return out
}

// runnable reports whether a router can be run by its name in the results.
func runnable(r results.Router) bool {
	known := r.Scores == results.Live || r.Scores == results.Embedded || r.Scores == results.ClosedForm
	return known && harness.Runnable(r.Name)
}

// dataName returns the name of a data set on the command line, "" if it cannot be read again by its name
// alone.
func dataName(in results.Input) string {
	if in.Path == "-" || len(in.Parts) > 1 || in.Labels != "" {
		return ""
	}
	return in.Builtin + in.Path // one of them is empty
}

// pairFlag names the models of a file, which may hold more of them or none by default.
func pairFlag(in results.Input, p results.Pair) []string {
	if in.Path == "" {
		return nil
	}
	return []string{"--pair", p.Strong + "," + p.Weak}
}

// flipCommands returns the command that lists the flips of two routers of one results file.
func flipCommands(sets []*harness.ScoreSet) []report.Command {
	if len(sets) != 1 || sets[0].Inputs == nil {
		return nil
	}
	path := sets[0].Name
	return []report.Command{{Does: "compare the two routers", Words: []string{"routellm", "compare", path + "@{a}", path + "@{b}", "--at", "{share}", "--flips", "--format", "csv"}}}
}

// changeCommands returns the command that finds both thresholds.
func changeCommands(b results.Benchmark, in results.Input) []report.Command {
	name := dataName(in)
	if name == "" || slices.ContainsFunc(b.Routers, func(r results.Router) bool { return r.Scores != results.NoScores && !runnable(r) }) {
		return nil
	}
	words := slices.Concat([]string{"routellm", "calibrate", "--router", "{router}", "--data", name, "--strong-fraction", "{from},{to}"}, pairFlag(in, b.Pair))
	return []report.Command{{Does: "find both thresholds with half of the samples", Words: words}}
}
