package servecmd

import (
	"context"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// takeArtifact sets the threshold of an artifact, which must be the first router's, and does
// what setThreshold does.
func (o *settings) takeArtifact(ctx context.Context, s cmdutil.Streams, c *harness.Scorer, a *results.Artifact) (calls string, err error) {
	if err := harness.CheckIdentity(o.Artifact, a, c.Router()); err != nil {
		return "", o.origins.Wrap("artifact", err)
	}
	s.WarnArtifact(a)
	o.Config.Threshold = a.Cut()
	share := shareOf(a)
	for _, warning := range []string{o.otherPair(a), hardlyRoutes(share)} {
		if warning != "" {
			s.Feedback().Note(fmt.Sprintf("warning: %q %s", o.Artifact, warning))
		}
	}
	calls = callsOn(share, "calibration's prompts")
	if o.Cascade != "" { // the Arena prompts have no answers to judge
		return calls, nil
	}
	if m, err := c.Meaning(ctx, a.Cut()); err == nil {
		calls += fmt.Sprintf(", %.1f %% on Arena's", 100*m.StrongFraction)
	}
	return calls, nil
}

// shareOf returns the share of the calibration's prompts that an artifact sends to the strong
// model, to the precision of its quantiles.
func shareOf(a *results.Artifact) float64 {
	n := len(a.Quantiles)
	below := sort.SearchFloat64s(a.Quantiles, a.Cut())
	return float64(n-below) / float64(max(1, n))
}

// hardlyRoutes returns a warning about a share that is nearly none or nearly all, and else "".
func hardlyRoutes(share float64) string {
	const least = 0.01
	if share >= least && share <= 1-least {
		return ""
	}
	return fmt.Sprintf("sends %.4g %% of the prompts that it was calibrated on to the strong model: its threshold hardly routes", 100*share)
}

// otherPair returns a warning about an artifact for other models than the server's, and else "".
// It compares names without the provider that some write before them, and with aliases.
func (o *settings) otherPair(a *results.Artifact) string {
	if a.Pair == (results.Pair{}) || o.isNamed(strong, a.Pair.Strong) && o.isNamed(weak, a.Pair.Weak) {
		return ""
	}
	return fmt.Sprintf("was calibrated for %s / %s, and the server has %s / %s: unless these are the same models under other names, its threshold and what it guarantees do not hold",
		a.Pair.Strong, a.Pair.Weak, o.Strong.Name, o.Weak.Name)
}

// The indexes of the pair's upstreams.
const strong, weak = 0, 1

// isNamed reports whether the model of an upstream has a name.
func (o *settings) isNamed(upstream int, name string) bool {
	return slices.ContainsFunc(o.Upstreams()[upstream].Names(), func(own string) bool {
		return strings.EqualFold(path.Base(own), path.Base(name))
	})
}
