package servecmd

import (
	"context"
	"errors"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// threshold is that of the first router: given, from an artifact of calibrate, or for a
// share of the Arena prompts.
func (o *settings) threshold(ctx context.Context, c *harness.Scorer) (float64, error) {
	_, threshold := o.origins["threshold"]
	_, fraction := o.origins["strong-fraction"]
	switch {
	case !threshold && !fraction && o.Artifact == "":
		return 0, hint.With(errors.New("--threshold is missing"),
			"or --strong-fraction, or --artifact with a file of calibrate --artifact")
	case (threshold || fraction) && o.Artifact != "":
		return 0, o.origins.Wrap("artifact", errors.New("brings its threshold: it goes without --threshold and --strong-fraction"))
	case threshold && fraction:
		return 0, o.origins.Wrap("strong-fraction", errors.New("does not go with a threshold"))
	case threshold:
		return o.Config.Threshold, nil
	case fraction:
		return c.ThresholdFor(ctx, o.Fraction)
	}
	a, err := harness.ParseArtifact(o.Artifact)
	if err == nil {
		err = harness.CheckIdentity(o.Artifact, a, c.Router())
	}
	if err != nil {
		return 0, o.origins.Wrap("artifact", err)
	}
	return a.Cut(), nil
}
