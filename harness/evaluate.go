package harness

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/results"
)

// Evaluate opens routers by name, loads benchmarks for them and evaluates the routers, as
// routellm eval does. It is [OpenFor], [Load] and [Run] in one call. Call these one by
// one to evaluate routers of your own, or to set options of the routers or of the data.
func Evaluate(ctx context.Context, routers, benchmarks []string, o RunOptions) (*Evaluation, error) {
	rs, err := OpenFor(benchmarks, routers, RouterOptions{}, o.Feedback)
	if err != nil {
		return nil, err
	}
	benches, err := Load(ctx, benchmarks, rs, LoadOptions{Feedback: o.Feedback})
	if err != nil {
		return nil, err
	}
	return Run(ctx, rs, benches, o)
}

// Router returns what was measured of one router on one benchmark. The baselines are
// called "random", "always strong" and "always weak". The error of a name that was not
// evaluated lists those that were.
func (e *Evaluation) Router(benchmark, router string) (results.Router, error) {
	var names []string
	for _, b := range e.Document.Benchmarks {
		if b.Name != benchmark {
			names = append(names, b.Name)
			continue
		}
		names = nil
		for _, r := range b.Routers {
			if r.Name == router {
				return r, nil
			}
			names = append(names, r.Name)
		}
		return results.Router{}, fmt.Errorf("router %q was not evaluated on %s: expected one of %s", router, benchmark, strings.Join(names, ", "))
	}
	return results.Router{}, fmt.Errorf("benchmark %q was not evaluated: expected one of %s", benchmark, strings.Join(names, ", "))
}
