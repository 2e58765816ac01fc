package causal

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestWinRateBounds hides the rarer tokens of a distribution: the result must be within
// half of widest of the truth.
func TestWinRateBounds(t *testing.T) {
	returned := 0
	rapid.Check(t, func(t *rapid.T) {
		texts := []string{"1", "2", "3", "4", "5", "The", "A", "\n"}
		sum, all := 0.0, []token(nil)
		for _, text := range texts {
			p := math.Exp(rapid.Float64Range(-12, 0).Draw(t, text))
			all, sum = append(all, token{text, p}), sum+p
		}
		for i := range all {
			all[i].p /= sum
		}
		cut := rapid.SampledFrom(all).Draw(t, "least").p
		var seen []token
		strong, weak := 0.0, 0.0
		for i, x := range all {
			if x.p >= cut {
				seen = append(seen, x)
			}
			switch {
			case i < weakSuffices:
				strong += x.p
			case i < len(labels):
				weak += x.p
			}
		}
		got, err := winRate(seen)
		want := strong / (strong + weak)
		tolerance := widest/2 + 1e-12
		if len(seen) == len(all) {
			tolerance = 1e-12
		}
		if err == nil {
			returned++
		}
		if err == nil && !(math.Abs(got-want) <= tolerance) || err != nil && len(seen) == len(all) {
			t.Errorf("%v, %v, want %v", got, err, want)
		}
	})
	if returned < 5 {
		t.Errorf("%d win rates in all", returned)
	}
}

func TestWinRate(t *testing.T) {
	for name, c := range map[string]struct {
		tokens []token
		want   float64 // NaN for an error
	}{
		"all":             {[]token{{"1", .1}, {"2", .1}, {"3", .2}, {"4", .5}, {"5", .1}}, .4},
		"a space":         {[]token{{" 1", .1}, {"1", .1}, {"2", 0}, {"3", 0}, {"4", .1}, {" 4", .1}, {"5", 0}}, .5},
		"two spaces":      {[]token{{"  1", .1}, {"1", .1}, {"2", 0}, {"3", 0}, {"4", .1}, {"5", 0}}, .5},
		"narrow":          {[]token{{"4", .9}, {"1", .09}, {"x", .001}}, (.09/.991 + .092/.992) / 2},
		"one sure label":  {[]token{{"2", .99}, {"x", .001}}, (.99/.992 + 1) / 2},
		"wide":            {[]token{{"4", .5}, {"1", .2}, {"x", .01}}, math.NaN()},
		"no label":        {[]token{{"x", .5}, {"y", .2}}, math.NaN()},
		"labels with p 0": {[]token{{"x", 1}, {"1", 0}, {"2", 0}, {"3", 0}, {"4", 0}, {"5", 0}}, math.NaN()},
		"nothing":         {nil, math.NaN()},
	} {
		got, err := winRate(c.tokens)
		if math.IsNaN(c.want) != (err != nil) || err == nil && math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
}
