package harness

import (
	"context"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/routers"
)

// Familiar reports whether the scorer's router can tell prompts that are unlike all that it was
// trained on.
func (c *Scorer) Familiar() bool {
	f, ok := routers.As[routers.Familiar](c.router.Router)
	return ok && f.Unlike(nil) != nil
}

// UnlikeArena returns the number of the built-in Arena prompts that are unlike all that a router was
// trained on that [Scorer.Familiar] reports true of, and the number of all of them.
func (c *Scorer) UnlikeArena(ctx context.Context) (unlike, prompts int, err error) {
	f, err := builtin(benchmarks.Arena)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	t, err := f.Read(selection(f, c.needs))
	if err != nil {
		return 0, 0, err
	}
	all, err := c.encoders.promptsFor(ctx, benchmarks.Arena, t, c.router.Router)
	if err != nil {
		return 0, 0, err
	}
	all, _, _, _ = clean(t, all)
	found := unlikeOf(c.router.Router, len(all), func(from, to int) []routers.Prompt { return all[from:to] })
	return *countUnlike(found), len(all), nil
}
