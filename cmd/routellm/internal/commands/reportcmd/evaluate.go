package reportcmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// evaluate evaluates routers on data sets, as eval does without flags.
func (o *options) evaluate(ctx context.Context, s cmdutil.Streams, data []string) (*harness.ScoreSet, error) {
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return nil, err
	}
	pricing, err := o.Pricing(ctx, &o.ColumnFlags)
	if err != nil {
		return nil, err
	}
	reading, err := o.Reading()
	if err != nil {
		return nil, err
	}
	defer o.Close()
	feedback := s.Feedback()
	routers, err := harness.OpenFor(data, o.Routers, harness.RouterOptions{}, feedback)
	if err != nil {
		return nil, err
	}
	benches, err := harness.Load(ctx, data, routers, harness.LoadOptions{
		Feedback: feedback, Reading: reading, Pair: pair, Clusters: o.Clusters, ByTask: true, Pricing: pricing, GoldPart: o.GoldPart(),
	})
	if err != nil {
		return nil, err
	}
	e, err := harness.Run(ctx, routers, benches, harness.RunOptions{
		Feedback: feedback, Points: harness.DefaultPoints(), Intervals: harness.DefaultIntervals(),
	})
	if err != nil {
		return nil, err
	}
	e.Document.Settings = o.Settings()
	fmt.Fprintf(s.Err, "evaluated %s on %s\n", strings.Join(namesOf(e.Document), ", "), strings.Join(data, ", "))
	set, err := e.ScoreSet("this run")
	if err != nil {
		return nil, err
	}
	return set, o.readTexts(ctx, s, set, &reading)
}

// namesOf lists the routers of a document.
func namesOf(d *results.Document) []string {
	var names []string
	for _, r := range d.Benchmarks[0].Routers {
		if r.Scores != results.NoScores {
			names = append(names, r.Name)
		}
	}
	return names
}
