package pricelist

import (
	"fmt"
	"math"
	"time"
)

// CheckDate returns an error unless text is a day, such as 2026-11-28, or a month, such as 2026-11.
func CheckDate(text string) error {
	if _, ok := day(text); !ok {
		return fmt.Errorf("found %q, expected a day such as 2026-11-28 or a month such as 2026-11", text)
	}
	return nil
}

// Days returns the number of days between two dates, each a day or a month, of which the first day
// counts; NaN if one is not a date.
func Days(a, b string) float64 {
	x, okX := day(a)
	y, okY := day(b)
	if !okX || !okY {
		return math.NaN()
	}
	return math.Abs(x.Sub(y).Hours() / 24)
}

func day(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
