package features

import (
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestInvariances(t *testing.T) {
	for _, text := range append(slices.Clone(samples), fixed...) {
		want := Of(text)
		for what, other := range map[string]string{
			"white space at the end": text + " \t\n\u00A0",
			"CR LF":                  strings.ReplaceAll(text, "\n", "\r\n"),
			"NFD":                    norm.NFD.String(strings.ToValidUTF8(text, "\uFFFD")),
			"valid UTF-8":            strings.ToValidUTF8(text, "\uFFFD"),
		} {
			if got := Of(other); !slices.Equal(got, want) {
				t.Errorf("%s changes the cues of %q", what, text)
			}
		}
	}
}

// TestDenseText checks that text without spaces has averages like those of other text.
func TestDenseText(t *testing.T) {
	text := strings.Repeat("\u4ECA\u5929\u7684\u5929\u6C14\u5F88\u597D\uFF0C\u6211\u4EEC\u53BB\u516C\u56ED\u770B\u82B1\u3002", 40)
	long := strings.Repeat("The weather is fine today, and we go to the park to see flowers. ", 40)
	for name, most := range map[string]float64{"sentence_length": 0.15, "word_length": 0.1, "commas": 0.1, "word_rarity": 0.2, "sentences": 0.01} {
		if a, b := of(t, name, text), of(t, name, long); math.Abs(a-b) > most {
			t.Errorf("%s is %v, and %v of English text", name, a, b)
		}
	}
}

func TestShortTextsAreNearTypical(t *testing.T) {
	for _, name := range []string{"word_rarity", "common_words", "sentence_length", "word_length", "distinct_words", "commas"} {
		none, one := of(t, name, ""), of(t, name, "hello")
		if math.Abs(none-one) > 0.15 || none < 0.1 {
			t.Errorf("%s is %v of no text, and %v of one word", name, none, one)
		}
	}
}

func TestListsHaveNoWordTwice(t *testing.T) {
	for _, l := range lists {
		words := strings.Fields(l.words)
		slices.Sort(words)
		for k := 1; k < len(words); k++ {
			if words[k] == words[k-1] {
				t.Errorf("list %q has %q twice", l.name, words[k])
			}
		}
		for _, w := range words {
			if w != strings.ToLower(w) || w != norm.NFC.String(w) || len(w) > maxKnown {
				t.Errorf("list %q: %q is not a word in lower case", l.name, w)
			}
		}
	}
}

// TestRanksFollowFrequency checks that the vocabulary ranks words by how common they are.
func TestRanksFollowFrequency(t *testing.T) {
	last := -1
	for _, word := range []string{"the", "house", "weather", "integral", "calculus", "arsenic"} {
		rank, ok := ranks().Rank([]byte(word))
		if !ok || rank <= last {
			t.Errorf("%q has rank %d, %v", word, rank, ok)
		}
		last = rank
	}
}

func TestFewAllocations(t *testing.T) {
	Of(fixed[0])
	if n := testing.AllocsPerRun(100, func() { Of(fixed[0]) }); n > 8 {
		t.Errorf("%v allocations", n)
	}
}

func TestOfAll(t *testing.T) {
	all := OfAll(samples)
	for i, text := range samples {
		if !slices.Equal(all[i], Of(text)) {
			t.Errorf("the cues of %q differ", text)
		}
	}
}
