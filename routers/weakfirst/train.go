package weakfirst

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/signals"
	"github.com/routellm/routellm/routers/training"
)

// Options describes the training of a cascade.
type Options struct {
	training.Options
	// Prompt also reads the prompt's vector: what a router of prompts reads, and the answer.
	Prompt bool
	// Without names signals that are not read although they are known, such as those that cost more
	// than they tell.
	Without []string
}

// Train trains a cascade on the outcomes of two models, given by their numbers, and the answers of the
// weak one in the prompts. Rows on which one of the models was not measured are left out, and rows
// without an answer: they always go to the strong model. The ridge weight is chosen by
// cross-validation, in which rows that share a prompt or a cluster stay together; the report is about
// the scores of held-out rows.
func Train(ctx context.Context, o *training.Outcomes, strong, weak int, options Options) (*Model, []training.Report, error) {
	if err := signals.Check(options.Without); err != nil {
		return nil, nil, err
	}
	source, rows := o.Pair(strong, weak)
	if err := checkRows(o, rows); err != nil {
		return nil, nil, err
	}
	t := &trainer{options: options, source: source, rows: rows, all: o.Pick(rows)}
	for k, i := range rows {
		if a := o.Prompts[i].Answer; !a.Failed {
			t.answered = append(t.answered, k)
		}
	}
	if err := t.check(); err != nil {
		return nil, nil, err
	}
	return t.train(ctx)
}

// checkRows returns an error unless every row has an answer.
func checkRows(o *training.Outcomes, rows []int) error {
	for _, i := range rows {
		p := &o.Prompts[i]
		if err := p.CheckAnswer(); err != nil {
			return err
		}
		if _, err := promptInputs(nil, p, len(p.Vector)); err != nil {
			return err
		}
	}
	return nil
}

// trainer is a training under way.
type trainer struct {
	options  Options
	source   *training.Source
	all      *training.Outcomes // the rows with outcomes of both models
	rows     []int
	answered []int       // indices into all of the rows with an answer
	signals  [][]float64 // signals of the answered rows
	target   []float64   // targets of the answered rows, in [0,1]
	x        [][]float64
}

// check returns an error if there is too little to learn from.
func (t *trainer) check() error {
	if n := len(t.answered); n < 2*training.Folds {
		return fmt.Errorf("%q has %s with an answer of the weak model and outcomes of both, expected at least %d", t.source.Name, text.Plural(n, "prompt"), 2*training.Folds)
	}
	gains := slicesx.Pick(t.source.Gain, t.answered)
	most := slices.Max(gains)
	if most <= 0 {
		return errors.New("the strong model's answer is better on none of the prompts, so that there is nothing to learn")
	}
	for _, g := range gains {
		t.target = append(t.target, max(g, 0)/most)
	}
	if slices.Min(t.target) == slices.Max(t.target) {
		return errors.New("the strong model's answer is better by the same on every prompt, so that there is nothing to learn")
	}
	return nil
}

// train chooses the ridge weight and fits the model.
func (t *trainer) train(ctx context.Context) (*Model, []training.Report, error) {
	for _, k := range t.answered {
		t.signals = append(t.signals, signals.Of(t.all.Prompts[k].Answer))
	}
	d := training.Divide(t.all)
	if d.Parts < 2 {
		return nil, nil, errors.New("all rows are in one cluster: cross-validation needs at least two")
	}
	m := &Model{Card: training.NewCard([]*training.Source{t.source}, t.options.Options), reads: t.readings()}
	if len(m.reads) == 0 {
		return nil, nil, hint.With(errors.New("no signal of the weak model's answers is known for enough prompts and differs between them"),
			"routellm answer asks for answers with log-probabilities")
	}
	m.samples = t.samples()
	if err := t.scaled(m); err != nil {
		return nil, nil, err
	}
	best, held, path, err := t.choose(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	if m.weights, err = logistic(t.x, t.target, best, make([]float64, len(t.x[0])+1)); err != nil {
		return nil, nil, err
	}
	return m, []training.Report{t.report(m, held, best, path)}, ctx.Err()
}
