package weakfirst

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/parallel"
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

// ridges are the penalties that cross-validation chooses from, the largest first.
var ridges = []float64{1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1}

// leastKnown is the number of training prompts for which a signal must be known to be read.
const leastKnown = 20

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

// readings returns the signals that are known for enough rows and differ between them.
func (t *trainer) readings() []reading {
	var out []reading
	for at, s := range signals.All() {
		var known []float64
		for _, row := range t.signals {
			if !math.IsNaN(row[at]) {
				known = append(known, row[at])
			}
		}
		if len(known) < leastKnown || slices.Min(known) == slices.Max(known) || slices.Contains(t.options.Without, s.Name) {
			continue
		}
		mean, sd := moments(known)
		out = append(out, reading{name: s.Name, at: at, mean: mean, scale: 1 / sd, always: len(known) == len(t.signals)})
	}
	return out
}

// moments returns the mean and the standard deviation.
func moments(x []float64) (mean, sd float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		sd += float64((v-mean)*(v-mean)) / n
	}
	return mean, math.Sqrt(sd)
}

// samples returns the number of further answers per prompt: the least that explains all agreements.
func (t *trainer) samples() int {
	const most = 100
	whole := func(k int) bool {
		return !slices.ContainsFunc(t.all.Prompts, func(p routers.Prompt) bool {
			v := p.Answer.Agreement * float64(k)
			return num.Finite(v) && math.Abs(v-math.Round(v)) > 1e-6
		})
	}
	for k := 1; k < most; k++ {
		if whole(k) {
			return k
		}
	}
	return most
}

// scaled computes the scaled inputs of the answered rows, and their scale. The vector is scaled as a
// whole to a variance of 1, which keeps directions, and each count by itself.
func (t *trainer) scaled(m *Model) error {
	dim := 0
	if t.options.Prompt {
		dim = len(t.all.Prompts[0].Vector)
	}
	raw := make([][]float64, len(t.answered))
	for i, k := range t.answered {
		var err error
		if raw[i], err = promptInputs(nil, &t.all.Prompts[k], dim); err != nil {
			return err
		}
	}
	m.scale = scaleOf(raw)
	for i, k := range t.answered {
		x, err := m.inputs(nil, &t.all.Prompts[k], t.signals[i])
		if err != nil {
			return err
		}
		t.x = append(t.x, x)
	}
	return nil
}

// scaleOf returns the scale of rows of prompt inputs.
func scaleOf(rows [][]float64) scale {
	var s scale
	total := 0.0
	column := make([]float64, len(rows))
	for k := range rows[0] {
		for i, row := range rows {
			column[i] = row[k]
		}
		mean, sd := moments(column)
		if slices.Min(column) == slices.Max(column) {
			sd = 0 // not what rounding makes of it, which would blow up any other value
		}
		s.mean, s.factor = append(s.mean, mean), append(s.factor, sd)
		if k >= len(counts) {
			total += float64(sd * sd)
		}
	}
	for k, sd := range s.factor {
		if k >= len(counts) {
			sd = math.Sqrt(total)
		}
		s.factor[k] = 1
		if sd > 0 {
			s.factor[k] = 1 / sd
		}
	}
	return s
}

// choose returns the ridge weight with the smallest loss on held-out rows, with the scores that these
// got with it, and the loss of each ridge weight.
func (t *trainer) choose(ctx context.Context, d training.Division) (best float64, held []float64, path []training.Step, err error) {
	scores := make([][]float64, len(ridges))
	for k := range scores {
		scores[k] = make([]float64, len(t.x))
	}
	errs := make([]error, d.Parts)
	err = parallel.Each(ctx, d.Parts, func(part int) { errs[part] = t.part(part, d, scores) })
	if err = errors.Join(append(errs, err)...); err != nil {
		return 0, nil, nil, err
	}
	least := math.Inf(1)
	for k, ridge := range ridges {
		loss := 0.0
		for i, p := range scores[k] {
			loss += logLoss(p, t.target[i]) / float64(len(t.x))
		}
		path = append(path, training.Step{Setting: ridge, Error: loss})
		if loss < least {
			least, best, held = loss, ridge, scores[k]
		}
	}
	return best, held, path, nil
}

// part scores the rows of one part by models that were trained on the others.
func (t *trainer) part(part int, d training.Division, scores [][]float64) error {
	var x [][]float64
	var y []float64
	var out []int
	for i, k := range t.answered {
		if d.Of[k] == part {
			out = append(out, i)
			continue
		}
		x, y = append(x, t.x[i]), append(y, t.target[i])
	}
	if len(x) == 0 {
		return errors.New("all answers are in one part of the cross-validation")
	}
	w := make([]float64, len(t.x[0])+1)
	for k, ridge := range ridges {
		var err error
		if w, err = logistic(x, y, ridge, w); err != nil {
			return err
		}
		for _, i := range out {
			scores[k][i] = bradleyterry.Sigmoid(weigh(w, t.x[i]))
		}
	}
	return nil
}

// report compares the held-out scores with the outcomes, and keeps those of prompts that occur once:
// repeats of a prompt have an answer and a score each.
func (t *trainer) report(m *Model, held []float64, ridge float64, path []training.Step) training.Report {
	all := slices.Repeat([]float64{1}, len(t.rows)) // of rows without an answer
	for i, k := range t.answered {
		all[k] = held[i]
	}
	times := map[string]int{}
	for _, norm := range t.source.Norm {
		times[norm]++
	}
	var norm []string
	var score []float64
	for k, n := range t.source.Norm {
		if times[n] == 1 {
			norm, score = append(norm, n), append(score, all[k])
		}
	}
	m.KeepHeldOut(norm, score)
	r := training.NewReport(t.source, all)
	r.Setting, r.Path = fmt.Sprintf("ridge %g", ridge), path
	return r
}
