package hint

import "strconv"

// Fraction returns the advice for a fraction out of range that looks like a percentage, nil for
// other numbers.
func Fraction(x float64) []string {
	if x > 1 && x <= 100 {
		percent := strconv.FormatFloat(x, 'g', -1, 64)
		return []string{"write " + percent + "% or " + strconv.FormatFloat(x/100, 'g', -1, 64)}
	}
	return nil
}
