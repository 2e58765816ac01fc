package harness

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/training"
)

// poolPart is a data set with the rows to train on.
type poolPart struct {
	training.Rows
	rows []int
}

// gatherOutcomes reads the data sets of the options.
func gatherOutcomes(ctx context.Context, o TrainPoolOptions) (*training.Outcomes, vectorKind, error) {
	reading, done := o.share()
	defer done()
	t := &gathering{options: o.TrainOptions, extras: true, in: newOpener(reading, o.Feedback), encoders: NewEncoders(o.Encoder, o.Feedback)}
	var err error
	if t.kind, err = t.encoders.kind(); err != nil {
		return nil, t.kind, err
	}
	gold, err := o.gold()
	if err != nil {
		return nil, t.kind, err
	}
	known, err := t.benchmarkRows(ctx, benchmarks.EvalNames())
	if err != nil {
		return nil, t.kind, err
	}
	var parts []poolPart
	for _, name := range o.Data {
		p, err := t.poolData(ctx, name, known)
		if err != nil {
			return nil, t.kind, err
		}
		parts = append(parts, p)
	}
	for _, g := range gold {
		p, err := t.poolGold(ctx, g, o.Models)
		if err != nil {
			return nil, t.kind, err
		}
		parts = append(parts, p)
	}
	if err := t.in.checkNames(o.Pricing); err != nil {
		return nil, t.kind, err
	}
	outcomes, err := o.join(parts)
	return outcomes, t.kind, err
}

// poolData reads a data set without the prompts that are known or near-duplicates of known ones.
func (t *gathering) poolData(ctx context.Context, name string, known []training.Rows) (poolPart, error) {
	rows, err := t.rows(ctx, name, t.kind)
	if err != nil {
		return poolPart{}, err
	}
	looked, err := staticRows(ctx, rows, t.kind)
	if err != nil {
		return poolPart{}, err
	}
	p, copies := poolPart{Rows: rows}, training.Copies(looked, known)
	for i, norm := range rows.Table.PromptNormSHA256 {
		if !copies[norm] {
			p.rows = append(p.rows, i)
		}
	}
	if len(p.rows) == 0 && len(rows.Prompts) > 0 {
		return p, hint.With(fmt.Errorf("%s: every prompt is in a built-in benchmark, exactly or as a near-duplicate, and so none is trained on", rows.Name),
			fmt.Sprintf("--gold %s:COUNT trains on rows of a benchmark, which evaluations then leave out", name))
	}
	if n := len(rows.Prompts) - len(p.rows); n > 0 {
		t.options.note("%s: left out %s found in a benchmark, exactly or as near-duplicates", rows.Name, text.Plural(n, "prompt"))
	}
	return p, nil
}

// poolGold reads a benchmark and draws rows.
func (t *gathering) poolGold(ctx context.Context, g goldRows, models []string) (poolPart, error) {
	rows, err := t.rows(ctx, g.name, t.kind)
	if err != nil {
		return poolPart{}, err
	}
	if models == nil {
		models = modelsOf(rows.Table)
	}
	drawn, err := training.DrawOutcomes(rows.Table, models, g.n, t.options.Seed)
	if err != nil {
		return poolPart{}, fmt.Errorf("gold rows \"%s:%d\": %w", g.name, g.n, err)
	}
	return poolPart{rows, drawn}, nil
}

// join puts the data sets together, without rows on which none of the models was measured.
func (o TrainPoolOptions) join(parts []poolPart) (*training.Outcomes, error) {
	models, err := o.modelsIn(parts)
	if err != nil {
		return nil, err
	}
	var out *training.Outcomes
	for _, p := range parts {
		if err := o.suspect(p.Rows, models...); err != nil {
			return nil, err
		}
		costs, err := o.costs(p, models)
		if err != nil {
			return nil, err
		}
		all := len(p.rows)
		p.rows = slices.DeleteFunc(p.rows, func(i int) bool { return p.measured(i, models) == 0 })
		if n := all - len(p.rows); n > 0 {
			o.note("%s: left out %s without a quality of any model", p.Name, text.Plural(n, "prompt"))
		}
		x := training.OutcomesOf(p.Rows, p.rows, models, costs)
		if out == nil {
			out = x
		} else {
			out.Append(x)
		}
	}
	return out, nil
}

// measured returns the number of the models that were measured on a row.
func (p poolPart) measured(row int, models []string) int {
	n := 0
	for _, m := range models {
		if values, ok := p.Table.QualityOf(m); ok && num.Finite(values[row]) {
			n++
		}
	}
	return n
}

// modelsIn returns the models to train for: the named ones, or those that were measured.
func (o TrainPoolOptions) modelsIn(parts []poolPart) ([]string, error) {
	var all, unmeasured []string
	for _, p := range parts {
		for _, m := range modelsOf(p.Table) {
			if !slices.Contains(all, m) {
				all = append(all, m)
			}
		}
	}
	for k, m := range o.Models {
		if !slices.Contains(all, m) {
			return nil, hint.DidYouMean(hint.With(fmt.Errorf("the data has no model %q", m), modelsHint(all)...), m, all)
		}
		if slices.Contains(o.Models[:k], m) {
			return nil, fmt.Errorf("model %q is named twice", m)
		}
	}
	if o.Models != nil {
		return o.Models, nil
	}
	all = slices.DeleteFunc(all, func(m string) bool {
		none := !slices.ContainsFunc(parts, func(p poolPart) bool {
			return slices.ContainsFunc(p.rows, func(i int) bool { return p.measured(i, []string{m}) > 0 })
		})
		if none {
			unmeasured = append(unmeasured, m)
		}
		return none
	})
	if unmeasured != nil {
		o.note("warning: left out models that were measured on no prompt: %s", strings.Join(unmeasured, ", "))
	}
	return all, nil
}

// costs returns the costs of the models that a data set has, and NaN for those of others.
func (o TrainPoolOptions) costs(p poolPart, models []string) ([][]float64, error) {
	have := modelsOf(p.Table)
	known := slices.DeleteFunc(slices.Clone(models), func(m string) bool { return !slices.Contains(have, m) })
	columns, used, err := o.Pricing.costsOf(p.Table, known)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	for _, w := range o.Pricing.warnings(p.Name, p.Table.Meta.Measured, used) {
		o.note("warning: %s", w)
	}
	out := make([][]float64, len(models))
	for k, m := range models {
		if at := slices.Index(known, m); at >= 0 {
			out[k] = columns[at]
		} else {
			out[k] = num.NaNs(p.Table.Rows())
		}
	}
	return out, nil
}
