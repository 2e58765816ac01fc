package fit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
)

// compareByCost prepares the comparison of cascades with routers of prompts. A cascade asks the weak
// model for every prompt, so that shares of strong calls would flatter it: what counts is the lift in
// dollars, as among several models.
func (f *fitting) compareByCost() error {
	p := f.pair()
	if f.data.Cost.Rows() == 0 {
		return hint.With(fmt.Errorf("%s: what answers of %q and %q cost is not known, without which cascades cannot be compared with routers of prompts", f.data.Name, p.Strong, p.Weak),
			"--prices FILE or --price MODEL=IN,OUT gives prices")
	}
	f.byCost = true
	return f.data.LookAt(p.Weak)
}

// refuseCascades refuses cascades among several models.
func (f *fitting) refuseCascades() error {
	if !f.options.Cascades {
		return nil
	}
	return hint.With(errors.New("cascades that look at an answer choose between two models"), "--pair STRONG,WEAK names them")
}

// measureCosts computes the lift in dollars of trials between two models.
func (f *fitting) measureCosts(ctx context.Context, trials []*trial) error {
	rows := f.complete()
	all := slicesx.Pick(f.train, rows)
	columns := []int{f.strong, f.weak}
	o := pool.Outcomes{
		Quality: f.data.Quality.Pick(all).Select(columns), Cost: f.data.Cost.Pick(all).Select(columns),
		Cluster: eval.ClusterIDs(slicesx.Pick(f.parts.Group, rows)), Weight: f.data.Weights(all),
	}
	table := pool.Table{Outcomes: o}
	mean := pool.NewConstants(o, nil).Cost
	for _, t := range trials {
		scores := slicesx.Pick(t.scores, rows)
		var sweep *pool.Sweep
		var err error
		if t.way == forAnswers {
			sweep, err = pool.NewDecided(o, f.priced(t, scores, o, all), 0)
		} else {
			sweep, err = pool.NewSweep(o, pool.OfScores(scores, mean[0], mean[1]), 0)
		}
		if err != nil {
			return err
		}
		table.Routers = append(table.Routers, sweep)
	}
	return f.lifts(ctx, trials, table)
}

// priced returns the decisions of a cascade with what they cost.
func (f *fitting) priced(t *trial, scores []float64, o pool.Outcomes, rows []int) pool.Decided {
	asked := f.data.Asking(f.asker(t), f.weak, rows)
	return pool.OfAnswers(scores).Priced(func(i int, c pool.Choice) pool.Choice {
		if c.Cost = asked[i]; c.Model == 0 {
			c.Cost += o.Cost.At(i, 0)
		}
		return c
	})
}

// asker returns the cascade of a trial or, of one that keeps no model, that of the same kind which was
// trained on the whole training part.
func (f *fitting) asker(t *trial) routers.AnswerRouter {
	if t.model == nil {
		t = f.trials[slices.IndexFunc(f.trials, func(o *trial) bool { return o.kind == t.kind })]
	}
	return t.model.(routers.AnswerRouter)
}

// rival returns the best router of the other family, for the comparison on the test part: of prompts
// beside a chosen cascade, and a cascade beside a chosen router of prompts. ok is false if there is
// none.
func (f *fitting) rival() (r harness.Router, ok bool, err error) {
	if !f.byCost {
		return r, false, nil
	}
	var best *trial
	for _, t := range f.trials {
		other := (t.way == forAnswers) != (f.chosen.way == forAnswers)
		if t.eligible() && t.model != nil && other && (best == nil || t.value > best.value) {
			best = t
		}
	}
	if best == nil {
		return r, false, nil
	}
	if p, several := best.model.(routers.Predictor); several {
		bound, err := routers.ForPair(p, f.pair().Strong, f.pair().Weak)
		return harness.Own(best.name, bound), true, err
	}
	return harness.Own(best.name, best.model.(routers.Router)), true, nil
}

// offerCascades says that cascades could be tried.
func (f *fitting) offerCascades() {
	if f.pairwise() && !f.options.Cascades && f.options.Note != nil && f.data.Cost.Rows() > 0 && f.data.HasSignals(f.data.Models[f.weak]) {
		f.options.Note(fmt.Sprintf("%s: has answers of %s with signals of certainty: --cascades also tries routers that look at them", f.data.Name, f.pair().Weak))
	}
}
