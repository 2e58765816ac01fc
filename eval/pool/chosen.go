package pool

// Chosen returns the models that share prompt i equally at the vertex of a path with this lambda:
// for every lambda just below it.
func (p Predictions) Chosen(i int, lambda float64) []int {
	steps := envelope(p.Quality.Row(i), p.costs(i))
	k := len(steps) - 1
	for k > 0 && steps[k].from < lambda {
		k--
	}
	return steps[k].models
}
