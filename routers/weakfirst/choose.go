package weakfirst

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/parallel"
	"github.com/routellm/routellm/routers/training"
)

// ridges are the penalties that cross-validation chooses from, the largest first.
var ridges = []float64{1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1}

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
