package calibratecmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/registry"
)

// checkModels checks the flags of a calibration among several models.
func (o options) checkModels() error {
	if o.Models == nil {
		return nil
	}
	for _, x := range []struct {
		given bool
		flag  string
	}{
		{len(o.Fractions) > 0, "strong-fraction"}, {o.given.pgr, "pgr"}, {o.Reliability, "reliability"}, {o.Drift != "", "drift"}, {o.From != "", "from"},
		{o.Check != "", "check"}, {o.Next > 0, "next"}, {o.Pair != "", "pair"}, {o.Prices != nil, "prices STRONG,WEAK"},
	} {
		if x.given {
			return fmt.Errorf("--%s does not go with --models: it is about two models", x.flag)
		}
	}
	switch {
	case !o.given.quality && !o.given.budget:
		return hint.With(errors.New("no target is given"), "--quality keeps a share of the best model's quality; --budget-usd stays below a cost")
	case o.Data == "":
		return hint.With(errors.New("--models requires --data, with the outcomes and the costs of the models"), "for example --data pareto")
	}
	return nil
}

// calibratePool opens the router and calibrates it among several models.
func (o options) calibratePool(ctx context.Context, registry registry.Options, settings harness.CalibrateOptions) (*harness.Calibration, error) {
	x, err := harness.OpenPredictor(o.Router, registry)
	if err != nil {
		return nil, err
	}
	models := o.Models
	if slices.Equal(models, []string{"all"}) {
		models = nil
	}
	return harness.CalibratePool(ctx, x, models, settings)
}

// pool writes an operating point among several models, and what it does on the held-out samples.
func (p *page) pool(doc *results.Calibration) {
	o := doc.Pool
	if p.raw() {
		p.table(poolCSV(o))
		return
	}
	u := render.UnitOf(results.Benchmark{Unit: o.Unit})
	p.heading(fmt.Sprintf("%s on %s: %s, %s held out (seed %d)", doc.Router, o.Title, text.Plural(o.Calibration, "calibration sample"), text.Thousands(o.HeldOut), o.Seed))
	if left := render.PoolExclusions(o.Excluded); left != "" {
		p.note("left out: " + left)
	}
	for _, x := range o.Points {
		p.table(poolModelTable(o, x, u))
		p.note(poolPromise(o, x))
		p.table(poolMeasureTable(x, u, p.interval(doc)))
	}
	p.warnings(doc)
	p.note("lambda: quality that a US dollar more per prompt must bring; mix: share of the prompts with equally good models that get the most expensive of these")
	p.note("cost: USD per 1,000 prompts; share: share of the prompts that the model answers; saving: over always calling " + o.Best)
	p.note("intervals: from the held-out samples, for further prompts like these (exchangeable)")
}

// poolPromise says what an operating point was set for and what is guaranteed about it.
func poolPromise(o *results.PoolOutcomes, x results.PoolPolicyMeasure) string {
	at := fmt.Sprintf("lambda %.4g, mix %.4g", float64(x.Policy.Lambda), float64(x.Policy.Mix))
	if x.Policy.Always != "" {
		at = "always " + x.Policy.Always
	}
	if x.Trivial {
		return fmt.Sprintf("%s (fallback): no operating point is guaranteed to %s", at, poolAim(o, x))
	}
	test := map[string]string{"student": "t-test", "betting": "exact test"}[x.Test]
	return fmt.Sprintf("%s: guaranteed to %s, with %.4g %% confidence (%s)", at, poolAim(o, x), 100*float64(x.Confidence), test)
}

// poolAim says what a guarantee among several models is about.
func poolAim(o *results.PoolOutcomes, x results.PoolPolicyMeasure) string {
	if x.Target == "quality" {
		return "keep " + percent(x.Value) + " of the quality of " + o.Best
	}
	return fmt.Sprintf("cost less than $%v per 1,000 prompts", float64(x.Value))
}

// shareOf begins the names of the measures that hold a model's share.
const shareOf = "share:"

// poolModelTable returns one row per model: what always calling it costs and gives on the held-out
// samples, and its share of the prompts at the operating point.
func poolModelTable(o *results.PoolOutcomes, x results.PoolPolicyMeasure, u render.Unit) *table.Table {
	t := &table.Table{Header: []string{"always", "cost", "quality", "share"}}
	for _, m := range o.Models {
		share := results.Missing
		for _, y := range x.Measures {
			if y.Name == shareOf+m.Name {
				share = y.HeldOut
			}
		}
		t.Add(m.Name, fmt.Sprintf("%.4g", float64(m.Cost)), u.Quality(m.Quality), shareText(share))
	}
	return t
}

// poolMeasureTable returns one row per measure of an operating point.
func poolMeasureTable(x results.PoolPolicyMeasure, u render.Unit, interval string) *table.Table {
	t := &table.Table{Header: []string{"", "calibration", "held out", interval}}
	number := func(v results.Value) string {
		if !v.Exists() {
			return "?"
		}
		return fmt.Sprintf("%.4g", float64(v))
	}
	for _, m := range x.Measures {
		switch m.Name {
		case "quality":
			t.Add("quality", u.Quality(m.Calibration), u.Quality(m.HeldOut), qualitySpan(m, u))
		case "share_of_best":
			t.Add("share of the best's quality", shareText(m.Calibration), shareText(m.HeldOut), span(m.Lo, m.Hi, 100, "%.2f", " %"))
		case "cost_usd":
			t.Add("cost", number(m.Calibration), number(m.HeldOut), span(m.Lo, m.Hi, 1, "%.4g", ""))
		case "saving_usd":
			t.Add("saving", number(m.Calibration), number(m.HeldOut), span(m.Lo, m.Hi, 1, "%.4g", ""))
		}
	}
	return t
}

// poolCSV returns one row per operating point and measure.
func poolCSV(o *results.PoolOutcomes) *table.Table {
	t := &table.Table{Header: []string{"target", "value", "test", "trivial", "lambda", "mix", "always", "measure", "calibration", "held_out", "lo", "hi"}}
	for _, x := range o.Points {
		for _, m := range x.Measures {
			t.Add(x.Target, render.Exact(x.Value), x.Test, fmt.Sprint(x.Trivial), render.Exact(x.Policy.Lambda), render.Exact(x.Policy.Mix), x.Policy.Always,
				m.Name, render.Exact(m.Calibration), render.Exact(m.HeldOut), render.Exact(m.Lo), render.Exact(m.Hi))
		}
	}
	return t
}
