package audit

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// numberForm matches a number in prose: a sign and a currency symbol in either order, digits
// with or without commas between thousands, and decimals. With a divisor it matches a fraction.
var numberForm = regexp.MustCompile(`-?[$€£]?-?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:/\d+)?`)

// unmarked removes currency symbols and the commas between thousands.
var unmarked = strings.NewReplacer("$", "", "€", "", "£", "", ",", "")

// FinalNumber returns the number that an answer ends with: the first number after the last
// "####" or, without "####", the last number of the text. It ignores currency symbols, commas
// between thousands, per cent signs, units and a full stop at the end. It skips fractions such
// as 1/2, which in prose belong to the question more often than to the answer. It returns false
// if there is no number.
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

// numbersIn lists the numbers in a text, except fractions. A number contains no space, so
// numbersIn searches only the words with a digit: most have none, and matching is slow.
func numbersIn(text string) []float64 {
	var out []float64
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsAny(word, "0123456789") {
			out = appendNumbers(out, word)
		}
	}
	return out
}

func appendNumbers(out []float64, word string) []float64 {
	for _, at := range numberForm.FindAllStringIndex(word, -1) {
		number := word[at[0]:at[1]]
		if at[0] > 0 && endsTerm(word[at[0]-1]) {
			number = strings.TrimPrefix(number, "-") // a difference or a hyphen, not a sign
		}
		if v, err := strconv.ParseFloat(unmarked.Replace(number), 64); err == nil { // neither a fraction nor too large
			out = append(out, v)
		}
	}
	return out
}

// endsTerm reports whether a "-" after c is a minus sign between terms or a hyphen, not the sign
// of the number after it.
func endsTerm(c byte) bool {
	return c == ')' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// Regrade grades each model's answers by their [FinalNumber]: 1 if it equals that of the
// reference answer to within 1e-9 (relative), 0 if it differs or there is none, and NaN if either
// answer is not stored or the reference has no number. It returns one column per model, or nil
// if there are no reference answers.
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

// Regraded returns a table that holds only the sample ids of t and the qualities that [Regrade]
// derives from the answers.
func Regraded(t *datasets.Table, a datasets.Answers) *datasets.Table {
	meta := t.Meta
	meta.Name, meta.Title = meta.Name+"-regraded", meta.Title+", regraded"
	meta.Encoder, meta.EncoderSHA256, meta.EmbeddingScale = "", "", math.NaN()
	return &datasets.Table{Meta: meta, SampleID: t.SampleID, Quality: Regrade(a)}
}
