package audit

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/values"
)

// Suspicions describes, one sentence each without a full stop, what in the qualities may mislead
// every number: two scales, see [MixedScales]; a value outside the scale of all others, such as
// the -1 of a judge that failed; and values far outside 0 to 1 where nearly all others are within.
// Bounds that the table states rule out the last two. models are the models to look at; none
// stands for all.
func Suspicions(t *datasets.Table, models ...string) []string {
	var out []string
	for _, message := range MixedScales(t, models...) {
		out = append(out, message+", and the larger one decides every mean")
	}
	for _, c := range columnsOf(t, models) {
		lone := loneIn(t, c)
		for _, v := range lone {
			out = append(out, fmt.Sprintf("the quality of the model %q is %v: in %s it seems to stand for an answer that failed, and counts like a grade; --range leaves it out",
				c.Name, v, text.Plural(v.Count, "sample")))
		}
		if n := farOutside(t, c); n > 0 && len(lone) == 0 {
			out = append(out, fmt.Sprintf("the quality of the model %q is far outside 0 to 1 in %s, where nearly all others are within: these decide the mean; --range leaves them out",
				c.Name, text.Plural(n, "sample")))
		}
	}
	return out
}

// columnsOf returns the columns of the models, or all columns if models is empty.
func columnsOf(t *datasets.Table, models []string) []datasets.Column {
	return slices.DeleteFunc(slices.Clone(t.Quality), func(c datasets.Column) bool {
		return len(models) > 0 && !slices.Contains(models, c.Name)
	})
}

// bounded reports whether the table states the bounds of quality, in which any value is meant.
func bounded(t *datasets.Table) bool { return !math.IsNaN(t.Meta.Min) || !math.IsNaN(t.Meta.Max) }

// loneIn returns the values of a model that stand outside the scale of all its others.
func loneIn(t *datasets.Table, c datasets.Column) []values.LoneValue {
	if bounded(t) {
		return nil
	}
	var lone values.Lone
	for i, v := range c.Values {
		lone.Add(v, i)
	}
	return lone.Found()
}

// loneValues finds what [values.Lone] finds. What outOfRange reports is left to it.
func loneValues(in Input) []Finding {
	var found []Finding
	for _, c := range in.Table.Quality {
		if mostlyShares(c.Values) {
			continue
		}
		for _, v := range loneIn(in.Table, c) {
			found = append(found, Finding{Code: "lone-value", Severity: Warning, About: c.Name,
				Message: fmt.Sprintf("the quality is %v: it seems to stand for an answer that failed", v),
				Rows:    rowsWhere(len(c.Values), func(i int) bool { return c.Values[i] == v.Value })})
		}
	}
	return found
}

// farOutside returns the number of qualities of a model outside 0 to 1 by more than the width of
// that range, if nearly all others are within and the table states no bounds.
func farOutside(t *datasets.Table, c datasets.Column) int {
	if bounded(t) || !mostlyShares(c.Values) {
		return 0
	}
	n := 0
	for _, v := range c.Values {
		if v < -1 || v > 2 {
			n++
		}
	}
	return n
}
