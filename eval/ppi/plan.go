package ppi

import "math"

// Needed returns the number of gold labels that tell as much about a mean, beside the cheap labels of
// judged samples, as worth gold labels alone. correlation is that of both labels. judged 0 stands for
// any number of cheap labels. It is worth (1 - r^2) / (1 - worth r^2 / judged), at least [MinGold] and
// at most worth; 0 if worth is 0, or if there are fewer judged samples than worth.
func Needed(worth int, correlation float64, judged int) int {
	if worth == 0 || judged > 0 && judged < worth {
		return 0
	}
	n, r2, share := float64(worth), correlation*correlation, 0.0
	if judged > 0 {
		share = n / float64(judged)
	}
	needed := n * (1 - r2) / (1 - float64(share*r2))
	return min(worth, max(MinGold, int(math.Ceil(needed-1e-9))))
}
