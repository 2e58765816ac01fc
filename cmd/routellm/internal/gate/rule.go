package gate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Rule is one comparison: PATH OPERATOR NUMBER.
type Rule struct {
	Name  string  // the policy's name for the rule; defaults to Text
	Text  string  // the comparison, with single spaces
	Delta bool    // compare the results minus the baseline
	Path  string  // path of the number, without "delta."
	Op    string  // >=, >, <=, < or ==
	Bound float64 // finite

	Line, Column int // where the policy has the comparison, from 1
}

var operators = map[string]func(value, bound float64) bool{
	">=": func(v, b float64) bool { return v >= b },
	">":  func(v, b float64) bool { return v > b },
	"<=": func(v, b float64) bool { return v <= b },
	"<":  func(v, b float64) bool { return v < b },
	"==": func(v, b float64) bool { return v == b },
}

// holds reports whether a value satisfies the rule. NaN never does.
func (r Rule) holds(v float64) bool { return operators[r.Op](v, r.Bound) }

// alarms reports whether the rule fails on evidence of a change, as delta.apgr.hi >= 0 does.
// Each number that it checks is then a chance of a false alarm. A rule that asks for evidence,
// such as delta.apgr.lo > -0.02, needs it for every number, and is not easier to pass with more
// of them.
func (r Rule) alarms() bool {
	up, down := strings.HasSuffix(r.Path, ".hi"), strings.HasSuffix(r.Path, ".lo")
	return r.Delta && (up && strings.HasPrefix(r.Op, ">") || down && strings.HasPrefix(r.Op, "<"))
}

// parseRule reads a comparison. The path may contain spaces, as users name routers.
func parseRule(text string) (Rule, error) {
	words := strings.Fields(text)
	if len(words) < 3 {
		return Rule{}, fmt.Errorf("expected PATH OPERATOR NUMBER, such as mmlu.mf.apgr.lo >= 0.58")
	}
	n := len(words)
	r := Rule{Text: strings.Join(words, " "), Path: strings.Join(words[:n-2], " "), Op: words[n-2]}
	if operators[r.Op] == nil {
		return r, fmt.Errorf("operator %q, expected one of >=, >, <=, <, ==", r.Op)
	}
	var err error
	if r.Bound, err = strconv.ParseFloat(words[n-1], 64); err != nil || math.IsInf(r.Bound, 0) || math.IsNaN(r.Bound) {
		return r, fmt.Errorf("bound %q, expected a finite number", words[n-1])
	}
	r.Path, r.Delta = strings.CutPrefix(r.Path, "delta.")
	parts := strings.Split(r.Path, ".")
	if slices.Contains(parts, "") || len(parts) == 1 && !r.Delta {
		return r, fmt.Errorf("path %q, expected BENCHMARK.ROUTER.METRIC", words[0])
	}
	if parts[len(parts)-1] == "hull" {
		return r, fmt.Errorf("hull is chosen in sample, so it is too optimistic for a rule: use value, lo or hi")
	}
	if name := optimistic(parts); name != "" {
		return r, fmt.Errorf("%s is chosen on the evaluated prompts, so it is too optimistic for a rule: use lift, area or cost_for.95", name)
	}
	return r, nil
}

// optimisticNames are the published figures of results among several models that no rule may use.
var optimisticNames = []string{"optimistic", "compat", "aiq", "qnc", "qnc_hull", "peak_quality", "routerarena", "score", "opt_selection", "opt_cost", "opt_accuracy"}

// optimistic returns the name of the optimistic figure at the end of a path, "" if it ends in
// another one.
func optimistic(parts []string) string {
	for n := len(parts); n > 0; n-- {
		name := parts[n-1]
		switch {
		case slices.Contains(optimisticNames, strings.ToLower(name)):
			return name
		case name != "value" && name != "lo" && name != "hi":
			return ""
		}
	}
	return ""
}
