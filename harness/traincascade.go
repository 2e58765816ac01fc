package harness

import (
	"context"
	"errors"
	"fmt"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers/training"
	"github.com/routellm/routellm/routers/weakfirst"
)

// trainCascade trains a cascade on data sets with answers. With o.PromptVectors it also reads the prompts'
// vectors.
func trainCascade(ctx context.Context, o TrainOptions) (TrainedModel, []training.Report, error) {
	if len(o.Gold) > 0 {
		return nil, nil, hint.With(errors.New("a cascade learns from the weak model's answers, which --gold does not have"), "--data FILE takes a file of answers, as routellm answer and grade write it")
	}
	reading, done := o.share()
	defer done()
	t := &gathering{options: o, answers: true, in: newOpener(reading, o.Feedback), encoders: NewEncoders(o.Encoder, o.Feedback)}
	var err error
	if t.kind, err = t.encoders.kind(); err != nil {
		return nil, nil, err
	}
	if t.pair, err = t.choosePair(ctx, nil); err != nil {
		return nil, nil, err
	}
	known, err := t.benchmarkRows(ctx, benchmarks.Names())
	if err != nil {
		return nil, nil, fault.Wrap(err)
	}
	var all *training.Outcomes
	for _, name := range o.Data {
		x, err := t.answeredData(ctx, name, known)
		if err != nil {
			return nil, nil, err
		}
		if all == nil {
			all = x
		} else {
			all.Append(x)
		}
	}
	options := training.Options{Strong: t.pair.Strong, Weak: t.pair.Weak, Recipe: o.recipe("cascade"), Seed: o.Seed, Progress: o.progress("training")}
	return trained(weakfirst.Train(ctx, all, 0, 1, t.kind.cascade(options, o.PromptVectors, o.WithoutSignals)))
}

// answeredData returns the outcomes of the pair on a data set, with the weak model's answers, without
// prompts of the built-in benchmarks.
func (t *gathering) answeredData(ctx context.Context, name string, known []training.Rows) (*training.Outcomes, error) {
	rows, _, err := t.plainRows(ctx, name)
	if err != nil {
		return nil, err
	}
	if rows.Table.Winner != nil {
		return nil, fmt.Errorf("%s: found battles, expected the qualities of models, one column quality:MODEL per model", rows.Name)
	}
	if err := checkModels(name, modelsOf(rows.Table), t.pair); err != nil {
		return nil, err
	}
	if err := t.options.suspect(rows, t.pair.Strong, t.pair.Weak); err != nil {
		return nil, err
	}
	if rows, err = t.encoded(ctx, name, rows); err != nil {
		return nil, err
	}
	w, err := weakAnswersOf(name, rows.Table, t.pair.Weak)
	if err != nil {
		return nil, err
	}
	w.addTo(rows.Prompts, everyRow(rows.Table))
	rows.Exclude = training.Copies(rows, known)
	var kept []int
	for i, norm := range rows.Table.PromptNormSHA256 {
		if !rows.Exclude[norm] && !rows.Table.Contaminated[i] {
			kept = append(kept, i)
		}
	}
	t.noteLeftOut(rows, &training.Source{Prompts: slicesx.Pick(rows.Prompts, kept)})
	t.options.warnUnmeasured(rows, t.pair)
	return training.OutcomesOf(rows, kept, []string{t.pair.Strong, t.pair.Weak}, nil), nil
}

// encoded adds vectors to rows: those of the options where a cascade reads them, else those of the
// built-in encoder, by which near-duplicates are found. Without text there are none.
func (t *gathering) encoded(ctx context.Context, name string, rows training.Rows) (training.Rows, error) {
	if !t.options.PromptVectors {
		return staticRows(ctx, rows, vectorKind{})
	}
	vectors, err := t.encoders.vectorsOf(ctx, name, rows.Table, t.kind)
	if err != nil {
		return rows, fmt.Errorf("%q: %w", name, err)
	}
	rows.Prompts = withVectors(rows.Prompts, vectors)
	return rows, nil
}
