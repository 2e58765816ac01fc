package datasets

import (
	"errors"
	"math"

	"github.com/routellm/routellm/internal/hint"
)

// turned returns a quality of which lower values are better as one of which higher values
// are better, within the same bounds. NaN, which is not measured, stays.
func turned(v, lo, hi float64) float64 { return lo + hi - v }

// checkTurnable returns an error if qualities shall be turned around without bounds.
func checkTurnable(lowerIsBetter bool, lo, hi float64) error {
	if !lowerIsBetter || !math.IsNaN(lo) && !math.IsNaN(hi) && lo < hi {
		return nil
	}
	return hint.With(errors.New("values of which lower ones are better can only be turned around between known bounds"),
		"give the lowest and the highest value: --range MIN,MAX", "of a loss without bounds, store a quality, such as exp(-loss), in the table")
}
