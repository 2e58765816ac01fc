package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Exact writes the shortest decimal that reads back as the same number, "" if there is none.
// CSV files use it.
func Exact(v results.Value) string {
	if !v.Exists() {
		return ""
	}
	return strconv.FormatFloat(float64(v), 'g', -1, 64)
}

// Threshold writes a threshold with all its digits, because a rounded one calls the strong
// model for another share of the prompts. Without a number it is "always" or "never" strong.
func Threshold(t results.Threshold) string {
	switch t.Always {
	case results.Strong:
		return "always"
	case results.Weak:
		return "never"
	}
	return Exact(t.Score)
}

// ThreeDecimals writes a number to three decimals, "?" if it cannot be computed.
func ThreeDecimals(v results.Value) string { return decimals(v, 3) }

// FourDecimals writes a number to four decimals, "?" if it cannot be computed.
func FourDecimals(v results.Value) string { return decimals(v, 4) }

// Share writes a fraction in per cent to one decimal, "?" if it cannot be computed.
func Share(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return text.Unsigned(fmt.Sprintf("%.1f %%", 100*float64(v)))
}

func decimals(v results.Value, n int) string {
	if !v.Exists() {
		return "?"
	}
	return text.Unsigned(strconv.FormatFloat(float64(v), 'f', n, 64))
}

// ShortNumber writes the end of an interval to three decimals, without the 0 before the
// point.
func ShortNumber(x float64) string {
	number := text.Unsigned(fmt.Sprintf("%.3f", x))
	if math.Abs(x) < 1 {
		number = strings.Replace(number, "0.", ".", 1)
	}
	return number
}

// ShortPercent writes the end of an interval, a fraction, in per cent without the sign, and
// 100 without decimals.
func ShortPercent(x float64) string {
	return strings.Replace(text.Unsigned(fmt.Sprintf("%.1f", 100*x)), "100.0", "100", 1)
}

// Confidence writes the confidence of the intervals, such as "95 %".
func Confidence(i results.Intervals) string {
	return KeyPercent(strconv.FormatFloat(float64(i.Confidence), 'g', -1, 64))
}

// KeyPercent writes a key of a result that is a fraction in per cent: "0.95" as "95 %".
func KeyPercent(k string) string {
	return strconv.FormatFloat(math.Round(KeyNumber(k)*1e6)/1e4, 'g', -1, 64) + " %"
}

// KeyNumber parses a key of a result, such as "0.95". It returns NaN if the key is not a
// number.
func KeyNumber(k string) float64 {
	x, err := strconv.ParseFloat(k, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}
