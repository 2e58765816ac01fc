package audit

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// numberForm is a number in prose: a sign and a currency in either order, digits with or
// without commas at the thousands, decimals; with a divisor it is a fraction.
var numberForm = regexp.MustCompile(`-?[$€£]?-?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:/\d+)?`)

// FinalNumber reads the number that an answer ends on: the first one after the last
// "####", or else the last one of the text. Currencies, commas, per cent, units and a
// full stop at the end do not count. Fractions such as 1/2 are passed over: in prose they
// are parts of what is asked more often than the answer. False if there is none.
func FinalNumber(answer string) (float64, bool) {
	i := strings.LastIndex(answer, "####")
	if i < 0 {
		return last(numbersIn(answer))
	}
	numbers := numbersIn(answer[i+len("####"):])
	return last(numbers[:min(1, len(numbers))])
}

func last(numbers []float64) (float64, bool) {
	if len(numbers) == 0 {
		return 0, false
	}
	return numbers[len(numbers)-1], true
}

// numbersIn lists the numbers of a text that are no fractions.
func numbersIn(text string) []float64 {
	var out []float64
	for _, at := range numberForm.FindAllStringIndex(text, -1) {
		number := text[at[0]:at[1]]
		if at[0] > 0 && endsTerm(text[at[0]-1]) {
			number = strings.TrimPrefix(number, "-") // a difference or a hyphen, not a sign
		}
		v, err := strconv.ParseFloat(strings.NewReplacer("$", "", "€", "", "£", "", ",", "").Replace(number), 64)
		if err == nil { // neither a fraction nor too large
			out = append(out, v)
		}
	}
	return out
}

// endsTerm reports whether a "-" after c takes away.
func endsTerm(c byte) bool {
	return c == ')' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// Regrade grades each model's answers anew: 1 where the final number is that of the
// right answer, 0 where it is another or there is none, NaN where either answer is not
// stored or the right one has no number.
func Regrade(a datasets.Answers) []datasets.Column {
	var out []datasets.Column
	if a.Reference == nil {
		return nil
	}
	for _, m := range a.Models {
		values := make([]float64, len(m.Texts))
		for i, text := range m.Texts {
			values[i] = grade(text, a.Reference[i])
		}
		out = append(out, datasets.Column{Name: m.Model, Values: values})
	}
	return out
}

func grade(answer, reference *string) float64 {
	if answer == nil || reference == nil {
		return math.NaN()
	}
	want, ok := FinalNumber(*reference)
	if !ok {
		return math.NaN()
	}
	if got, ok := FinalNumber(*answer); ok && math.Abs(got-want) <= 1e-9*max(1, math.Abs(want)) {
		return 1
	}
	return 0
}

// Regraded is t's samples with the qualities that follow from the answers, and nothing
// else: a data set without prompts or answers.
func Regraded(t *datasets.Table, a datasets.Answers) *datasets.Table {
	meta := t.Meta
	meta.Name, meta.Title = meta.Name+"-regraded", meta.Title+", regraded"
	meta.Encoder, meta.EncoderSHA256, meta.EmbeddingScale = "", "", math.NaN()
	return &datasets.Table{Meta: meta, SampleID: t.SampleID, Quality: Regrade(a)}
}
