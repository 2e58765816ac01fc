package subject

import (
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// reports measures the mean gains of subjects on the rows of a fold, from the rows of the others.
func reports(sources []*training.Source) (out []training.Report) {
	fold := map[*training.Source][]int{}
	score := map[*training.Source][]float64{}
	for _, s := range sources {
		fold[s], score[s] = training.FoldsOf(s.Norm, 0), make([]float64, len(s.Norm))
	}
	for f := range training.Folds {
		m := meanGains(sources, func(s *training.Source, row int) bool { return fold[s][row] != f })
		for _, s := range sources {
			for i, p := range s.Prompts {
				if fold[s][i] == f {
					score[s][i] = m.score(p.Task)
				}
			}
		}
	}
	for _, s := range sources {
		tasks := map[string]bool{}
		for _, p := range s.Prompts {
			tasks[p.Task] = true
		}
		d := []training.Folded{{Score: score[s], Fold: fold[s]}}
		out = append(out, winrate.Report(s, score[s], d, text.Plural(len(tasks), "subject"), nil))
	}
	return out
}
