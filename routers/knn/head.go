package knn

import (
	"context"
	"errors"
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
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
// predicted from all others. It returns the held-out scores at that setting.
func (h *head) train(norm []string) (heldOut []float64, path []training.Step, err error) {
	group, all := eval.ClusterIDs(norm), settings()
	errs := make([]float64, len(all))
	chosen := training.Smallest(norm, mostQueries)
	predicted, err := h.leaveOut(chosen, group, all)
	if err != nil {
		return nil, nil, err
	}
	for q, i := range chosen {
		for k, p := range predicted[q] {
			errs[k] += float64((p - h.labels[i]) * (p - h.labels[i]))
		}
	}
	best := 0
	for k, e := range errs {
		if e < errs[best] {
			best = k
		}
	}
	h.setting = all[best]
	for k, s := range all {
		if s.counts == h.setting.counts {
			path = append(path, training.Step{Setting: s.temperature, Error: errs[k] / float64(len(chosen))})
		}
	}
	everyone := make([]int, len(norm))
	for i := range everyone {
		everyone[i] = i
	}
	predicted, err = h.leaveOut(everyone, group, all[best:best+1])
	if err != nil {
		return nil, nil, err
	}
	heldOut = make([]float64, len(norm))
	for i, p := range predicted {
		heldOut[i] = p[0]
	}
	h.mean, h.spread = winrate.Moments(heldOut)
	for i, v := range heldOut {
		heldOut[i] = (v - h.mean) / h.spread
	}
	return heldOut, path, nil
}

// leaveOut predicts the labels of the given rows with every setting, each from all
// prompts outside its own group.
func (h *head) leaveOut(rows, group []int, all []setting) ([][]float64, error) {
	out := make([][]float64, len(rows))
	err := h.each(context.Background(), slicesx.Pick(h.vectors, rows), slicesx.Pick(h.counts, rows), func(q int, apart func(int) (float64, float64)) {
		means := make([]mean, len(all))
		for j, label := range h.labels {
			if group[j] == group[rows[q]] {
				continue
			}
			d, c := apart(j)
			for k, s := range all {
				means[k].add(s.weight(d, c), label)
			}
		}
		out[q] = make([]float64, len(all))
		for k := range means {
			out[q][k] = means[k].value()
		}
	})
	return out, err
}
