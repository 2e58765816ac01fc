package cli

import (
	"context"
	"slices"
)

// gather reads the results files and runs the routers, these all in one lineup: each
// leaves out the training prompts of all.
func (o compareOptions) gather(ctx context.Context, s streams) ([]contender, []*lineup, error) {
	names, err := expandBenches(o.Benches)
	if err != nil {
		return nil, nil, err
	}
	var contenders []contender
	var lineups []*lineup
	var routers []string
	place := 0 // of the routers, among the contenders
	for _, text := range o.Routers {
		a := parseArgument(text)
		if a.path == "" {
			if routers == nil {
				place = len(contenders)
			}
			routers = append(routers, text)
			continue
		}
		l, err := readLineup(a.path, a.router)
		if err != nil {
			return nil, nil, err
		}
		o.pickBenches(l, names)
		lineups = append(lineups, l)
		contenders = append(contenders, a.contenders(l)...)
	}
	if routers != nil {
		here, err := runLineup(ctx, s, o.evalOptions(routers, lineups))
		if err != nil {
			return nil, nil, err
		}
		lineups = append(lineups, here)
		contenders = slices.Insert(contenders, place, argument{}.contenders(here)...)
	}
	return contenders, lineups, tellApart(contenders)
}

// pickBenches drops the benchmarks of a results file that --bench does not name.
func (o compareOptions) pickBenches(l *lineup, names []string) {
	if o.Benches == nil || slices.Contains(o.Benches, "all") {
		return
	}
	l.benches = slices.DeleteFunc(l.benches, func(b *contest) bool {
		return !slices.Contains(names, b.name) && !slices.Contains(names, b.input.Path)
	})
}

// evalOptions are those of an evaluation of the routers, on what the first results file has
// where nothing else is said.
func (o compareOptions) evalOptions(routers []string, files []*lineup) evalOptions {
	out := evalOptions{encoderOptions: o.encoderOptions, llmOptions: o.llmOptions, Routers: routers, Benches: o.Benches, Pair: o.Pair}
	switch {
	case o.Benches != nil:
	case len(files) == 0:
		out.Benches = []string{"all"}
	default:
		for _, b := range files[0].benches {
			out.Benches = append(out.Benches, b.input.Builtin+b.input.Path)
		}
	}
	return out
}
