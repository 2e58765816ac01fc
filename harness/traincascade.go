package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
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
	return trained(weakfirst.Train(ctx, all, 0, 1, t.kind.cascade(options, o.PromptVectors)))
}

// cascade returns the options of a cascade: one that reads no vectors has no encoder.
func (k vectorKind) cascade(o training.Options, vectors bool) weakfirst.Options {
	if vectors {
		o.Encoder, o.EncoderSHA256 = k.name, k.sha256
	}
	return weakfirst.Options{Options: o, Prompt: vectors}
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

// addTo sets the answers to prompts, which are those of the given rows.
func (w *weakAnswers) addTo(prompts []routers.Prompt, rows []int) {
	for k, i := range rows {
		prompts[k].Answer = &w.answers[i]
	}
}

// pick returns the answers at some rows.
func (w *weakAnswers) pick(rows []int) *weakAnswers {
	out := &weakAnswers{}
	for _, i := range rows {
		out.answers = append(out.answers, w.answers[i])
		out.trueUSD, out.trueTimes = append(out.trueUSD, w.trueUSD[i]), append(out.trueTimes, w.trueTimes[i])
	}
	return out
}

// LookAt makes a model's answers those that cascades look at, in the prompts. Data without its answers
// is an error.
func (d *TrainingData) LookAt(model string) error {
	w := d.answered[model]
	if w == nil {
		return noAnswers(d.Name, model)
	}
	w.addTo(d.Prompts, upTo(len(d.Prompts)))
	return nil
}

// TrainCascade trains a cascade of two of the models, given by their numbers, on those of the rows on
// which both were measured. Call [TrainingData.LookAt] with the weak model first. With vectors it also
// reads the prompts' vectors.
func (d *TrainingData) TrainCascade(ctx context.Context, strong, weak int, rows []int, vectors bool) (TrainedRouter, []training.Report, error) {
	m, reports, err := weakfirst.Train(ctx, d.Outcomes.Pick(rows), strong, weak, d.kind.cascade(d.trainingOptions(d.Models[strong], d.Models[weak]), vectors))
	if err != nil {
		return nil, nil, err
	}
	return m, reports, ctx.Err()
}

// Asking returns what a cascade's weak model costs for each of some rows, in USD, before it is known
// whether the strong model is asked; NaN where that is not known.
func (d *TrainingData) Asking(r routers.AnswerRouter, weak int, rows []int) []float64 {
	w := d.answered[d.Models[weak]]
	if w == nil || d.Cost.Rows() == 0 {
		return num.NaNs(len(rows))
	}
	cost := make([]float64, len(rows))
	for k, i := range rows {
		cost[k] = d.Cost.At(i, weak)
	}
	usd, _, _ := w.asking(r.AnswerNeeds(), cost, nil, rows)
	return usd
}

// keepAnswers keeps the answers to the rows of every model that has any.
func (d *TrainingData) keepAnswers(rows training.Rows, kept []int) {
	d.answered = map[string]*weakAnswers{}
	for _, m := range d.Models {
		if w, err := weakAnswersOf(rows.Name, rows.Table, m); err == nil {
			d.answered[m] = w.pick(kept)
		}
	}
	rows.Table.Answers = nil
}

// HasSignals reports whether log-probabilities of a model's answers are known.
func (d *TrainingData) HasSignals(model string) bool {
	w := d.answered[model]
	return w != nil && slices.ContainsFunc(w.answers, func(a routers.Answer) bool { return num.Finite(a.LogprobMean) })
}
