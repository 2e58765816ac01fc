package knn

import (
	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// Train fits a model to sources. Equal sources give equal models. There is one head for
// chat, trained on a judge's grades or, without any, on votes, and one head for all gold
// sources. The gate distinguishes chat and each gold source; if there are grades, votes
// shape only the gate. If every component of the vectors is a whole multiple of some
// unit, as with the built-in encoder (encoder.Scale), pass it as unit, else 0. Train
// returns one report per source with a head.
func Train(sources []*training.Source, o training.Options, unit float32) (*Model, []training.Report, error) {
	if err := training.Check(sources); err != nil {
		return nil, nil, err
	}
	m := &Model{Card: training.NewCard(sources, o), shape: inputs.ShapeOfSources(sources)}
	m.Describe(training.Labelled(sources)...)
	var reports []training.Report
	var score, levelled, won []float64
	parts := partsOf(sources)
	for _, part := range parts {
		heldOut, level, r, err := m.addHead(part, unit)
		if err != nil {
			return nil, nil, err
		}
		reports, score, levelled = append(reports, r...), append(score, heldOut...), append(levelled, level...)
		for _, s := range part.sources {
			won = append(won, s.Won...)
		}
		if o.Progress != nil {
			o.Progress(len(m.heads), len(parts))
		}
	}
	m.scale = winrate.Fit(score, won)
	m.keep(parts, levelled)
	return m, reports, m.fitGate(sources)
}

// part holds the sources of one head. Its name is their kind, because a file of grades
// may have the name of the other head.
type part struct {
	name    string
	sources []*training.Source
}

func partsOf(sources []*training.Source) []part {
	var out []part
	if s := training.Chat(sources); s != nil {
		out = append(out, part{string(s.Kind), []*training.Source{s}})
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

// addHead fits a head and returns its out-of-fold scores, as they are and at one level for all folds.
func (m *Model) addHead(p part, unit float32) (score, levelled []float64, reports []training.Report, err error) {
	var vectors [][]float32
	var rows [][]float64
	var labels []float64
	var norm []string
	for _, s := range p.sources {
		rows, labels, norm = append(rows, m.shape.Of(s)...), append(labels, s.Label...), append(norm, s.Norm...)
		for _, prompt := range s.Prompts {
			vectors = append(vectors, prompt.Vector)
		}
	}
	level := training.Mean(labels)
	for i := range labels {
		labels[i] -= level
	}
	scale := inputs.NewScaler(m.shape, rows)
	places := make([]place, len(rows))
	for i, x := range rows {
		places[i] = placeOf(scale, x)
	}
	h := newHead(p.name, scale, vectors, unit, places, labels)
	folded, levelled, path, err := h.train(norm)
	if err != nil {
		return nil, nil, nil, err
	}
	m.heads = append(m.heads, h)
	from := 0
	for _, s := range p.sources {
		part := training.Folded{Score: folded.Score[from:][:len(s.Norm)], Fold: folded.Fold[from:][:len(s.Norm)]}
		from += len(s.Norm)
		reports = append(reports, winrate.Report(s, part.Score, []training.Folded{part}, h.setting.String(), path))
	}
	return folded.Score, levelled, reports, nil
}

// keep stores the out-of-fold win rates in the card.
func (m *Model) keep(parts []part, score []float64) {
	for _, p := range parts {
		for _, s := range p.sources {
			m.KeepHeldOut(s.Norm, m.scale.Rates(score[:len(s.Norm)]))
			score = score[len(s.Norm):]
		}
	}
}

// fitGate fits the gate if there are two heads.
func (m *Model) fitGate(sources []*training.Source) error {
	if len(m.heads) < 2 {
		return nil
	}
	classes := [][][]float64{m.shape.OfChat(sources)}
	m.classes = []int{0}
	for _, s := range sources {
		if s.Kind == training.Gold {
			classes, m.classes = append(classes, m.shape.Of(s)), append(m.classes, 1)
		}
	}
	var err error
	m.gate, err = gate.Fit(m.shape, classes, gate.Chosen())
	return err
}
