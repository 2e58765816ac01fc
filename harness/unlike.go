package harness

import (
	"fmt"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/familiar"
)

// unlikeOf reports for each of n prompts whether it is unlike all that the router was trained on;
// nil if the router cannot tell. prompts returns those from one number to before another.
func unlikeOf(r routers.Router, n int, prompts func(from, to int) []routers.Prompt) []bool {
	f, ok := routers.As[routers.Familiar](r)
	if !ok {
		return nil
	}
	var out []bool
	for len(out) < n {
		some := f.Unlike(prompts(len(out), min(len(out)+batchRows, n)))
		if some == nil {
			return nil
		}
		out = append(out, some...)
	}
	return out
}

// countUnlike returns the number of prompts that are unlike those trained on; nil if that is not
// known.
func countUnlike(unlike []bool) *int {
	if unlike == nil {
		return nil
	}
	n := 0
	for _, is := range unlike {
		if is {
			n++
		}
	}
	return &n
}

// noteUnlike tells the user of prompts that are unlike those that a router was trained on, if they
// are at least twice as many as among such prompts themselves.
func noteUnlike(f Feedback, data, router string, unlike []bool) {
	n := countUnlike(unlike)
	if n == nil || !many(*n, len(unlike)) {
		return
	}
	f.note("%s: %s of %s %s unlike anything that %s was trained on: expect little of its scores of them, and train a router on such prompts if you can",
		data, text.Thousands(*n), text.Plural(len(unlike), "prompt"), text.Agree(*n, "is", "are"), router)
}

// unlikeWarning warns that many of the prompts that set an artifact's threshold are unlike those that its
// router was trained on; "" if few are, if that is not known, and of Arena's prompts, which nobody chose.
func unlikeWarning(a *results.Artifact) string {
	if a.Unlike == nil || !many(*a.Unlike, int(a.Scores)) || len(a.Inputs) > 0 && a.Inputs[0].Builtin == benchmarks.Arena {
		return ""
	}
	return fmt.Sprintf("%s of the %s that set its threshold %s unlike anything that it was trained on: expect little of its scores of them, and train a router on such prompts if you can",
		text.Thousands(*a.Unlike), text.Plural(int(a.Scores), "prompt"), text.Agree(*a.Unlike, "is", "are"))
}

// many reports whether of n prompts at least twice as many are unlike those trained on as among
// such prompts themselves.
func many(unlike, n int) bool { return unlike > 0 && float64(unlike) >= 2*familiar.Flagged*float64(n) }
