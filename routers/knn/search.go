package knn

import (
	"context"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers/training"
)

// search returns the squared errors of the given rows, by setting. errs[f] holds those of the rows
// outside fold f, each predicted from the prompts outside its own fold and f: what predictions of f
// may choose a setting by. errs[training.Folds] holds those of all rows, each predicted from all
// prompts outside its own group, which no fold divides.
func (h *head) search(rows, group, fold []int, all []setting) (errs [][]float64, err error) {
	byRow := make([][][]float64, len(rows))
	err = h.each(context.Background(), slicesx.Pick(h.vectors, rows), slicesx.Pick(h.places, rows), func(q int, to func(int) apart) {
		own := rows[q]
		sums := newErrors[mean](len(all))
		for j, label := range h.labels {
			if group[j] == group[own] {
				continue
			}
			d := to(j)
			for k, s := range all {
				sums[fold[j]][k].add(s.weight(d), label)
			}
		}
		byRow[q] = squaredErrors(sums[:training.Folds], fold[own], h.labels[own])
	})
	errs = newErrors[float64](len(all))
	for _, of := range byRow { // in order, because sums depend on it
		for f := range of {
			floats.Add(errs[f], of[f])
		}
	}
	return errs, err
}

// newErrors returns room for one value per fold and setting, and one more row for all folds.
func newErrors[T any](settings int) [][]T {
	out := make([][]T, training.Folds+1)
	for f := range out {
		out[f] = make([]T, settings)
	}
	return out
}

// squaredErrors returns the errors of one row of fold own, from the sums over the prompts of each fold.
func squaredErrors(sums [][]mean, own int, label float64) [][]float64 {
	out := newErrors[float64](len(sums[0]))
	for excluded := range out {
		for k := range out[excluded] {
			var m mean
			for f := range sums {
				if excluded == training.Folds || f != own && f != excluded {
					m.sum, m.weight = m.sum+sums[f][k].sum, m.weight+sums[f][k].weight
				}
			}
			if d := m.value() - label; excluded != own {
				out[excluded][k] = float64(d * d)
			}
		}
	}
	return out
}
