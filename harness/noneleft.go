package harness

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// noneLeft returns the error for data of which all n samples are left out. It has the
// number of samples per reason, and what to do about each. routers are the labels of the
// routers that were trained on some of them.
func noneLeft(n int, left results.Excluded, pair results.Pair, routers []string) error {
	return noneLeftOf(n, left, fmt.Sprintf("not measured on both %q and %q", pair.Strong, pair.Weak),
		"name two models that were measured on the same samples: --pair STRONG,WEAK", routers)
}

// noneLeftOf returns the error of noneLeft. missing says what samples lack that are not measured,
// and advice what to do about it.
func noneLeftOf(n int, left results.Excluded, missing, advice string, routers []string) error {
	var reasons, hints []string
	add := func(n int, reason, advice string) {
		if n > 0 {
			reasons, hints = append(reasons, text.Thousands(n)+" "+reason), append(hints, advice)
		}
	}
	add(left.Contaminated, "contaminated",
		`the column "contaminated" marks near-copies of RouteLLM's training prompts: use other data`)
	add(left.Training, "in training data of "+strings.Join(routers, ", "),
		fmt.Sprintf("hold some out with train --gold NAME:COUNT and a COUNT below %s, or use other data", text.Thousands(n)))
	add(left.NearCopies, "near copies of training data", "without --exclude-near they are kept and counted")
	add(left.Missing, missing, advice)
	add(left.Calibration, "that set the threshold", "--in-sample keeps them, which flatters the threshold")
	all := "all " + text.Plural(n, "sample") + " are"
	if n == 1 {
		all = "the only sample is"
	}
	return hint.With(fmt.Errorf("%s left out: %s", all, strings.Join(reasons, ", ")), hints...)
}
