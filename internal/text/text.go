// Package text writes counts and lists for people.
package text

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Thousands writes 14037 as 14,037.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural writes a count with its noun: 1 pair, 2 pairs.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Sample lists at most three items and counts the others.
func Sample(items []string) string {
	if len(items) <= 3 {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(items[:3], ", "), Thousands(len(items)-3))
}

// PValue writes a p value in three digits, "-" where there is none.
func PValue(p float64) string {
	switch {
	case math.IsNaN(p):
		return "-"
	case p < 0.001:
		return "<.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// Percent turns a fraction into a percentage without digits that rounding made.
func Percent(x float64) float64 { return math.Round(x*1e8) / 1e6 }
