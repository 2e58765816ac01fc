package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// countOfMany finds a count before a plural, as in "%d samples" or "%d independent samples",
// which is wrong for 1.
var countOfMany = regexp.MustCompile(`%[ds] (?:[a-z]+ )?(samples|rows|prompts|models|scores|pairs|clusters|routers|battles|grades|requests|vectors|texts|components|comparisons|checks)\b`)

// neverOne lists texts with counts that cannot be 1, and with numbers that are no counts.
var neverOne = []string{
	"heads have %d and %d components", "expected %d rows", "the weights are for %d models", "do not hold %d vectors of %d components",
	"few distinct scores (%d in %d rows)", "right in all %d samples of the task", "%d of %d rows are bad", "among more than %s rows", "%d scores in the first pass",
	"Table %d: %s, %s samples", "%s scores %s on %s", "%d prompts: largest difference", "%d clusters of unequal size count",
	"the %s reference prompts come in clusters", "fewer than %d independent samples", "%s in rows %d", "%d closest pairs: expected", "%d judged prompts: expected", "%s has battles",
}

// TestCountsOfOne looks for messages that would say "1 samples".
func TestCountsOfOne(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for n, line := range strings.Split(string(source), "\n") {
			for _, known := range neverOne {
				line = strings.ReplaceAll(line, known, "")
			}
			if found := countOfMany.FindString(line); found != "" {
				t.Errorf("%s:%d: %q is wrong for 1: use text.Plural, or list the text in neverOne", path, n+1, found)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
