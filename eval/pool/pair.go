package pool

// OfScores returns a two-model router's scores as predictions of the two models, the strong one
// first. The path goes from the cheaper model for every prompt to the other one: prompts with higher
// scores take the strong model first or, if the strong model is the cheaper one, keep it longest.
// Lambda is the score, or its negative. strong and weak are the models' mean costs.
func OfScores(scores []float64, strong, weak float64) Predictions {
	p := Predictions{Quality: NewMatrix(len(scores), 2), Cost: NewMatrix(1, 2), Scores: true}
	dearer, sign := 0, 1.0
	if strong < weak {
		dearer, sign = 1, -1
	}
	p.Cost.Values[dearer] = 1
	for i, s := range scores {
		p.Quality.Row(i)[dearer] = sign * s
	}
	return p
}
