package harness

import (
	"slices"

	"github.com/routellm/routellm/internal/text"
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
	if n == nil || float64(*n) < 2*familiar.Flagged*float64(len(unlike)) || !slices.Contains(unlike, true) {
		return
	}
	f.note("%s: %s of %s %s unlike anything that %s was trained on: expect little of its scores of them, and train a router on such prompts if you can",
		data, text.Thousands(*n), text.Plural(len(unlike), "prompt"), text.Agree(*n, "is", "are"), router)
}
