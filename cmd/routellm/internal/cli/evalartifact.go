package cli

import (
	"fmt"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// calibrated is the threshold of --artifact, whose router is in the table.
type calibrated struct {
	input    result.Input
	artifact *result.Artifact
	label    string // of its router
}

// openArtifact reads --artifact, nil if there is none. Without --router the table is
// about its router alone.
func openArtifact(o *evalOptions, options registry.Options) (*calibrated, error) {
	if o.Artifact == "" {
		return nil, nil
	}
	a, n, err := readArtifact(o.Artifact, "", options)
	if err != nil {
		return nil, err
	}
	if _, ok := n.router.(routers.ClosedForm); ok {
		return nil, fmt.Errorf("%q: router %q is evaluated in closed form, without scores to compare with a threshold", o.Artifact, n.spec.Label)
	}
	if !o.routed {
		o.Routers = []string{a.Router.Spec}
	}
	digest, err := datasets.Digest(o.Artifact)
	return &calibrated{input: result.Input{Path: o.Artifact, SHA256: digest}, artifact: a}, err
}

// find looks for the artifact's router among those of the table.
func (c *calibrated) find(entrants []entrant) error {
	if c == nil {
		return nil
	}
	for _, n := range entrants {
		if checkIdentity(c.input.Path, c.artifact, n) == nil {
			c.label = n.spec.Label
			return nil
		}
	}
	return hint.With(fmt.Errorf("%q was calibrated for the router %q, which is not among --router", c.input.Path, c.artifact.Router.Spec),
		"thresholds of one router mean nothing to another", "leave out --router, or add --router "+c.artifact.Router.Spec)
}

// row is what the threshold does on a benchmark.
func (c *calibrated) row(b *bench, scores map[string][]float64) result.Router {
	strong := make([]bool, b.subject.Outcomes.N())
	for i, score := range scores[c.label] {
		strong[i] = score >= c.artifact.Cut()
	}
	r := result.PointRouter(c.label+" calibrated", "threshold", b.subject, strong)
	if p := c.artifact.Pair; p != b.pair && p != (result.Pair{}) {
		r.Warnings = append(r.Warnings, fmt.Sprintf("its threshold was set for %s / %s", p.Strong, p.Weak))
	}
	return r
}
