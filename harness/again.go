package harness

import (
	"strconv"
	"strings"

	"github.com/routellm/routellm/results"
)

// again returns the advice for an artifact of another router, or of another version of its own: the
// command that calibrates the router that is here as the artifact's was. It lacks what an artifact
// does not hold, such as prices and names of columns.
func again(path string, a *results.Artifact, spec string) []string {
	advice := []string{"thresholds of one router mean nothing to another, nor to another version of it: calibrate this one"}
	if a.Split != nil && len(a.Split.Parts) > 0 {
		return append(advice, "routellm fit wrote the artifact with its router: run it again")
	}
	words := append([]string{"routellm", "calibrate", "--router", spec}, dataFlags(a)...)
	words = append(append(words, targetFlags(a.Guarantee)...), splitFlags(a.Split)...)
	return append(advice, commandLine(append(words, "--artifact", path)))
}

// dataFlags returns the flags for the data of a calibration and for its models.
func dataFlags(a *results.Artifact) []string {
	var out []string
	file := false
	if len(a.Inputs) > 0 {
		in := a.Inputs[0]
		file = in.Path != ""
		out = append(out, "--data", in.Builtin+in.Path) // one of them is empty
		if in.Labels != "" {
			out = append(out, "--labels", in.Labels)
		}
	}
	if a.Pool != nil {
		var names []string
		for _, m := range a.Pool.Models {
			names = append(names, m.Name)
		}
		return append(out, "--models", strings.Join(names, ","))
	}
	if file && a.Pair != (results.Pair{}) {
		return append(out, "--pair", joined(a.Pair))
	}
	return out
}

// targetFlags returns the flags for what a calibration was to reach.
func targetFlags(g results.Guarantee) []string {
	if g.Target == "" {
		return nil
	}
	out := []string{"--" + strings.ReplaceAll(g.Target, "_", "-"), number(g.Value)}
	if g.Confidence.Exists() && g.Confidence != 0.95 {
		out = append(out, "--confidence", number(g.Confidence))
	}
	if g.Test == "betting" {
		out = append(out, "--exact")
	}
	return out
}

// splitFlags returns the flags for a split that is not the default one.
func splitFlags(s *results.Split) []string {
	var out []string
	if s != nil && s.Holdout != 0.5 {
		out = append(out, "--holdout", number(results.Value(s.Holdout)))
	}
	if s != nil && s.Seed != 0 {
		out = append(out, "--seed", strconv.FormatUint(s.Seed, 10))
	}
	return out
}

func number(v results.Value) string { return strconv.FormatFloat(float64(v), 'g', -1, 64) }

// commandLine joins words such that a shell reads them as they are.
func commandLine(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w
		if w == "" || strings.ContainsFunc(w, func(r rune) bool { return !isPlain(r) }) {
			out[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}

// isPlain reports whether a character means nothing to a shell.
func isPlain(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("-_./:,=@%+", r)
}
