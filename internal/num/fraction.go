package num

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseFraction reads a fraction as a person writes it: 0.3 or 30%.
func ParseFraction(text string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	if percent {
		x /= 100
	}
	return x, nil
}

// Fraction is the value of a flag that takes 0.3 or 30%.
type Fraction float64

// String returns the fraction as a decimal.
func (f *Fraction) String() string { return strconv.FormatFloat(float64(*f), 'g', -1, 64) }

// Set parses a fraction.
func (f *Fraction) Set(text string) error {
	x, err := ParseFraction(text)
	if err == nil {
		*f = Fraction(x)
	}
	return err
}

// Type returns the name of the value in help.
func (f *Fraction) Type() string { return "fraction" }

// Fractions is the value of a flag that takes a comma-separated list of fractions. The given
// ones replace the default ones.
type Fractions []float64

// String returns the fractions as decimals, separated by commas.
func (f *Fractions) String() string {
	texts := make([]string, len(*f))
	for i, x := range *f {
		texts[i] = strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strings.Join(texts, ",")
}

// Set parses a list of fractions.
func (f *Fractions) Set(text string) error {
	var all []float64
	for _, item := range strings.Split(text, ",") {
		x, err := ParseFraction(item)
		if err != nil {
			return err
		}
		all = append(all, x)
	}
	*f = all
	return nil
}

// Type returns the name of the value in help.
func (f *Fractions) Type() string { return "fractions" }
