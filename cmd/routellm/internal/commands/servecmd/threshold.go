package servecmd

import (
	"context"
	"errors"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// threshold returns the first router's threshold: from --threshold, from an artifact, or
// calibrated for --strong-fraction on the Arena prompts.
func (o *settings) threshold(ctx context.Context, s cmdutil.Streams, c *harness.Scorer) (float64, error) {
	_, threshold := o.origins["threshold"]
	_, fraction := o.origins["strong-fraction"]
	switch {
	case !threshold && !fraction && o.Artifact == "":
		return 0, hint.With(errors.New("no threshold is given: want --threshold, --strong-fraction or --artifact"),
			"routellm calibrate finds a threshold and writes it to an artifact")
	case (threshold || fraction) && o.Artifact != "":
		return 0, o.origins.Wrap("artifact", errors.New("holds a threshold already: it cannot be combined with --threshold or --strong-fraction"))
	case threshold && fraction:
		return 0, o.origins.Wrap("strong-fraction", errors.New("cannot be combined with --threshold"))
	case threshold:
		s.WarnThreshold(ctx, c, o.Config.Threshold)
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
	s.WarnArtifact(a)
	return a.Cut(), nil
}
