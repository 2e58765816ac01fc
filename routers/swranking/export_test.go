package swranking

import "github.com/routellm/routellm/routers/training"

// OutOfFold returns the scores of a model's training prompts from the battles of the other folds.
func (m *Model) OutOfFold(fold []int) ([]float64, error) { return m.outOfFold(fold, nil) }

// Norms returns the digests of the rows of a model.
func (m *Model) Norms() []string { return m.memory.Norm }

// Signs returns a source in which each battle is won or lost as a whole, or tied.
func Signs(s *training.Source) *training.Source {
	out := *s
	out.Battles = nil
	for _, b := range s.Battles {
		switch {
		case b.Won > 0.5:
			b.Won = 1
		case b.Won < 0.5:
			b.Won = 0
		}
		out.Battles = append(out.Battles, b)
	}
	return &out
}
