package harness

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/hint"
)

// What the names of columns of counts begin with, before the model.
const (
	inputColumn     = "input_tokens:"
	outputColumn    = "output_tokens:"
	cachedColumn    = "cached_input_tokens:"
	reasoningColumn = "reasoning_tokens:"
	outputChars     = "output_chars:"
)

// charsPerToken is the number of characters that stand for a token where only characters were
// counted: about that of English text.
const charsPerToken = 4

// Where token counts come from, in results.PriceUsed.
const (
	tokensCounted   = "counted"
	tokensEstimated = "estimated"
	tokensGiven     = "given"
)

// counts holds the token counts of a model's answers.
type counts struct {
	input, output     func(i int) float64
	cached, reasoning []float64 // nil if they were not counted
	how               string
}

// at returns the counts of a row; NaN where they are not known. Cached and reasoning tokens that
// are not known are none.
func (c counts) at(i int) pricelist.Tokens {
	return pricelist.Tokens{Input: c.input(i), Output: c.output(i), Cached: knownAt(c.cached, i), Reasoning: knownAt(c.reasoning, i)}
}

func knownAt(values []float64, i int) float64 {
	if values == nil || math.IsNaN(values[i]) {
		return 0
	}
	return values[i]
}

// countsOf returns the token counts of a model's answers: of the data, else given ones, else
// estimates from the characters of the prompts and answers.
func (p Pricing) countsOf(t *datasets.Table, model string) (c counts, err error) {
	c.how = tokensCounted
	var okIn, okOut bool
	if c.input, okIn = countIn(t, inputColumn+model); !okIn {
		chars, ok := t.FeatureOf("chars")
		if c.input, ok = p.otherwise(&c, 0, chars, ok); !ok {
			return c, noTokens(inputColumn, model)
		}
	}
	if c.output, okOut = countIn(t, outputColumn+model); !okOut {
		chars, ok := t.ExtraOf(outputChars + model)
		if c.output, ok = p.otherwise(&c, 1, chars, ok); !ok && answersAreLetters(t) {
			c.output, ok, c.how = func(int) float64 { return 1 }, true, tokensEstimated
		}
		if c.output == nil {
			return c, noTokens(outputColumn, model)
		}
	}
	c.cached, _ = t.ExtraOf(cachedColumn + model)
	c.reasoning, _ = t.ExtraOf(reasoningColumn + model)
	return c, nil
}

// countIn returns the counts in a column.
func countIn(t *datasets.Table, column string) (at func(i int) float64, ok bool) {
	values, ok := t.ExtraOf(column)
	return func(i int) float64 { return values[i] }, ok
}

// otherwise returns the counts of data without a column of them: the given number of one side, or
// estimates from characters.
func (p Pricing) otherwise(c *counts, side int, chars []float64, ok bool) (func(i int) float64, bool) {
	switch {
	case p.Tokens != nil:
		c.how = tokensGiven
		n := p.Tokens[side]
		return func(int) float64 { return n }, true
	case ok:
		c.how = tokensEstimated
		return func(i int) float64 { return chars[i] / charsPerToken }, true
	}
	return nil, false
}

// answersAreLetters reports whether the answers of a data set are one letter, which is one token:
// those of the built-in MMLU.
func answersAreLetters(t *datasets.Table) bool {
	return t.Meta.Name == "mmlu" && strings.HasPrefix(t.Meta.Source, "github.com/lm-sys/RouteLLM")
}

// noTokens returns the error of data that lacks counts which prices need.
func noTokens(kind, model string) error {
	return hint.With(fmt.Errorf("column %q: missing: a price is per token, and the data does not say how many tokens an answer took", kind+model),
		"--tokens IN,OUT gives the tokens of a prompt and of an answer",
		"datasets import table --input-tokens and --output-tokens import the counts")
}
