package harness

import (
	"context"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
	"github.com/routellm/routellm/routers/weakfirst"
)

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
// reads the prompts' vectors. without names signals that it does not read.
func (d *TrainingData) TrainCascade(ctx context.Context, strong, weak int, rows []int, vectors bool, without ...string) (TrainedRouter, []training.Report, error) {
	m, reports, err := weakfirst.Train(ctx, d.Outcomes.Pick(rows), strong, weak, d.kind.cascade(d.trainingOptions(d.Models[strong], d.Models[weak]), vectors, without))
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
	usd, _, _ := w.asking(r.AnswerNeeds(), cost, nil, rows, 1)
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
