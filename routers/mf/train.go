package mf

import (
	"errors"
	"fmt"
	"slices"
)

// Options of a training.
type Options struct {
	Strong, Weak  string
	Encoder       string // name and digest of what made the vectors
	EncoderSHA256 string
	Recipe        string // how the program was called, for the file
	Seed          uint64 // of the gold draw
	Progress      func(done, total int)
}

// Train fits a model on its sources. Chat sources (votes, grades) share one class of
// the gate; with grades there, votes shape only the gate: a judge's grades of many
// models say far more about the pair than a vote. Each gold source is a class of
// its own. The same sources give the same model.
func Train(sources []*Source, o Options) (*Model, []Report, error) {
	if err := checkSources(sources); err != nil {
		return nil, nil, err
	}
	chat := chatHead(sources)
	m := &Model{Options: o}
	done, total := 0, 0
	for _, s := range sources {
		m.Sources = append(m.Sources, SourceInfo{string(s.Kind), s.Name, s.SHA256, len(s.Norm)})
		m.Training = append(m.Training, s.Norm...)
		if s.Kind == Gold || s == chat {
			total += folds * repeatsOf(len(s.Label)) // what fitRidge ticks
		}
	}
	slices.Sort(m.Training)
	m.Training = slices.Compact(m.Training)
	tick := func() {
		done++
		if o.Progress != nil {
			o.Progress(done, total)
		}
	}
	reports, err := m.fit(sources, chat, tick)
	return m, reports, err
}

// fit trains the heads, the gate between them, and the win rate.
func (m *Model) fit(sources []*Source, chat *Source, tick func()) ([]Report, error) {
	var reports []Report
	var classes [][][]float64
	var score, won []float64
	add := func(s *Source, class [][]float64) trained {
		t := fitHead(s, tick)
		m.Heads, classes, reports = append(m.Heads, t.Head), append(classes, class), append(reports, t.report)
		score, won = append(score, t.heldOut...), append(won, s.Won...)
		return t
	}
	var first trained
	if chat != nil {
		first = add(chat, chatInputs(sources))
	}
	for _, s := range sources {
		if s.Kind == Gold {
			add(s, s.Inputs)
		}
	}
	if len(classes) > 1 {
		var err error
		if m.Gate, err = fitGate(classes); err != nil {
			return nil, err
		}
	}
	c := calibrate(score, won)
	m.Slope, m.Shift = c.slope, c.shift
	if chat != nil {
		m.keepHeldOut(chat, first.heldOut)
	}
	return reports, nil
}

func checkSources(sources []*Source) error {
	if len(sources) == 0 {
		return errors.New("nothing to train on")
	}
	seen := map[string]bool{}
	for _, s := range sources {
		if len(s.Inputs) < 2*folds {
			return fmt.Errorf("%q: %d labelled prompts, want at least %d", s.Name, len(s.Inputs), 2*folds)
		}
		if seen[s.Name] {
			return fmt.Errorf("two sources are called %q", s.Name)
		}
		seen[s.Name] = true
	}
	return nil
}

// chatHead is the source that the chat head is trained on: grades before votes.
func chatHead(sources []*Source) *Source {
	for _, kind := range []Kind{Judge, Arena} {
		for _, s := range sources {
			if s.Kind == kind {
				return s
			}
		}
	}
	return nil
}

func chatInputs(sources []*Source) [][]float64 {
	var rows [][]float64
	for _, s := range sources {
		if s.Kind != Gold {
			rows = append(rows, s.Inputs...)
		}
	}
	return rows
}
