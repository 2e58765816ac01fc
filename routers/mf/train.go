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
	m := &Model{Card: training.NewCard(sources, o)}
	m.Describe(training.Labelled(sources)...)
	done, total := 0, 0
	for _, s := range sources {
		if s.Kind == training.Gold || s == chat {
			// fitRidge calls tick once per fold.
			total += training.Folds * repeatsOf(len(s.Label), len(s.Prompts[0].Vector)+inputs.Counts, o.Once)
		}
	}
	tick := func() {
		done++
		if o.Progress != nil {
			o.Progress(done, total)
		}
	}
	reports, err := m.fit(sources, chat, tick)
	return m, reports, err
}

// fit fits the heads, the gate between them, and the win rate.
func (m *Model) fit(sources []*training.Source, chat *training.Source, tick func()) ([]training.Report, error) {
	var reports []training.Report
	var classes [][][]float64
	var score, won []float64
	add := func(s *training.Source, class func() [][]float64) trained {
		t := fitHead(s, m.Once, tick)
		m.heads, reports = append(m.heads, t.head), append(reports, t.report)
		if len(sources) > 1 { // otherwise there is nothing to choose from
			classes = append(classes, class())
		}
		score, won = append(score, t.heldOut...), append(won, s.Won...)
		return t
	}
	var first trained
	if chat != nil {
		first = add(chat, func() [][]float64 { return inputs.OfChat(sources) })
	}
	for _, s := range sources {
		if s.Kind == training.Gold {
			add(s, func() [][]float64 { return inputs.Of(s) })
		}
	}
	if len(classes) > 1 {
		var err error
		if m.gate, err = gate.Fit(classes, gate.Chosen()); err != nil {
			return nil, err
		}
	}
	m.scale = winrate.Fit(score, won)
	if chat != nil {
		m.KeepHeldOut(chat.Norm, m.scale.Rates(first.heldOut))
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
