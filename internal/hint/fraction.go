package hint

import "strconv"

// Fraction returns the advice for a fraction out of range that looks like a percentage, nil for
// other numbers. It takes numbers below 2 for percentages that are too high, such as 101%.
func Fraction(x float64) []string {
	if x >= 2 && x <= 100 {
		percent := strconv.FormatFloat(x, 'g', -1, 64)
		return []string{"write " + percent + "% or " + strconv.FormatFloat(x/100, 'g', -1, 64)}
	}
	return nil
}
