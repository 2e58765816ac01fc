package harness_test

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
)

const capsHeader = "| texts | limit | cut | head | flips | head and tail | flips |\n| --- | --- | --- | --- | --- | --- | --- |\n"

// TestCapsOnArena compares mf's scores of long prompts with those of their beginning, and of their
// beginning and end.
func TestCapsOnArena(t *testing.T) {
	var texts []string
	for _, a := range arenaTalks(t) {
		if text := strings.Join(a.turns, "\n"); utf8.RuneCountInString(text) >= 2000 {
			texts = append(texts, text)
		}
	}
	inDocument(t, "caps", capsHeader+capRows(t, "Arena, 2,000 and more", texts, 2048, 4096, 8192, 16384))
}

// TestCapsOnOwnTexts does the same for longer texts of this repository. They change with every
// commit, so the table is only written, by make texts.
func TestCapsOnOwnTexts(t *testing.T) {
	if !*writeTexts {
		t.Skip("skipped: make texts runs it")
	}
	pages, code := joined(t, ".md"), joined(t, ".go")
	var both []string
	for i, text := range windows(pages, 200_000, 40) {
		both = append(both, text+windows(code, 200_000, 40)[i])
	}
	inDocument(t, "caps-own", capsHeader+
		capRows(t, "pages, 20,000", windows(pages, 20_000, 100), 4096, 16384)+
		capRows(t, "pages, 200,000", windows(pages, 200_000, 40), 16384, 65536)+
		capRows(t, "code, 200,000", windows(code, 200_000, 40), 16384, 65536)+
		capRows(t, "pages and code, 400,000", both, 16384, 65536, 262144)+
		capRows(t, "code, 2,000,000", windows(code, 2_000_000, 12), 65536, 262144, 1048576))
}

// capRows returns one row per limit: the mean and the largest difference from the score of the
// whole text, and the share of changed decisions among the texts that are cut.
func capRows(t *testing.T, name string, texts []string, limits ...int) string {
	t.Helper()
	c, rows := scorer(t, "mf"), ""
	threshold, err := c.ThresholdFor(context.Background(), 0.3)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range limits {
		c.Limit(limit)
		var head, both capped
		for _, text := range texts {
			if utf8.RuneCountInString(text) <= limit {
				continue
			}
			whole := partScore(t, c.Router(), text, text)
			head.add(whole, partScore(t, c.Router(), text, string([]rune(text)[:limit])), threshold)
			both.add(whole, c.score(t, text), threshold)
		}
		rows += fmt.Sprintf("| %s | %d | %.0f of %d | %s | %s |\n", name, limit, head.n, len(texts), head, both)
	}
	return rows
}

// capped sums up what a limit does to scores.
type capped struct{ n, sum, largest, flips float64 }

func (c *capped) add(whole, part, threshold float64) {
	d := math.Abs(whole - part)
	c.n, c.sum, c.largest = c.n+1, c.sum+d, max(c.largest, d)
	if (whole >= threshold) != (part >= threshold) {
		c.flips++
	}
}

// String returns two cells of the table.
func (c capped) String() string {
	return fmt.Sprintf("%.4f (%.4f) | %.1f %%", c.sum/c.n, c.largest, 100*c.flips/c.n)
}

// partScore returns a router's score of a text of which only a part is encoded.
func partScore(t *testing.T, r harness.Router, text, part string) float64 {
	t.Helper()
	e, err := encoder.Static()
	if err != nil {
		t.Fatal(err)
	}
	p := routers.Prompt{Text: part, HasText: true, Features: routers.FeaturesOf(text), Vector: make([]float32, e.Dim())}
	e.EncodeTo(p.Vector, part)
	scores, err := r.Scores(context.Background(), []routers.Prompt{p})
	if err != nil {
		t.Fatal(err)
	}
	return scores[0]
}

// joined returns the texts of all files of this repository with an extension.
func joined(t *testing.T, extension string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != extension {
			return err
		}
		raw, err := os.ReadFile(path)
		all.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// windows returns n parts of a text, with a request before or after each.
func windows(text string, size, n int) []string {
	requests := []string{"Summarise the text in three sentences.", "Fix it.", "Prove that the algorithm terminates, and find its worst case.", "Translate everything into French."}
	out := make([]string, n)
	for i := range out {
		at := i * (len(text) - size) / n
		part, request := strings.ToValidUTF8(text[at:at+size], ""), requests[i/2%len(requests)]
		if out[i] = part + "\n\n" + request; i%2 == 0 {
			out[i] = request + "\n\n" + part
		}
	}
	return out
}
