package harness

import (
	"context"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/internal/text"
)

// mostSearched is the number of rows up to which near copies are looked for without being
// asked to: a signature takes a hundred times the memory of a score.
const mostSearched = 200_000

// scoredNear looks for near copies of a router's training prompts among the rows that the
// router scores, batch by batch. A nil scoredNear looks for none.
type scoredNear struct {
	*nearSearch
	lessons []lesson
	exclude bool
	ids     []string
	rows    []int // rows with a score: those that are not contaminated
}

func newScoredNear(f Feedback, r Router, data string, total int, exclude bool) *scoredNear {
	lessons := lessonsOf([]Router{r})
	if len(lessons) == 0 {
		return nil
	}
	if total > mostSearched && !exclude {
		f.note("near copies of training prompts are not looked for among more than %s rows; --exclude-near does", text.Thousands(mostSearched))
		return nil
	}
	_, builtin := benchmarks.Data(data)
	search := newNearSearch(lessons, builtin)
	search.most = nearcopy.Kept
	return &scoredNear{nearSearch: search, lessons: lessons, exclude: exclude}
}

// add adds the rows of a batch.
func (s *scoredNear) add(ctx context.Context, t *datasets.Table, progress func(done, total int)) error {
	if s == nil {
		return nil
	}
	for i := range t.Rows() {
		if t.Contaminated == nil || !t.Contaminated[i] {
			s.rows = append(s.rows, len(s.ids)+i)
		}
	}
	s.ids = append(s.ids, t.SampleID...)
	return s.nearSearch.add(ctx, t, progress)
}

// finish tells the user what was found, and returns the indices of the scores to keep; nil
// for all.
func (s *scoredNear) finish(f Feedback, name string) (kept []int) {
	if s == nil {
		return nil
	}
	found := s.nearSearch.finish()
	noteUnsigned(f, s.lessons)
	noteNear(f, name, found.counted(s.lessons, s.rows, s.ids), s.exclude)
	if !s.exclude {
		return nil
	}
	kept = []int{}
	for i, row := range s.rows {
		if !found.toAny(s.lessons, row) {
			kept = append(kept, i)
		}
	}
	return kept
}
