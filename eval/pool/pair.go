package pool

import "slices"

// OfScores returns predictions of two models, the strong one first, whose path has one vertex per
// distinct score and goes from the cheaper model for every prompt to the other one: prompts with
// higher scores take the strong model first and, if the strong model is the cheaper one, keep it
// longest. Only the order of the scores counts. strong and weak are the models' mean costs.
func OfScores(scores []float64, strong, weak float64) Predictions {
	distinct := slices.Compact(slices.Sorted(slices.Values(scores)))
	dearer, flip := 0, false
	if strong < weak {
		dearer, flip = 1, true
	}
	p := Predictions{Quality: NewMatrix(len(scores), 2), Cost: NewMatrix(1, 2)}
	p.Cost.Values[dearer] = 1
	for i, s := range scores {
		rank, _ := slices.BinarySearch(distinct, s)
		if flip {
			rank = len(distinct) - 1 - rank
		}
		p.Quality.Row(i)[dearer] = float64(rank + 1)
	}
	return p
}
