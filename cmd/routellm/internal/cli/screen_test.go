package cli

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// TestWriteScreen: the same numbers as elsewhere, with a curve, in any width.
func TestWriteScreen(t *testing.T) {
	raw := runHere(t, "eval", "--router", "length,mf,a-router-with-a-long-name=knn", "--bench", "mt-bench", "--by", "task", "--resamples", "100", "--format", "json")
	d, err := results.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	for width := 10; width <= 120; width += 5 {
		var b bytes.Buffer
		if err := render.Screen(&b, d, table.Screen{Width: width}); err != nil {
			t.Fatal(err)
		}
		_, tables, _ := strings.Cut(b.String(), "\n\n")
		tables, _, _ = strings.Cut(tables, "\n*: ")
		for line := range strings.Lines(tables) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns in %d: %s", n, width, line)
			}
		}
		if strings.Contains(b.String(), "\x1b") {
			t.Errorf("colour in %d columns", width)
		}
		if has := strings.Contains(b.String(), "▁"); has != (width >= 75) {
			t.Errorf("curves in %d columns: %v", width, has)
		}
	}
	d.Conventions.Intervals = results.Intervals{Method: "none", Confidence: results.Value(math.NaN())}
	var b bytes.Buffer
	if err := render.Screen(&b, d, table.Screen{Width: 100, Colour: true}); err != nil || !strings.HasPrefix(b.String(), "\x1b[1mMT Bench: 72 samples\x1b[0m\n") {
		t.Errorf("%v: %.80q", err, b.String())
	}
}
