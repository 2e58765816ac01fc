package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// TrainingData holds outcomes from which routers of every kind are trained, on any of the rows.
type TrainingData struct {
	*training.Outcomes
	Name    string
	Input   results.Input
	Unit    string       // Unit is the unit of quality
	Pair    results.Pair // Pair is the pair of models that the data names; empty if it names none
	Parts   []Part       // Parts holds the part of each row
	Vectors bool         // Vectors is false if the data has neither prompts nor their vectors
	Tasks   bool         // Tasks reports whether the rows have tasks
	// Weight holds the weight of each row, which evaluations count and trainings do not; nil if all
	// rows count alike.
	Weight  []float64
	kind    vectorKind
	options TrainPoolOptions
	// answered holds the answers of each model that has any; nil without models that have.
	answered map[string]*weakAnswers
}

// ReadTraining reads one data set, the only element of o.Data, and divides it. It leaves out
// contaminated rows and those without a quality of any model, and keeps prompts of built-in
// benchmarks: routers know what they were trained on, and evaluations leave it out. Costs are
// unknown if the data has none and needCosts is false.
func ReadTraining(ctx context.Context, o TrainPoolOptions, d Division, needCosts bool) (*TrainingData, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	reading, done := o.share()
	defer done()
	t := &gathering{options: o.TrainOptions, extras: true, weights: true, answers: len(o.Models) == 2, in: newOpener(reading, o.Feedback), encoders: NewEncoders(o.Encoder, o.Feedback)}
	t.in.names = benchmarks.EvalNames()
	kind, err := t.encoders.kind()
	if err != nil {
		return nil, err
	}
	rows, input, err := t.plainRows(ctx, o.Data[0])
	if err != nil {
		return nil, err
	}
	if rows.Table.Winner != nil {
		return nil, fmt.Errorf("%s: found battles, expected the qualities of models, one column quality:MODEL per model", rows.Name)
	}
	meta := rows.Table.Meta
	out := &TrainingData{Name: rows.Name, Input: input, Unit: meta.Unit, Pair: results.Pair{Strong: meta.Strong, Weak: meta.Weak}, kind: kind, options: o}
	if err := out.encode(ctx, t.encoders, &rows); err != nil {
		return nil, err
	}
	if err := out.take(rows, d, needCosts); err != nil {
		return nil, err
	}
	return out, t.in.checkNames(o.Pricing)
}

// encode adds vectors to the rows, if the data has anything to make them of.
func (d *TrainingData) encode(ctx context.Context, e *Encoders, rows *training.Rows) error {
	t := rows.Table
	stored := t.Dim() > 0 && d.kind.fits(t.Meta.Encoder, t.Meta.EncoderSHA256)
	if _, builtin := benchmarks.Data(d.options.Data[0]); !stored && !t.HasPrompt && !builtin {
		return nil
	}
	vectors, err := e.vectorsOf(ctx, d.options.Data[0], t, d.kind)
	if err != nil {
		return fmt.Errorf("%q: %w", d.options.Data[0], err)
	}
	rows.Prompts, d.Vectors = withVectors(rows.Prompts, vectors), true
	return nil
}

// take keeps the usable rows with their costs and parts.
func (d *TrainingData) take(rows training.Rows, by Division, needCosts bool) error {
	t, o := rows.Table, d.options
	p := poolPart{Rows: rows}
	for i := range t.Rows() {
		if !t.Contaminated[i] {
			p.rows = append(p.rows, i)
		}
	}
	models, err := o.modelsIn([]poolPart{p})
	if err != nil {
		return err
	}
	if err := o.suspect(rows, models...); err != nil {
		return err
	}
	p.rows = slices.DeleteFunc(p.rows, func(i int) bool { return p.measured(i, models) == 0 })
	if len(p.rows) == 0 {
		return errors.New("no sample has a quality of any model")
	}
	var costs [][]float64
	if needCosts || o.Pricing.knows(t, models) {
		if costs, err = o.costs(p, models); err != nil && needCosts {
			return err
		}
	}
	d.Outcomes = training.OutcomesOf(rows, p.rows, models, costs)
	d.keepAnswers(rows, p.rows)
	if t.Weight != nil {
		d.Weight = unevenOf(slicesx.Pick(t.Weight, p.rows))
	}
	parts := by.of(t)
	for _, i := range p.rows {
		d.Parts = append(d.Parts, parts[i])
	}
	d.Tasks = severalTasks(t, p.rows)
	return nil
}

// severalTasks reports whether the rows have at least two different tasks.
func severalTasks(t *datasets.Table, rows []int) bool {
	return t.Task != nil && slices.ContainsFunc(rows, func(i int) bool { return t.Task[i] != t.Task[rows[0]] })
}

// In returns the rows of a part.
func (d *TrainingData) In(part Part) []int {
	var rows []int
	for i, p := range d.Parts {
		if p == part {
			rows = append(rows, i)
		}
	}
	return rows
}

// Weights returns the weights of some rows; nil if all rows of the data count alike.
func (d *TrainingData) Weights(rows []int) []float64 {
	if d.Weight == nil {
		return nil
	}
	return slicesx.Pick(d.Weight, rows)
}

// Clusters returns the cluster number of each of some rows: rows that share a cluster or a prompt
// share one.
func (d *TrainingData) Clusters(rows []int) []int {
	return eval.ClusterIDs(eval.Groups(slicesx.Pick(d.Cluster, rows), slicesx.Pick(d.Norm, rows)))
}

// trainingOptions returns the options of a training. strong and weak are "" for several models.
func (d *TrainingData) trainingOptions(strong, weak string) training.Options {
	return training.Options{
		Strong: strong, Weak: weak, Encoder: d.kind.name, EncoderSHA256: d.kind.sha256, Seed: d.options.Seed, Recipe: d.options.Recipe,
	}
}

// TrainedPredictor is a trained router among several models.
type TrainedPredictor interface {
	TrainedModel
	routers.Predictor
}

// TrainPool trains a router among the models, of a kind that [TrainPool] takes, on some rows. The
// validation has a row for each of them.
func (d *TrainingData) TrainPool(ctx context.Context, router string, rows []int) (TrainedPredictor, training.Validation, error) {
	m, v, err := poolTrainers[router](ctx, d.Outcomes.Pick(rows), d.trainingOptions("", ""), d.kind.unit(), false)
	if err != nil {
		return nil, v, err
	}
	return m.(TrainedPredictor), v, ctx.Err()
}

// TrainedRouter is a trained router between two models.
type TrainedRouter interface {
	TrainedModel
	routers.Router
}

// TrainPair trains a router between two of the models, given by their numbers, of a kind that
// [Train] takes, on those of the rows on which both were measured.
// once is as in [training.Options].
func (d *TrainingData) TrainPair(ctx context.Context, router string, strong, weak int, rows []int, once bool) (TrainedRouter, []training.Report, error) {
	source, _ := d.Outcomes.Pick(rows).Pair(strong, weak)
	o := d.trainingOptions(d.Models[strong], d.Models[weak])
	o.Once = once
	m, reports, err := trainers[router]([]*training.Source{source}, o, d.kind.unit())
	if err != nil {
		return nil, nil, err
	}
	return m.(TrainedRouter), reports, ctx.Err()
}
