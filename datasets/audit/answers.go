package audit

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// correctQuality returns the quality of a correct answer: the file's upper bound or, if that is
// unknown, the model's best quality. It returns NaN if all known qualities are equal.
func correctQuality(t *datasets.Table, values []float64) float64 {
	lo, hi := extremes(values)
	if !math.IsNaN(t.Meta.Max) {
		return t.Meta.Max
	}
	if lo < hi {
		return hi
	}
	return math.NaN()
}

// outputKinds lists the extra columns that are 0 for an empty answer and null for a missing one.
var outputKinds = []string{"output_chars", "output_tokens"}

// unanswered finds answers that are marked right although they are empty or missing. It looks
// at the stored answers and at the columns with their lengths.
func unanswered(in Input) []Finding {
	var found []Finding
	for _, c := range in.Table.Quality {
		best := correctQuality(in.Table, c.Values)
		for _, l := range lengths(in, c.Name) {
			length := l.Values
			found = append(found, ifAny(Finding{Code: "empty-right", Severity: Error, About: c.Name, Message: "the answer is marked right but is empty according to " + l.Name,
				Rows: rowsWhere(len(length), func(i int) bool { return length[i] == 0 && c.Values[i] >= best })})...)
			found = append(found, ifAny(Finding{Code: "null-right", Severity: Error, About: c.Name, Message: "the answer is marked right but is missing according to " + l.Name,
				Rows: rowsWhere(len(length), func(i int) bool { return math.IsNaN(length[i]) && c.Values[i] >= best })})...)
		}
	}
	return found
}

// lengths returns every column that tells the length of a model's answers, NaN for a missing
// answer. It leaves out columns without any value.
func lengths(in Input, model string) []datasets.Column {
	var out []datasets.Column
	add := func(name string, values []float64) {
		if lo, _ := extremes(values); !math.IsNaN(lo) {
			out = append(out, datasets.Column{Name: name, Values: values})
		}
	}
	if in.Answers != nil {
		for _, m := range in.Answers.Models {
			if m.Model == model {
				add("the stored answers", textLengths(m.Texts))
			}
		}
	}
	for _, kind := range outputKinds {
		if values, ok := in.Table.ExtraOf(kind + ":" + model); ok {
			add(kind, values)
		}
	}
	return out
}

func textLengths(texts []*string) []float64 {
	out := make([]float64, len(texts))
	for i, text := range texts {
		out[i] = math.NaN()
		if text != nil {
			out[i] = float64(len(strings.TrimSpace(*text)))
		}
	}
	return out
}

// wrongLabels compares qualities with those that [Regrade] derives from the stored answers or,
// without answers, with those in the columns "regraded:MODEL".
func wrongLabels(in Input) []Finding {
	var found []Finding
	for _, c := range in.Table.Quality {
		graded, ok := regradedOf(in, c.Name)
		if !ok {
			continue
		}
		corrected := make([]float64, len(graded))
		wrong := rowsWhere(len(graded), func(i int) bool {
			corrected[i] = c.Values[i]
			differs := graded[i] != c.Values[i] && !math.IsNaN(graded[i]) && !math.IsNaN(c.Values[i])
			if differs {
				corrected[i] = graded[i]
			}
			return differs
		})
		up := 0
		for _, i := range wrong {
			if graded[i] > c.Values[i] {
				up++
			}
		}
		found = append(found, ifAny(Finding{Code: "wrong-label", Severity: Error, About: c.Name, Mend: Relabel, Corrected: corrected, Rows: wrong,
			Message: fmt.Sprintf("the label disagrees with the answer: %d too low, %d too high; mean quality %.4f, regraded %.4f",
				up, len(wrong)-up, mean(c.Values), mean(corrected))})...)
	}
	return found
}

// RegradedColumn returns the name of the extra column that holds a model's corrected quality.
func RegradedColumn(model string) string { return "regraded:" + model }

func regradedOf(in Input, model string) ([]float64, bool) {
	if in.Answers != nil {
		for _, c := range Regrade(*in.Answers) {
			if c.Name == model {
				return c.Values, true
			}
		}
	}
	return in.Table.ExtraOf(RegradedColumn(model))
}

// mean returns the mean of the measured values, or NaN if there is none.
func mean(values []float64) float64 {
	n, sum := 0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
			sum += v
		}
	}
	return sum / float64(n)
}
