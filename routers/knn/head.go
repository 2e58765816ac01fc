package knn

import (
	"context"
	"errors"
	"fmt"
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
	cues        float64 // the same for the mean squared difference of scaled cues
	temperature float64
}

// String returns the setting in at most 15 characters: the table of train has no room for more.
func (s setting) String() string {
	return fmt.Sprintf("T%g c%g k%g", s.temperature, s.counts, s.cues)
}

// settings returns the settings that cross-validation tries, for prompts with or without cues.
func settings(cues bool) []setting {
	var all []setting
	weights := []float64{0}
	if cues {
		weights = []float64{0, 0.1, 0.4, 1.6}
	}
	for _, counts := range []float64{0, 0.1, 0.3, 1} {
		for _, w := range weights {
			for _, temperature := range []float64{0.05, 0.1, 0.15, 0.2, 0.3, 0.5} {
				all = append(all, setting{counts, w, temperature})
			}
		}
	}
	return all
}

// head holds labelled prompts of one kind. The score of a prompt is the mean label of all
// of them, weighted by exp(-d / temperature), where d is half the squared distance. The
// distance is between directions from the mean vector, between log counts, and between scaled
// cues.
type head struct {
	name    string
	setting setting
	inputs  inputs.Scaler
	vectors [][]float32
	unit    float32            // unit of the vectors' components, see package neighbours
	centre  []float32          // mean of the vectors
	points  *neighbours.Matrix // vectors less the centre
	places  []place
	labels  []float64
	mean    float64 // mean of the scores of training prompts, each from all others
	spread  float64 // their standard deviation: the unit of scores
}

// place is where a prompt lies beside its vector.
type place struct {
	counts [inputs.Counts]float64 // logarithms of the counts
	cues   []int8                 // scaled cues, in units of cueUnit
}

// cueUnit is the unit of scaled cues, which lie within three standard deviations.
const cueUnit = 1.0 / 32

// placeOf returns the place of a prompt with inputs x.
func placeOf(s inputs.Scaler, x []float64) place {
	p := place{counts: [inputs.Counts]float64(x[s.Vector:])}
	for _, v := range s.Row(nil, x)[s.Vector+inputs.Counts:] {
		p.cues = append(p.cues, int8(math.Round(v/cueUnit)))
	}
	return p
}

// apart holds half the squared distances of two prompts: of directions, of log counts, and the
// mean over cues.
type apart struct{ directions, counts, cues float64 }

// to returns the distances to another place, given that of directions.
func (p *place) to(other *place, directions float64) apart {
	d := apart{directions: directions}
	for k, c := range p.counts {
		e := c - other.counts[k]
		d.counts += float64(e*e) / 2
	}
	sum := int32(0)
	cues := other.cues[:len(p.cues)]
	for k, c := range p.cues {
		e := int32(c) - int32(cues[k])
		sum += e * e
	}
	d.cues = float64(sum) * (cueUnit * cueUnit / 2) / max(float64(len(p.cues)), 1)
	return d
}

// newHead returns a head without a setting. The labels must have mean 0.
func newHead(name string, scale inputs.Scaler, vectors [][]float32, unit float32, places []place, labels []float64) *head {
	h := &head{name: name, inputs: scale, vectors: vectors, unit: unit, places: places, labels: labels, centre: make([]float32, len(vectors[0])), spread: 1}
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

// each calls do once per prompt, with a function that returns the distances to point j. It calls do
// concurrently.
func (h *head) each(ctx context.Context, vectors [][]float32, places []place, do func(i int, to func(j int) apart)) error {
	placed := make([][]float32, len(vectors))
	for i, v := range vectors {
		if len(v) != len(h.centre) {
			return errors.New("a vector of another length than those trained on")
		}
		placed[i] = make([]float32, len(v))
		h.place(placed[i], v)
	}
	return h.points.Cosines(ctx, placed, func(i int, cosines []float64) error {
		do(i, func(j int) apart { return places[i].to(&h.places[j], 1-cosines[j]) })
		return nil
	})
}

// scores returns one score per prompt, in units of spread.
func (h *head) scores(ctx context.Context, vectors [][]float32, places []place) ([]float64, error) {
	out := make([]float64, len(vectors))
	err := h.each(ctx, vectors, places, func(i int, to func(int) apart) {
		var m mean
		for j, label := range h.labels {
			m.add(h.setting.weight(to(j)), label)
		}
		out[i] = (m.value() - h.mean) / h.spread
	})
	return out, err
}

func (s setting) weight(d apart) float64 {
	return math.Exp(-(d.directions + float64(s.counts*d.counts) + float64(s.cues*d.cues)) / s.temperature)
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

// train chooses the setting with the smallest squared error, where each prompt is predicted from all
// others. It returns the scores of each fold from the others, with settings that these choose, and
// the same at one level for all folds.
func (h *head) train(norm []string) (folded training.Folded, levelled []float64, path []training.Step, err error) {
	group, all := eval.ClusterIDs(norm), settings(h.inputs.Cues > 0)
	chosen, fold := training.Smallest(norm, mostQueries), training.FoldsOf(norm, 0)
	errs, err := h.search(chosen, group, fold, all)
	if err != nil {
		return folded, nil, nil, err
	}
	whole := errs[training.Folds]
	h.setting = all[floats.MinIdx(whole)]
	for k, s := range all {
		if s.counts == h.setting.counts && s.cues == h.setting.cues {
			path = append(path, training.Step{Setting: s.temperature, Error: whole[k] / float64(len(chosen))})
		}
	}
	fromOthers, err := h.predict(group, func(int) setting { return h.setting })
	if err != nil {
		return folded, nil, nil, err
	}
	h.mean, h.spread = winrate.Moments(fromOthers)
	folded.Fold = fold
	if folded.Score, err = h.predict(fold, func(i int) setting { return all[floats.MinIdx(errs[fold[i]])] }); err != nil {
		return folded, nil, nil, err
	}
	levelled = folded.Level(h.labels)
	for i, v := range folded.Score {
		folded.Score[i], levelled[i] = (v-h.mean)/h.spread, (levelled[i]-h.mean)/h.spread
	}
	return folded, levelled, path, nil
}

// predict predicts every label with a setting, from all prompts outside its own group.
func (h *head) predict(group []int, setting func(i int) setting) ([]float64, error) {
	out := make([]float64, len(group))
	err := h.each(context.Background(), h.vectors, h.places, func(i int, to func(int) apart) {
		s, m := setting(i), mean{}
		for j, label := range h.labels {
			if group[j] != group[i] {
				m.add(s.weight(to(j)), label)
			}
		}
		out[i] = m.value()
	})
	return out, err
}
