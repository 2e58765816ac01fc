package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestGlossaryIsSorted checks that docs/glossary.md is in the order of the alphabet and has the
// words of the project's first definitions, which other pages link to.
func TestGlossaryIsSorted(t *testing.T) {
	var terms []string
	for _, m := range regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(read(t, "../../docs/glossary.md"), -1) {
		terms = append(terms, strings.ToLower(m[1]))
	}
	if !slices.IsSorted(terms) {
		t.Errorf("docs/glossary.md is out of order:\n%s", strings.Join(terms, "\n"))
	}
	for _, want := range []string{
		"strong model", "weak model", "sample", "quality", "score", "win rate", "threshold", "strong fraction", "pgr", "auc",
		"apgr", "cpt", "random routing", "oracle", "headroom", "arena labels", "judge labels", "gold labels",
		"pool", "cost", "lift", "static mix", "summary",
	} {
		if !slices.Contains(terms, want) {
			t.Errorf("docs/glossary.md has no heading for %q", want)
		}
	}
}
