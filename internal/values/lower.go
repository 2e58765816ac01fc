package values

import (
	"slices"
	"strings"
	"unicode"
)

// lowerNames are the words in names of measures of which lower values are better.
var lowerNames = []string{
	"loss", "losses", "error", "errors", "perplexity", "ppl", "nll", "wer", "cer", "ter", "mae", "mse", "rmse",
	"brier", "distance", "toxicity", "regret",
}

// LowerIsBetter reports whether a name sounds as if lower values were better, as "eval_loss" and
// "WER" do. Words are what letters between other characters make.
func LowerIsBetter(name string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }), func(word string) bool {
		return slices.Contains(lowerNames, strings.ToLower(word))
	})
}
