package harness_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
)

// suspectData writes grades from 3 to 10, of which a judge failed to give two, without bounds. On
// the five longest prompts the weak model was not measured.
func suspectData(t *testing.T) string {
	t.Helper()
	const n = 60
	table := &datasets.Table{Meta: datasets.NewMeta(), HasPrompt: true}
	table.Meta.Name, table.Meta.Strong, table.Meta.Weak = "odd", "big", "small"
	strong, weak := make([]float64, n), make([]float64, n)
	for i := range n {
		table.SampleID = append(table.SampleID, fmt.Sprintf("s%02d", i))
		table.Prompt = append(table.Prompt, fmt.Sprintf("question %d", i)+strings.Repeat(" and one more", i/4))
		strong[i], weak[i] = float64(7+i%4), float64(3+i%5)
		if i%29 == 3 {
			weak[i] = -1
		}
		if i >= n-5 {
			weak[i] = math.NaN()
		}
	}
	table.Task, table.Cluster = table.SampleID, table.SampleID
	table.Quality = []datasets.Column{{Name: "big", Values: strong}, {Name: "small", Values: weak}}
	table.FillFromPrompts()
	return write(t, "odd.parquet", func(b *bytes.Buffer) error { return table.Write(b) })
}

// TestSuspectOutcomes expects the warnings of every evaluation, which Strict makes errors.
func TestSuspectOutcomes(t *testing.T) {
	ctx, path := context.Background(), suspectData(t)
	rs, err := harness.OpenFor([]string{path}, []string{"length", "random"}, harness.RouterOptions{}, harness.Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	benches, err := harness.Load(ctx, []string{path}, rs, harness.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := harness.RunOptions{Points: harness.DefaultPoints(), Intervals: harness.DefaultIntervals()}
	o.Intervals.Resamples = 100
	e, err := harness.Run(ctx, rs, benches, o)
	if err != nil {
		t.Fatal(err)
	}
	b := e.Document.Benchmarks[0]
	set, err := harness.Score(ctx, rs, benches, harness.Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	compared, err := harness.Compare(ctx, []*harness.ScoreSet{set}, nil, harness.DefaultCompare())
	if err != nil {
		t.Fatal(err)
	}
	for name, warnings := range map[string][]string{"eval": b.Warnings, "compare": compared.Benchmarks[0].Warnings} {
		for _, want := range []string{
			`the quality of the model "small" is -1, while all others are from 3 to 7: in 2 samples it seems to stand for an answer that failed`,
			"the prompts of the samples that are not measured are longer than the others (medians ",
		} {
			if !strings.Contains(strings.Join(warnings, "\n"), want) {
				t.Errorf("%s: %q, expected %q", name, warnings, want)
			}
		}
	}
	if l := b.Unmeasured.Length; l == nil || !(l.Unmeasured > l.Measured) || !(l.P < 0.01) {
		t.Errorf("lengths %+v", l)
	}
	_, err = harness.Load(ctx, []string{path}, rs, harness.LoadOptions{Strict: true})
	if err == nil || !strings.Contains(err.Error(), "is -1") || !strings.Contains(err.Error(), "\n  the prompts of the samples") {
		t.Errorf("strict: %v", err)
	}
	if _, err = harness.Load(ctx, []string{ownData(t)}, rs, harness.LoadOptions{Strict: true}); err != nil {
		t.Errorf("strict, good data: %v", err)
	}
}
