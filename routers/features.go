package routers

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
)

// Feature names a count of a prompt's text.
type Feature int

// FeaturesOf sets all of these counts.
const (
	Chars   Feature = iota // Chars is the number of Unicode code points
	Words                  // Words is the number of runs of characters between white space
	Lines                  // Lines is the number of lines; an empty text has one
	Numbers                // Numbers is the number of numbers such as "1,234.5"
)

// numFeatures is the number of counts.
const numFeatures = 4

// Counts returns all counts.
func Counts() [numFeatures]Feature { return [numFeatures]Feature{Chars, Words, Lines, Numbers} }

// String returns the name that data files use after "feature:", such as "chars".
func (f Feature) String() string {
	if f < 0 || f >= Feature(numFeatures) {
		return fmt.Sprintf("Feature(%d)", int(f))
	}
	return [numFeatures]string{"chars", "words", "lines", "numbers"}[f]
}

// Features holds the counts of a prompt's text that are known. Routers read them where
// the text itself is absent. The zero value knows nothing: a count that nobody set is
// missing, never 0. Make one with [FeaturesOf], or from stored counts with
// [Features.With]. Features is comparable with ==.
type Features struct {
	value [numFeatures]float64 // a missing count has value 0
	known [numFeatures]bool
}

// FeaturesOf counts a text. All counts of the result are known.
func FeaturesOf(text string) Features {
	chars, words, lines, numbers := datasets.TextFeatures(text)
	return Features{
		value: [numFeatures]float64{float64(chars), float64(words), float64(lines), float64(numbers)},
		known: [numFeatures]bool{true, true, true, true},
	}
}

// With returns f with one count set. NaN, which stands for a missing value in stored
// columns, makes the count missing. With panics if name is not one of the constants.
func (f Features) With(name Feature, count float64) Features {
	known := !math.IsNaN(count)
	if !known {
		count = 0
	}
	f.value[name], f.known[name] = count, known
	return f
}

// Get returns a count; ok is false if it is missing.
func (f Features) Get(name Feature) (count float64, ok bool) {
	return f.value[name], f.known[name]
}
