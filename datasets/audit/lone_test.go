package audit

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

func unbounded(strong, weak []float64) *datasets.Table {
	t := twoModels(slices.Repeat([]string{"a"}, len(strong)), strong, weak)
	t.Meta = datasets.NewMeta()
	return t
}

func TestSuspicions(t *testing.T) {
	grades := cycle(60, 7, 9, 10, 3)
	failed := slices.Concat([]float64{-1, -1}, grades[2:])
	bounded := unbounded(failed, grades)
	bounded.Meta.Min, bounded.Meta.Max = -1, 10
	for name, c := range map[string]struct {
		table *datasets.Table
		want  []string // beginnings
	}{
		"a judge that failed": {unbounded(failed, grades), []string{`the quality of the model "s" is -1, while all others are from 3 to 10: in 2 samples it seems`}},
		"both models":         {unbounded(failed, failed), []string{`the quality of the model "s" is -1`, `the quality of the model "w" is -1`}},
		"far outside":         {unbounded(cycle(60, 0, 1), slices.Concat([]float64{2.5}, cycle(59, 0.5, 1))), []string{`the quality of the model "w" is far outside 0 to 1 in 1 sample,`}},
		"two scales":          {unbounded(cycle(60, 0, 1), grades), []string{`the qualities of the model "s" are from 0 to 1, those of "w" from 3 to 10: they seem to be on different scales, and the larger`}},
		"stated bounds":       {bounded, nil},
		"grades":              {unbounded(grades, grades), nil},
		"a little outside":    {unbounded(cycle(60, 0, 1), slices.Concat([]float64{1.2}, cycle(59, 0.5, 1))), nil},
	} {
		got := Suspicions(c.table)
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s: %q, expected %q", name, got, c.want)
		}
	}
	if got := Suspicions(unbounded(failed, grades), "w"); got != nil {
		t.Errorf("%q of a model that was not asked for", got)
	}
}

func TestLoneValueFinding(t *testing.T) {
	in := Input{Table: unbounded(slices.Concat([]float64{5, -1, 6, -1}, cycle(20, 3, 10)), cycle(24, 4, 8)), Strong: "s", Weak: "w"}
	found := loneValues(in)
	if len(found) != 1 || found[0].Code != "lone-value" || found[0].About != "s" || !slices.Equal(found[0].Rows, []int{1, 3}) || found[0].Mend != Drop {
		t.Errorf("%+v", found)
	}
	in.Table = unbounded(slices.Concat([]float64{-1}, cycle(59, 0, 1)), cycle(60, 0, 1))
	if found := slices.Concat(loneValues(in), outOfRange(in)); len(found) != 1 || found[0].Code != "quality-range" {
		t.Errorf("-1 beside 0 and 1 is found once: %+v", found)
	}
}

// TestScalesApart has two models on scales that are neither 0 to 1.
func TestScalesApart(t *testing.T) {
	for name, c := range map[string]struct {
		strong, weak []float64
		apart        bool
	}{
		"1 to 10 and 0 to 100":            {cycle(60, 1, 5, 10, 7), cycle(60, 0, 40, 90, 100), true},
		"0 to 5 and 0 to 100":             {cycle(60, 100, 40, 90, 60), cycle(60, 0, 4, 5), true},
		"-1 to 1 and -40 to 60":           {cycle(60, -1, 0.2, 1), cycle(60, -40, 30, 60, 20), true},
		"a hundredth":                     {cycle(60, 0, 50, 100, 90), cycle(60, 0, 0.5, 1, 0.9), true},
		"a strong model near its ceiling": {cycle(60, 98, 99, 100), cycle(60, 0, 50, 100, 20), false},
		"a weak model that rarely scores": {cycle(60, 0.9, 0.5, 1, 0), cycle(60, 0, 0.01, 0.02), false},
		"a constant model":                {cycle(60, 5), cycle(60, 0, 90, 100), false},
		"1 to 10":                         {cycle(60, 10, 9, 8, 10), cycle(60, 1, 10, 4), false},
	} {
		if got := MixedScales(unbounded(c.strong, c.weak)); (got != nil) != c.apart {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestScalesFalseAlarms draws pairs of models of all strengths on one scale and expects hardly
// any alarm.
func TestScalesFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	clip := func(lo, hi, v float64) float64 { return min(max(v, lo), hi) }
	kinds := map[string]func(skill float64) float64{
		"1 to 10":    func(s float64) float64 { return clip(1, 10, math.Round(2+7*s+2*r.NormFloat64())) },
		"0 to 100":   func(s float64) float64 { return clip(0, 100, math.Round(10+80*s+20*r.NormFloat64())) },
		"0 or 1":     func(s float64) float64 { return math.Floor(s + r.Float64()) },
		"rewards":    func(s float64) float64 { return 4*s - 2 + r.NormFloat64() },
		"heavy tail": func(s float64) float64 { return (1 + s) * math.Pow(r.Float64(), -0.5) },
	}
	const files = 1000
	for name, draw := range kinds {
		alarms := 0
		for range files {
			strong, weak := make([]float64, 80), make([]float64, 80)
			a, b := r.Float64(), r.Float64()
			for i := range strong {
				strong[i], weak[i] = draw(a), draw(b)
			}
			if Suspicions(unbounded(strong, weak)) != nil {
				alarms++
			}
		}
		if alarms > files/200 {
			t.Errorf("%s: %d alarms in %d files", name, alarms, files)
		}
	}
}
