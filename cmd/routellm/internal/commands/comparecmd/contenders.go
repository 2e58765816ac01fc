package comparecmd

import (
	"context"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
)

// gather reads the results files and runs the routers. The routers are run together, so
// that the training prompts of each are left out for all. The contenders are in the order
// of the arguments, the routers at the place of the first.
func (o *options) gather(ctx context.Context, s cmdutil.Streams) ([]harness.Contender, []*harness.ScoreSet, error) {
	names, err := harness.BenchmarkNames(o.Benches)
	if err != nil {
		return nil, nil, err
	}
	var contenders []harness.Contender
	var sets []*harness.ScoreSet
	var routers []string
	place := 0 // index of the first router among the contenders
	for _, text := range o.Routers {
		a := harness.ParseOperand(text)
		if a.Path == "" {
			if routers == nil {
				place = len(contenders)
			}
			routers = append(routers, text)
			continue
		}
		l, err := harness.ReadScoreSet(a.Path, a.Router)
		if err != nil {
			return nil, nil, err
		}
		o.pickBenches(l, names)
		sets = append(sets, l)
		contenders = append(contenders, l.Contenders(a.Label)...)
	}
	if routers != nil {
		here, err := o.run(ctx, s, routers, sets)
		if err != nil {
			return nil, nil, err
		}
		sets = append(sets, here)
		contenders = slices.Insert(contenders, place, here.Contenders("")...)
	}
	return contenders, sets, harness.Distinguish(contenders)
}

// pickBenches removes the benchmarks of a results file that --bench does not name.
func (o options) pickBenches(l *harness.ScoreSet, names []string) {
	if o.Benches == nil || slices.Contains(o.Benches, "all") {
		return
	}
	l.Benchmarks = slices.DeleteFunc(l.Benchmarks, func(b *harness.ScoredBenchmark) bool {
		return !slices.Contains(names, b.Name) && !slices.Contains(names, b.Input.Path)
	})
}

// run scores benchmarks with the routers: the benchmarks of --bench, else those of the first
// results file, else all.
func (o *options) run(ctx context.Context, s cmdutil.Streams, names []string, files []*harness.ScoreSet) (*harness.ScoreSet, error) {
	benches := o.Benches
	switch {
	case benches != nil:
	case len(files) == 0:
		benches = []string{"all"}
	default:
		for _, b := range files[0].Benchmarks {
			benches = append(benches, b.Input.Builtin+b.Input.Path)
		}
	}
	reading, err := o.Reading()
	if err != nil {
		return nil, err
	}
	if benches, err = o.Joined(benches, o.Benches != nil); err != nil {
		return nil, err
	}
	options, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return nil, err
	}
	feedback := s.Feedback()
	routers, err := harness.OpenFor(benches, names, options, feedback)
	if err != nil {
		return nil, err
	}
	if err := harness.CheckCurves(routers); err != nil {
		return nil, err
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return nil, err
	}
	loaded, err := harness.Load(ctx, benches, routers, harness.LoadOptions{
		Feedback: feedback, Reading: reading, Encoder: o.Options(), Pair: pair, Clusters: o.Clusters, ExcludeNear: o.ExcludeNear,
		GoldPart: o.GoldPart(),
	})
	if err != nil {
		return nil, err
	}
	return harness.Score(ctx, routers, loaded, feedback)
}
