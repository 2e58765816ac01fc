package servecmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// checkThreshold refuses settings with no threshold, or lambda among several models, or with several.
func (o *settings) checkThreshold() error {
	if o.Several() {
		return o.checkLambda()
	}
	_, threshold := o.origins["threshold"]
	_, fraction := o.origins["strong-fraction"]
	switch {
	case o.Cascade != "" && !threshold && o.Artifact == "":
		return noCascadeThreshold()
	case !threshold && !fraction && o.Artifact == "":
		return hint.With(errors.New("no threshold is given: want --strong-fraction, --artifact or --threshold"),
			"--strong-fraction 30% sends 30 % of the built-in Arena prompts to the strong model",
			"routellm calibrate finds a threshold on your prompts and writes it to an artifact")
	case (threshold || fraction) && o.Artifact != "":
		return o.origins.Wrap("artifact", errors.New("holds a threshold already: it cannot be combined with threshold or strong_fraction"))
	case threshold && fraction:
		return o.origins.Wrap("strong-fraction", errors.New("cannot be combined with threshold"))
	}
	return nil
}

// readArtifact reads the artifact, or returns nil without one. Its router is the first one,
// unless --router names another.
func (o *settings) readArtifact() (*results.Artifact, error) {
	if o.Artifact == "" {
		return nil, nil
	}
	a, err := harness.ParseArtifact(o.Artifact)
	if err != nil {
		return nil, o.origins.Wrap("artifact", err)
	}
	if _, given := o.origins["router"]; !given {
		o.Routers = []string{a.Router.Spec}
	}
	return a, nil
}

// wrapRouter adds to an error about the routers where they were found.
func (o *settings) wrapRouter(err error) error {
	if _, given := o.origins["router"]; given || o.Artifact == "" {
		return o.origins.Wrap("router", err)
	}
	return hint.With(o.origins.Wrap("artifact", fmt.Errorf("%q was calibrated for the router %q: %w", o.Artifact, o.Routers[0], err)),
		"--router says which router it is, if its files or its server have moved")
}

// setThreshold sets the first router's threshold: from --threshold, from the artifact, or
// calibrated for --strong-fraction on the Arena prompts. It warns about one that hardly routes,
// and returns in words what it means.
func (o *settings) setThreshold(ctx context.Context, s cmdutil.Streams, c *harness.Scorer, a *results.Artifact) (calls string, err error) {
	if a != nil {
		return o.takeArtifact(ctx, s, c, a)
	}
	if _, ok := o.origins["strong-fraction"]; ok {
		if o.Config.Threshold, err = c.ThresholdFor(ctx, o.Fraction); err != nil {
			return "", err
		}
	}
	if o.Cascade != "" { // the Arena prompts have no answers to judge
		return "", nil
	}
	m, known := s.WarnThreshold(ctx, c, o.Config.Threshold)
	if !known {
		return "", nil
	}
	return callsOn(m.StrongFraction, "Arena prompts"), nil
}

// callsOn says what share of prompts goes to the strong model.
func callsOn(share float64, prompts string) string {
	return fmt.Sprintf("%.1f %% strong on the %s", 100*share, prompts)
}
