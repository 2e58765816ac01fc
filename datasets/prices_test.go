package datasets

import (
	"math"
	"regexp"
	"testing"
)

// TestPrices checks that every price has a source, a date and plausible numbers, and compares
// blended prices with the publication.
func TestPrices(t *testing.T) {
	prices, err := Prices()
	if err != nil {
		t.Fatal(err)
	}
	date, seen := regexp.MustCompile(`^20\d\d-\d\d(-\d\d)?$`), map[string]Price{}
	for _, p := range prices {
		if _, twice := seen[p.Model]; twice || p.Model == "" || p.Source == "" || !date.MatchString(p.AsOf) {
			t.Errorf("%+v: want one row per model with a source and a date", p)
		}
		if !(p.Input > 0 && p.Output >= p.Input && p.Output <= 100) {
			t.Errorf("%s: %v and %v dollars per million tokens", p.Model, p.Input, p.Output)
		}
		seen[p.Model] = p
	}
	if got := seen["gpt-4-1106-preview"].Blend(95, 264); math.Abs(got-24.7) > 0.05 {
		t.Errorf("GPT-4 Turbo blended: %v, published 24.7", got)
	}
	if got := seen["mixtral-8x7b-instruct-v0.1"].Blend(95, 264); math.Abs(got-0.24) > 1e-12 {
		t.Errorf("Mixtral blended: %v, published 0.24", got)
	}
}
