package cli

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
)

// withoutOutcomes sets thresholds for shares of strong calls on scores alone.
func (c *calibration) withoutOutcomes(ctx context.Context) error {
	reference, err := openScoreSource(ctx, c.streams, c.encoders, c.entrant, c.o.Data, false)
	if err != nil {
		return err
	}
	thresholds, err := eval.Calibrate(reference.stream, c.o.Fractions)
	if err != nil {
		return fmt.Errorf("%s: %w", reference.name, err)
	}
	c.doc.Reference, c.doc.Prompts = reference.input, thresholds[0].N
	for _, t := range thresholds {
		c.doc.Thresholds = append(c.doc.Thresholds, result.NewThreshold(t, c.o.Confidence, c.doc.Next))
		c.warnTies(t)
	}
	if c.o.Check != "" {
		if err := c.checkThresholds(ctx, thresholds); err != nil {
			return err
		}
	}
	if c.o.Artifact == "" && c.o.Drift == "" {
		return nil
	}
	if c.scores, err = collect(reference.stream); err != nil {
		return err
	}
	return c.fillArtifact(thresholds[0].Threshold, guaranteeOf(thresholds[0].Fraction), result.Pair{})
}

// guaranteeOf is that of a share of strong calls: none.
func guaranteeOf(fraction float64) result.Guarantee {
	return result.Guarantee{Target: "strong_fraction", Value: result.Value(fraction), Test: "none", Confidence: none}
}

// collect keeps a stream's scores in memory.
func collect(stream eval.Stream) ([]float64, error) {
	var all []float64
	err := stream(func(batch []float64) error {
		all = append(all, batch...)
		return nil
	})
	return all, err
}

// checkThresholds fills what each threshold does on other prompts.
func (c *calibration) checkThresholds(ctx context.Context, thresholds []eval.Threshold) error {
	other, err := openScoreSource(ctx, c.streams, c.encoders, c.entrant, c.o.Check, true)
	if err != nil {
		return err
	}
	c.doc.Check = &other.input
	for i, t := range thresholds {
		share, count, err := eval.FractionAbove(other.stream, t.Threshold)
		if err != nil {
			return fmt.Errorf("%s: %w", other.name, err)
		}
		c.doc.Thresholds[i].Check = &result.Checked{Prompts: count, StrongFraction: result.Value(share)}
	}
	return nil
}

// warnTies says where equal scores made a threshold call more than wanted.
func (c *calibration) warnTies(t eval.Threshold) {
	if t.Tied() {
		c.doc.Warnings = append(c.doc.Warnings, fmt.Sprintf("%.4g %% falls among equal scores, %v; with all of them it is %.4g %%",
			100*t.Fraction, t.Threshold, 100*t.Observed()))
	}
}
