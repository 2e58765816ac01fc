package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
)

// drift compares new scores with those of calibration.
func (c *calibration) drift(ctx context.Context) error {
	fresh, err := c.freshScores(ctx)
	if err != nil {
		return err
	}
	scores, err := collect(fresh.stream)
	if err != nil {
		return err
	}
	kept := c.artifact.Quantiles
	if kept == nil { // no threshold was asked for
		kept = eval.Quantiles(c.scores, eval.MaxReference)
	}
	d, err := eval.NewDrift(kept, scores)
	if err != nil {
		return fmt.Errorf("%s: %w", fresh.name, err)
	}
	out := &result.Drift{New: fresh.input, Calibration: d.N, Scores: d.M, KS: result.Value(d.KS), P: result.Value(d.P), PSI: result.Value(d.PSI),
		Drifted: d.Drifted(c.o.Confidence), StrongBefore: none, StrongNow: none}
	if c.artifact.Kind != "" {
		before, _, err := eval.FractionAbove(eval.StreamOf(kept), c.artifact.Cut())
		if err != nil {
			return err
		}
		now, _, err := eval.FractionAbove(eval.StreamOf(scores), c.artifact.Cut())
		if err != nil {
			return err
		}
		out.StrongBefore, out.StrongNow = result.Value(before), result.Value(now)
	}
	c.doc.Drift = out
	return nil
}

// freshScores are those of a file of scores, or the router's on a data set.
func (c *calibration) freshScores(ctx context.Context) (scoreSource, error) {
	path := c.o.Drift
	if c.entrant.isScoreFile() || holdsScores(path) {
		return fileSource(c.streams, c.entrant, path, true)
	}
	return openScoreSource(ctx, c.streams, c.encoders, c.entrant, path, true)
}

// holdsScores reports whether a file is one of scores rather than of prompts.
func holdsScores(path string) bool {
	if _, builtin := benchmarks.Data(path); builtin {
		return false
	}
	if filepath.Ext(path) != ".parquet" {
		return true
	}
	f, err := datasets.Open(path)
	if err != nil {
		return false // opening it as a data set says what is wrong
	}
	defer f.Close()
	return f.HasColumn("score")
}

func (p *page) drift(doc *result.Calibration) {
	d := doc.Drift
	p.heading(fmt.Sprintf("%s: %s new scores (%s) against %s of calibration", doc.Router, thousands(d.Scores), inputName(d.New), thousands(d.Calibration)))
	t := &table.Table{Header: []string{"KS", "p", "PSI", "strong before", "strong now", "drifted"}}
	if p.raw() {
		t.Header = []string{"ks", "p", "psi", "strong_before", "strong_now", "drifted"}
		t.Add(cell(d.KS), cell(d.P), cell(d.PSI), cell(d.StrongBefore), cell(d.StrongNow), fmt.Sprint(d.Drifted))
		p.table(t)
		return
	}
	word := map[bool]string{true: "yes", false: "no"}[d.Drifted]
	t.Add(fmt.Sprintf("%.4f", float64(d.KS)), fmt.Sprintf("%.3g", float64(d.P)), fmt.Sprintf("%.4f", float64(d.PSI)),
		shareText(d.StrongBefore), shareText(d.StrongNow), word)
	p.table(t)
	p.note(fmt.Sprintf("drifted: p of the two-sample Kolmogorov-Smirnov test is below %.4g and the population stability index is 0.1 or more", 1-float64(doc.Confidence)))
}

func shareText(v result.Value) string {
	if !v.Exists() {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(v))
}
