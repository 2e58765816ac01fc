package swranking

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/training"
)

// Train gathers the battles of sources and scores each prompt on the battles of the other
// folds. Equal sources give equal models. If every component of the vectors is a whole
// multiple of some unit, as with the built-in encoder (encoder.Scale), pass it as unit,
// else 0. Train returns one report per source.
func Train(sources []*training.Source, o training.Options, unit float32) (*Model, []training.Report, error) {
	if len(sources) == 0 {
		return nil, nil, errors.New("no sources to train on")
	}
	var battles []training.Battle
	first := 0
	for _, s := range sources {
		for i := range s.Prompts {
			if err := s.Prompts[i].CheckVector(); err != nil {
				return nil, nil, fmt.Errorf("%q: %w", s.Name, err)
			}
		}
		for _, b := range s.Battles {
			b.Prompt += first
			battles = append(battles, b)
		}
		first += len(s.Prompts)
	}
	slices.SortStableFunc(battles, func(a, b training.Battle) int { return cmp.Compare(a.Prompt, b.Prompt) })
	m, err := newModel(contents{training.NewCard(sources, o), modelfile.Remember(sources, unit), battles}, false)
	if err != nil {
		return nil, nil, err
	}
	fold := training.FoldsOf(m.memory.Norm, 0)
	score, err := m.outOfFold(fold, o.Progress)
	if err != nil {
		return nil, nil, err
	}
	m.KeepHeldOut(m.memory.Norm, score)
	m.Describe(training.Labelled(sources)...)
	m.measure()
	var reports []training.Report
	for _, s := range sources {
		n := len(s.Prompts)
		r := training.NewReport(s, score[:n], training.Folded{Score: score[:n], Fold: fold[:n]})
		r.Setting = text.Plural(len(s.Battles), "battle")
		reports, score, fold = append(reports, r), score[n:], fold[n:]
	}
	return m, reports, nil
}

// only returns the contents that come from sources of one kind. Their router does not abstain.
func (c contents) only(kind training.Kind) contents {
	out := contents{Card: c.Card}
	var rows []int
	out.memory, rows = c.memory.Only(func(row int) bool { return c.Sources[c.memory.Source[row]].Kind == string(kind) })
	for _, b := range c.battles {
		if i, ok := slices.BinarySearch(rows, b.Prompt); ok {
			b.Prompt = i
			out.battles = append(out.battles, b)
		}
	}
	out.Known, out.Abstains = nil, false
	out.Training, out.HeldOutNorm, out.HeldOutScore = out.memory.Digests(), nil, nil
	return out
}
