package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

const (
	longSentence  = 30 // words
	longSentences = 3  // per page
)

// TestPagesReadWell fails for a page with more than a few long sentences, and for one that names a
// folder that readers do not have. It logs the reading ease of each page by Flesch: from 60 plain,
// below 30 hard.
func TestPagesReadWell(t *testing.T) {
	for _, p := range readPages(t, "README.md", "CONTRIBUTING.md", "docs/*.md", "examples/README.md", "python/README.md") {
		if bytes.Contains(p.source, []byte("../shared")) {
			t.Errorf("%s names ../shared, which a clone does not have", p.name)
		}
		var long []string
		all := p.sentences()
		for _, s := range all {
			if len(words(s)) > longSentence {
				long = append(long, s)
			}
		}
		t.Logf("%-28s reading ease %3.0f, %3d sentences, %2d of over %d words", p.name, readingEase(all), len(all), len(long), longSentence)
		if len(long) > longSentences {
			t.Errorf("%s has %d sentences of over %d words, want at most %d:\n\n%s", p.name, len(long), longSentence, longSentences, strings.Join(long, "\n\n"))
		}
	}
}

// sentences returns the sentences of a page's paragraphs and list items, but not those of tables,
// headings and code. A code span counts as one word.
func (p page) sentences() (all []string) {
	walk(p.root, func(n ast.Node) bool {
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			all = append(all, split(p.shown(n, func(string) string { return "code" }))...)
			return false
		case extast.KindTable, ast.KindHeading, ast.KindCodeBlock, ast.KindFencedCodeBlock, ast.KindHTMLBlock:
			return false
		}
		return true
	})
	return all
}

var (
	spaces    = regexp.MustCompile(`\s+`)
	shortened = regexp.MustCompile(`\b(e\.g|i\.e|etc|vs|cf|approx|Fig|al)\.`)
	sentences = regexp.MustCompile(`[.!?][)"”']*(?:\s+|$)`)
)

// split splits a text into sentences.
func split(s string) (all []string) {
	s = shortened.ReplaceAllString(strings.TrimSpace(spaces.ReplaceAllString(s, " ")), "$1")
	begin := 0
	for _, at := range sentences.FindAllStringIndex(s, -1) {
		all = append(all, strings.TrimSpace(s[begin:at[1]]))
		begin = at[1]
	}
	if rest := strings.TrimSpace(s[begin:]); rest != "" {
		all = append(all, rest)
	}
	return slices.DeleteFunc(all, func(s string) bool { return len(words(s)) == 0 })
}

// words returns the parts of a sentence that hold a letter or a digit.
func words(s string) []string {
	return slices.DeleteFunc(strings.Fields(s), func(w string) bool {
		return !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	})
}

// readingEase returns the Flesch reading ease of some sentences: R. Flesch, A new readability
// yardstick, 1948.
func readingEase(all []string) float64 {
	count, parts := 0, 0
	for _, s := range all {
		for _, w := range words(s) {
			count++
			parts += syllables(w)
		}
	}
	if count == 0 {
		return 0
	}
	return 206.835 - 1.015*float64(count)/float64(len(all)) - 84.6*float64(parts)/float64(count)
}

var (
	vowels = regexp.MustCompile(`[aeiouy]+`)
	silent = regexp.MustCompile(`([^aeiouyl]e|[^aeiouydt]ed|[^aeiouycgsxz]es|[^aeiouy]les|[^aeiouy]ely)$`)
	apart  = regexp.MustCompile(`(i[ao]|[^q]ua|uo|eo|ea$)`)
	joined = regexp.MustCompile(`(tia|cia|[tscx]io)`)
)

// syllables estimates the number of syllables of an English word. A number counts as one.
func syllables(w string) int {
	w = strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))
	n := len(vowels.FindAllString(w, -1))
	if silent.MatchString(w) {
		n--
	}
	return max(1, n+len(apart.FindAllString(w, -1))-len(joined.FindAllString(w, -1)))
}

func TestSplit(t *testing.T) {
	for in, want := range map[string][]string{
		"One. Two (three).\nFour?":             {"One.", "Two (three).", "Four?"},
		"It costs 1.5 USD, e.g. here. Done":    {"It costs 1.5 USD, e.g here.", "Done"},
		"Run code. code prints it: see a.csv.": {"Run code.", "code prints it: see a.csv."},
		" – ":                                  nil,
	} {
		if got := split(in); !slices.Equal(got, want) {
			t.Errorf("split(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSyllables(t *testing.T) {
	for w, want := range map[string]int{
		"the": 1, "model": 2, "router": 2, "table": 2, "made": 1, "measured": 2, "quality": 3, "evaluation": 5, "threshold": 2,
		"sentences": 3, "calibrate": 3, "calls": 1, "needed": 2, "random": 2, "42": 1, "area": 3, "question": 2,
	} {
		if got := syllables(w); got != want {
			t.Errorf("syllables(%q) = %d, want %d", w, got, want)
		}
	}
}
