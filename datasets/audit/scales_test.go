package audit

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// cycle returns n values, the given ones over and over.
func cycle(n int, values ...float64) []float64 {
	return slices.Repeat(values, n/len(values)+1)[:n]
}

func twoModels(tasks []string, strong, weak []float64) *datasets.Table {
	return &datasets.Table{SampleID: make([]string, len(strong)), Task: tasks,
		Quality: []datasets.Column{{Name: "s", Values: strong}, {Name: "w", Values: weak}}}
}

func TestMixedScales(t *testing.T) {
	nan, one, tasks := math.NaN(), slices.Repeat([]string{"a"}, 60), cycleTasks(60)
	for name, c := range map[string]struct {
		table *datasets.Table
		want  string // "" if the qualities are on one scale
	}{
		"models": {twoModels(one, cycle(60, 0, 1, 0.5, nan), cycle(60, 40, 90, 1)), `the qualities of the model "s" are from 0 to 1, those of "w" from 1 to 90`},
		"tasks":  {twoModels(tasks, cycle(60, 0, 7), cycle(60, 1, 5)), `the qualities of the task "a" are from 0 to 1, those of "b" from 5 to 7`},
		"rows":   {twoModels(one, cycle(60, 0, 1, 80, 65), cycle(60, 1, 0, 30, 0)), `25 % of the qualities of the model "s" are above 0 and at most 1, 50 % are 10 or more`},

		"0 or 1":               {twoModels(tasks, cycle(60, 0, 1), cycle(60, 0, 0, 1)), ""},
		"shares":               {twoModels(tasks, cycle(60, 0.2, 1), cycle(60, 0.4, 0)), ""},
		"grades of 1 to 10":    {twoModels(tasks, cycle(60, 1, 9, 10, 7), cycle(60, 1, 1, 1, 2)), ""},
		"only the worst grade": {twoModels(tasks, cycle(60, 8, 9), cycle(60, 1)), ""},
		"grades of 0 to 100":   {twoModels(tasks, cycle(60, 0, 90, 100, 1, 5), cycle(60, 0, 50, 70, 1, 5)), ""},
		"failed or 50 to 100":  {twoModels(one, cycle(60, 0, 90, 100), cycle(60, 0, 50, 70)), ""},
		"losses below 0":       {twoModels(one, cycle(60, -0.2, 0.1), cycle(60, 2, 3)), ""},
		"too few":              {twoModels(one[:9], cycle(9, 0, 1), cycle(9, 50, 60)), ""},
	} {
		got := MixedScales(c.table)
		if (c.want == "") != (got == nil) || c.want != "" && !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := MixedScales(twoModels(one, cycle(60, 0, 1), cycle(60, 50, 60)), "s", "x"); got != nil {
		t.Errorf("%q of a model that was not asked for", got)
	}
}

// cycleTasks returns n tasks, a and b in turn.
func cycleTasks(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(rune('a' + i%2))
	}
	return out
}
