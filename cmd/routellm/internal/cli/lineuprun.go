package cli

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
)

// runLineup scores benchmarks with routers, as eval does.
func runLineup(ctx context.Context, s streams, o evalOptions) (*lineup, error) {
	options, err := o.llmOptions.routers(s, true)
	if err != nil {
		return nil, err
	}
	entrants, err := o.openRouters(s, options)
	if err != nil {
		return nil, err
	}
	for _, n := range entrants {
		if isFixed(n.router) {
			return nil, fmt.Errorf("router %q makes decisions and has no curve to compare", n.spec.Label)
		}
	}
	benches, err := loadBenches(ctx, s, o, entrants)
	if err != nil {
		return nil, err
	}
	l := &lineup{name: "this run"}
	for _, n := range entrants {
		l.routers = append(l.routers, n.spec.Label)
	}
	run, progress := &evaluation{entrants: entrants}, newProgress(s.err, "scoring")
	for i, b := range benches {
		x, err := run.contest(ctx, b)
		if err != nil {
			return nil, err
		}
		l.benches = append(l.benches, x)
		l.inputs = append(l.inputs, b.input)
		progress(i+1, len(benches))
	}
	l.inputs = append(l.inputs, run.files...)
	return l, nil
}

// contest has every entrant score one benchmark, and notes the files they came from.
func (e *evaluation) contest(ctx context.Context, b *bench) (*contest, error) {
	s := &contest{
		name: b.name, title: b.table.Meta.Title, unit: b.table.Meta.Unit, pair: b.pair, input: b.input,
		ids: slicesx.Pick(b.table.SampleID, b.used), tasks: slicesx.Pick(b.table.Task, b.used), clusters: slicesx.Pick(b.table.Cluster, b.used),
		outcomes: b.subject.Outcomes,
	}
	for _, n := range e.entrants {
		scores := make([]float64, len(b.used)) // all equal: random
		if _, chance := n.router.(routers.ClosedForm); !chance {
			var err error
			if scores, err = scoresOf(ctx, n.router, b); err != nil {
				return nil, fmt.Errorf("router %q on %s: %w", n.spec.Label, b.name, err)
			}
		}
		s.scores = append(s.scores, scores)
		if n.spec.IsFile() {
			if err := e.addFile(n); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// subject is what the result package measures.
func (s *contest) subject() result.Subject {
	return result.Subject{Outcomes: s.outcomes, Clusters: eval.ClusterIDs(s.clusters)}
}
