package swranking

import (
	"context"
	"slices"
	"sync"

	"github.com/routellm/routellm/routers/bradleyterry"
)

// outOfFold returns the score of every training prompt from the battles of the other folds. The
// tiers come from all battles. The battles of a fold also move the level of all win rates, by as
// much as they differ from the others; scores are moved back to the level of all battles, so that
// those of different folds can share a threshold.
func (m *Model) outOfFold(fold []int, progress func(done, total int)) ([]float64, error) {
	levels, err := m.levels(fold)
	if err != nil {
		return nil, err
	}
	queries, out := make([][]float32, len(fold)), make([]float64, len(fold))
	for i := range queries {
		queries[i] = m.memory.Row(i)
	}
	var mu sync.Mutex // guards done and serialises calls of progress
	done := 0
	err = m.memory.Projections(context.Background(), queries, func(i int, similarity []float64, _ float64) error {
		if err := weighOthers(similarity, fold, fold[i]); err != nil {
			return err
		}
		gap, err := m.ranking.gap(similarity, m.prior)
		out[i] = bradleyterry.Sigmoid(gap - levels[fold[i]])
		mu.Lock()
		defer mu.Unlock()
		if done++; progress != nil && (done%1000 == 0 || done == len(out)) {
			progress(done, len(out))
		}
		return err
	})
	return out, err
}

// weighOthers turns similarities into weights, in place: those of the prompts outside a fold. Those
// inside get the weight 0.
func weighOthers(similarity []float64, fold []int, own int) error {
	largest := 0.0
	for j, s := range similarity {
		if fold[j] != own {
			largest = max(largest, s)
		}
	}
	err := weigh(similarity, largest)
	for j := range similarity {
		if fold[j] == own {
			similarity[j] = 0
		}
	}
	return err
}

// levels returns, for each fold, how much farther apart the strengths of the pair are in the battles
// of the other folds than in all battles, if all battles count the same.
func (m *Model) levels(fold []int) (map[int]float64, error) {
	whole, err := m.ranking.gap(slices.Repeat([]float64{alike}, len(fold)), m.prior)
	if err != nil {
		return nil, err
	}
	out := map[int]float64{}
	for _, f := range fold {
		if _, ok := out[f]; ok {
			continue
		}
		weight := make([]float64, len(fold))
		for i := range weight {
			if fold[i] != f {
				weight[i] = alike
			}
		}
		gap, err := m.ranking.gap(weight, m.prior)
		if err != nil {
			return nil, err
		}
		out[f] = gap - whole
	}
	return out, nil
}
