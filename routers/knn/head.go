package knn

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// setting controls how fast a neighbour's weight falls with its distance.
type setting struct {
	counts      float64 // weight of a squared difference of log counts, relative to one of directions
	temperature float64
}

// settings returns the settings that cross-validation tries.
func settings() []setting {
	var all []setting
	for _, counts := range []float64{0, 0.03, 0.1, 0.2, 0.5, 1} {
		for _, temperature := range []float64{0.05, 0.1, 0.15, 0.2, 0.3, 0.5} {
			all = append(all, setting{counts, temperature})
		}
	}
	return all
}

// head holds labelled prompts of one kind. The score of a prompt is the mean label of all
// of them, weighted by exp(-d / temperature), where d is half the squared distance. The
// distance is between directions from the mean vector, and between log counts.
type head struct {
	name    string
	setting setting
	vectors [][]float32
	unit    float32            // unit of the vectors' components, see package neighbours
	centre  []float32          // mean of the vectors
	points  *neighbours.Matrix // vectors less the centre
	counts  [][inputs.Counts]float64
	labels  []float64
	mean    float64 // mean of the held-out scores
	spread  float64 // standard deviation of the held-out scores: the unit of scores
}

// newHead returns a head without a setting. The labels must have mean 0.
func newHead(name string, vectors [][]float32, unit float32, counts [][inputs.Counts]float64, labels []float64) *head {
	h := &head{name: name, vectors: vectors, unit: unit, counts: counts, labels: labels, centre: make([]float32, len(vectors[0])), spread: 1}
	sum := make([]float64, len(h.centre))
	for _, v := range vectors {
		for k, x := range v {
			sum[k] += float64(x)
		}
	}
	for k, x := range sum {
		h.centre[k] = float32(x / float64(len(vectors)))
	}
	h.points = neighbours.New(len(vectors), len(h.centre), 0, func(i int, dst []float32) { h.place(dst, vectors[i]) })
	return h
}

func (h *head) place(dst, vector []float32) {
	for k, x := range vector {
		dst[k] = x - h.centre[k]
	}
}

// each calls do once per vector, with a function that returns half the squared distances
// to point j, by direction and by log counts. It calls do concurrently.
func (h *head) each(ctx context.Context, vectors [][]float32, counts [][inputs.Counts]float64, do func(i int, apart func(j int) (directions, counts float64))) error {
	placed := make([][]float32, len(vectors))
	for i, v := range vectors {
		if len(v) != len(h.centre) {
			return errors.New("a vector of another length than those trained on")
		}
		placed[i] = make([]float32, len(v))
		h.place(placed[i], v)
	}
	return h.points.Cosines(ctx, placed, func(i int, cosines []float64) error {
		do(i, func(j int) (float64, float64) {
			square := 0.0
			for k, c := range counts[i] {
				d := c - h.counts[j][k]
				square += float64(d * d)
			}
			return 1 - cosines[j], square / 2
		})
		return nil
	})
}

// scores returns one score per prompt, in standard deviations of the held-out scores.
func (h *head) scores(ctx context.Context, vectors [][]float32, counts [][inputs.Counts]float64) ([]float64, error) {
	out := make([]float64, len(vectors))
	err := h.each(ctx, vectors, counts, func(i int, apart func(int) (float64, float64)) {
		var m mean
		for j, label := range h.labels {
			d, c := apart(j)
			m.add(h.setting.weight(d, c), label)
		}
		out[i] = (m.value() - h.mean) / h.spread
	})
	return out, err
}

func (s setting) weight(directions, counts float64) float64 {
	return math.Exp(-(directions + float64(s.counts*counts)) / s.temperature)
}

// mean accumulates a weighted mean. It is 0, the mean of all labels, if nothing is near.
type mean struct{ sum, weight float64 }

func (m *mean) add(weight, label float64) {
	m.sum += float64(weight * label)
	m.weight += weight
}

func (m *mean) value() float64 {
	if m.weight == 0 {
		return 0
	}
	return m.sum / m.weight
}

// mostQueries is the largest number of prompts that choose the setting.
const mostQueries = 2000

// train chooses the setting with the smallest squared error, where each prompt is
// predicted from all others. It returns the held-out
// scores at that setting. folded has scores of each fold from the others, with settings that these choose.
func (h *head) train(norm []string) (heldOut []float64, folded training.Folded, path []training.Step, err error) {
	group, all := eval.ClusterIDs(norm), settings()
	chosen, fold := training.Smallest(norm, mostQueries), training.FoldsOf(norm, 0)
	errs, err := h.search(chosen, group, fold, all)
	if err != nil {
		return nil, folded, nil, err
	}
	whole := errs[training.Folds]
	h.setting = all[floats.MinIdx(whole)]
	for k, s := range all {
		if s.counts == h.setting.counts {
			path = append(path, training.Step{Setting: s.temperature, Error: whole[k] / float64(len(chosen))})
		}
	}
	if heldOut, err = h.predict(group, func(int) setting { return h.setting }); err != nil {
		return nil, folded, nil, err
	}
	h.mean, h.spread = winrate.Moments(heldOut)
	h.standardise(heldOut)
	folded.Fold = fold
	folded.Score, err = h.predict(fold, func(i int) setting { return all[floats.MinIdx(errs[fold[i]])] })
	h.standardise(folded.Score)
	return heldOut, folded, path, err
}

// standardise turns predictions into standard deviations of the held-out scores.
func (h *head) standardise(predicted []float64) {
	for i, v := range predicted {
		predicted[i] = (v - h.mean) / h.spread
	}
}

// predict predicts every label with a setting, from all prompts outside its own group.
func (h *head) predict(group []int, setting func(i int) setting) ([]float64, error) {
	out := make([]float64, len(group))
	err := h.each(context.Background(), h.vectors, h.counts, func(i int, apart func(int) (float64, float64)) {
		s, m := setting(i), mean{}
		for j, label := range h.labels {
			if group[j] != group[i] {
				d, c := apart(j)
				m.add(s.weight(d, c), label)
			}
		}
		out[i] = m.value()
	})
	return out, err
}
