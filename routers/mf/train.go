package mf

import (
	"fmt"

	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// Train fits a model to sources. Equal sources give equal models. There is one head for
// chat and one per gold source, and as many classes of the gate. If there are grades,
// they alone train the chat head and votes shape only the gate: a judge's grades of many
// models say far more about the pair than a vote. Train returns one report per head.
func Train(sources []*training.Source, o training.Options) (*Model, []training.Report, error) {
	if err := checkSources(sources); err != nil {
		return nil, nil, err
	}
	chat := training.Chat(sources)
	m := &Model{Card: training.NewCard(sources, o), shape: inputs.ShapeOfSources(sources)}
	m.Describe(training.Labelled(sources)...)
	headed := headedOf(sources, chat)
	done, total := 0, training.Folds*len(headed)
	tick := func() {
		done++
		if o.Progress != nil {
			o.Progress(done, total)
		}
	}
	reports, err := m.fit(sources, headed, tick)
	return m, reports, err
}

// headedOf returns the sources that have a head: chat, if there is any, then gold.
func headedOf(sources []*training.Source, chat *training.Source) []*training.Source {
	var out []*training.Source
	if chat != nil {
		out = append(out, chat)
	}
	for _, s := range sources {
		if s.Kind == training.Gold {
			out = append(out, s)
		}
	}
	return out
}

// fit fits the heads, the gate between them, and the win rate.
func (m *Model) fit(sources, headed []*training.Source, tick func()) ([]training.Report, error) {
	var reports []training.Report
	var classes [][][]float64
	var score, levelled, won []float64
	length := lengthOf(m.shape, headed)
	for _, s := range headed {
		t := fitHead(m.shape, s, length, tick)
		m.heads, reports = append(m.heads, t.head), append(reports, t.report)
		if s.Kind == training.Gold {
			classes = append(classes, m.shape.Of(s))
		} else {
			classes = append(classes, m.shape.OfChat(sources))
		}
		score, levelled, won = append(score, t.heldOut...), append(levelled, t.levelled...), append(won, s.Won...)
	}
	if len(headed) > 1 { // otherwise there is nothing to choose from
		var err error
		if m.gate, err = gate.Fit(m.shape, classes, gate.Chosen()); err != nil {
			return nil, err
		}
	}
	m.scale = winrate.Fit(score, won)
	if chat := headed[0]; chat.Kind != training.Gold {
		m.KeepHeldOut(chat.Norm, m.scale.Rates(levelled[:len(chat.Norm)]))
	}
	return reports, nil
}

func checkSources(sources []*training.Source) error {
	if err := training.Check(sources); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, s := range sources {
		if seen[s.Name] {
			return fmt.Errorf("two sources are named %q", s.Name)
		}
		seen[s.Name] = true
	}
	return nil
}
