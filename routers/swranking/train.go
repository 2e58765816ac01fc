package swranking

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/routers/training"
)

// Train gathers the battles of the sources, and scores each prompt on the battles of
// the others. unit is what the vectors' components are whole multiples of, or 0. The
// same sources give the same model.
func Train(sources []*training.Source, o training.Options, unit float32) (*Model, []training.Report, error) {
	if len(sources) == 0 {
		return nil, nil, errors.New("nothing to train on")
	}
	var battles []training.Battle
	first := 0
	for _, s := range sources {
		for _, b := range s.Battles {
			b.Prompt += first
			battles = append(battles, b)
		}
		first += len(s.Prompts)
	}
	slices.SortStableFunc(battles, func(a, b training.Battle) int { return cmp.Compare(a.Prompt, b.Prompt) })
	m, err := newModel(training.NewCard(sources, o), training.Remember(sources, unit), battles, false)
	if err != nil {
		return nil, nil, err
	}
	score, err := m.leaveOut(o.Progress)
	if err != nil {
		return nil, nil, err
	}
	m.KeepHeldOut(m.memory.Norm, score)
	var reports []training.Report
	for _, s := range sources {
		r := training.NewReport(s, score[:len(s.Prompts)])
		r.Setting = fmt.Sprintf("%d battles", len(s.Battles))
		reports, score = append(reports, r), score[len(s.Prompts):]
	}
	return m, reports, nil
}

// only returns the router of the sources of one kind.
func (m *Model) only(kind training.Kind) (*Model, error) {
	memory, rows := m.memory.Only(func(row int) bool { return m.Sources[m.memory.Source[row]].Kind == string(kind) })
	var battles []training.Battle
	for _, b := range m.battles {
		if i, ok := slices.BinarySearch(rows, b.Prompt); ok {
			b.Prompt = i
			battles = append(battles, b)
		}
	}
	card := m.Card
	card.Training, card.HeldOutNorm, card.HeldOutScore = memory.Digests(), nil, nil
	return newModel(card, memory, battles, false)
}
