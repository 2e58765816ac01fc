package knn

import (
	"errors"
	"fmt"

	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// leastPrompts is how many labelled prompts a training needs.
const leastPrompts = 20

// Train fits a model on its sources: one head for chat, of a judge's grades if there are
// any and else of votes, and one for all gold sources. The gate tells chat and each gold
// source apart; with grades there, votes shape only the gate. unit is what the vectors'
// components are whole multiples of, or 0. The same sources give the same model.
func Train(sources []*training.Source, o training.Options, unit float32) (*Model, []training.Report, error) {
	if len(sources) == 0 {
		return nil, nil, errors.New("nothing to train on")
	}
	for _, s := range sources {
		if len(s.Prompts) < leastPrompts {
			return nil, nil, fmt.Errorf("%q: %d labelled prompts, want at least %d", s.Name, len(s.Prompts), leastPrompts)
		}
	}
	m := &Model{Card: training.NewCard(sources, o)}
	var reports []training.Report
	var score, won []float64
	for _, part := range parts(sources) {
		heldOut, r, err := m.addHead(part, unit)
		if err != nil {
			return nil, nil, err
		}
		reports, score = append(reports, r...), append(score, heldOut...)
		for _, s := range part.sources {
			won = append(won, s.Won...)
		}
		if o.Progress != nil {
			o.Progress(len(m.heads), len(parts(sources)))
		}
	}
	m.Scale = winrate.Fit(score, won)
	m.keep(parts(sources), score)
	return m, reports, m.fitGate(sources)
}

// part is the sources of one head.
type part struct {
	name    string
	sources []*training.Source
}

func parts(sources []*training.Source) []part {
	var out []part
	if s := training.Chat(sources); s != nil {
		out = append(out, part{s.Name, []*training.Source{s}})
	}
	gold := part{name: string(training.Gold)}
	for _, s := range sources {
		if s.Kind == training.Gold {
			gold.sources = append(gold.sources, s)
		}
	}
	if gold.sources != nil {
		out = append(out, gold)
	}
	return out
}

// addHead trains a head and returns its held-out scores.
func (m *Model) addHead(p part, unit float32) ([]float64, []training.Report, error) {
	var vectors [][]float32
	var counts [][inputs.Counts]float64
	var labels []float64
	var norm []string
	for _, s := range p.sources {
		for i, prompt := range s.Prompts {
			vectors, counts = append(vectors, prompt.Vector), append(counts, countsOf(prompt))
			labels, norm = append(labels, s.Label[i]), append(norm, s.Norm[i])
		}
	}
	level := training.Mean(labels)
	for i := range labels {
		labels[i] -= level
	}
	h := newHead(p.name, vectors, unit, counts, labels)
	heldOut, path, err := h.train(norm)
	if err != nil {
		return nil, nil, err
	}
	m.heads = append(m.heads, h)
	var reports []training.Report
	from := 0
	for _, s := range p.sources {
		z := heldOut[from : from+len(s.Norm)]
		from += len(s.Norm)
		own := winrate.Fit(z, s.Won)
		rates := make([]float64, len(z))
		for i, v := range z {
			rates[i] = own.Rate(v)
		}
		r := training.NewReport(s, rates)
		r.Setting, r.Path = fmt.Sprintf("T %g, c %g", h.setting.temperature, h.setting.counts), path
		reports = append(reports, r)
	}
	return heldOut, reports, nil
}

// keep keeps the win rates out of fold.
func (m *Model) keep(parts []part, score []float64) {
	for _, p := range parts {
		for _, s := range p.sources {
			rates := make([]float64, len(s.Norm))
			for i := range rates {
				rates[i] = m.Rate(score[i])
			}
			m.KeepHeldOut(s.Norm, rates)
			score = score[len(s.Norm):]
		}
	}
}

// fitGate trains the gate where there are two heads.
func (m *Model) fitGate(sources []*training.Source) error {
	if len(m.heads) < 2 {
		return nil
	}
	var chat [][]float64
	var classes [][][]float64
	for _, s := range sources {
		if s.Kind != training.Gold {
			chat = append(chat, inputs.Of(s)...)
		}
	}
	classes, m.classes = append(classes, chat), append(m.classes, 0)
	for _, s := range sources {
		if s.Kind == training.Gold {
			classes, m.classes = append(classes, inputs.Of(s)), append(m.classes, 1)
		}
	}
	var err error
	m.gate, err = gate.Fit(classes, gate.Chosen())
	return err
}
