package harness

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/routers/registry"
)

// longPrompt is a prompt of some 500 tokens.
var longPrompt = strings.Repeat("A landlord raises the rent of a flat by 12 percent after two years. Explain which rules apply, and what the tenant may do. ", 20)

// openTestScorer opens a router as serve does.
func openTestScorer(tb testing.TB, name string) *Scorer {
	tb.Helper()
	r, err := OpenCalibrated(name, registry.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	c, err := NewScorer(r, Encoder{}, Feedback{})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// TestScoreOfOne compares the score of one prompt with those of prompts together.
func TestScoreOfOne(t *testing.T) {
	ctx, texts := context.Background(), []string{"", "who signs", longPrompt, "not \xff UTF-8"}
	for _, name := range []string{"mf", "knn", "length", "random"} {
		c := openTestScorer(t, name)
		all, _, err := c.Scores(ctx, texts, texts)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if got, err := c.Score(ctx, text, text); err != nil || got != all[i] {
				t.Errorf("%s, text %d: %v, %v, expected %v", name, i, got, err, all[i])
			}
		}
	}
}

// BenchmarkScoreOfOne scores a prompt of 500 tokens, as serve does for each request.
func BenchmarkScoreOfOne(b *testing.B) {
	for _, name := range []string{"mf", "mf@judge", "length"} {
		b.Run(name, func(b *testing.B) {
			c, ctx, times := openTestScorer(b, name), context.Background(), make([]time.Duration, 0, 1<<20)
			_, tokens, _ := c.prompt(ctx, "id", longPrompt)
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				if _, err := c.Score(ctx, "id", longPrompt); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1000, "p99-us")
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-us")
			b.ReportMetric(float64(tokens), "tokens")
		})
	}
}
