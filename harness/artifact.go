package harness

import (
	"fmt"
	"os"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// ReadArtifact reads an artifact of routellm calibrate and opens its router. given names
// the router instead; "" stands for the artifact's own. Any router but the one that was
// calibrated is an error.
func ReadArtifact(path, given string, o RouterOptions) (*results.Artifact, Router, error) {
	a, err := ParseArtifact(path)
	if err != nil {
		return nil, Router{}, err
	}
	if a.Pool != nil {
		return nil, Router{}, fmt.Errorf("%q: found a policy for %s, expected a threshold for two", path, text.Plural(len(a.Pool.Models), "model"))
	}
	if given == "" {
		given = a.Router.Spec
	}
	r, err := OpenCalibrated(given, o)
	if err != nil {
		return nil, r, fmt.Errorf("%q: %w", path, err)
	}
	return a, r, CheckIdentity(path, a, r)
}

// ParseArtifact reads an artifact without opening its router.
func ParseArtifact(path string) (*results.Artifact, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, hint.With(named(path, err), "routellm calibrate --artifact writes it")
	}
	a, err := results.ReadArtifact(raw)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return a, nil
}

// OpenCalibrated opens the one router that name stands for, to calibrate it or to use
// its calibration. It leaves a score file closed, with a nil Router, since Calibrate can
// read one that does not fit into memory.
func OpenCalibrated(name string, o RouterOptions) (Router, error) {
	spec, err := oneSpec(name)
	if err != nil {
		return Router{}, err
	}
	if r := (Router{Spec: spec}); r.isScoreFile() {
		return r, nil
	}
	return openSpec(spec, o)
}

// CheckIdentity refuses any router but the one that was calibrated. A file of scores stands for
// the router that made them, if it says which.
func CheckIdentity(path string, a *results.Artifact, r Router) error {
	got, err := IdentityOf(r)
	if err != nil {
		return err
	}
	want := a.Router
	x := mismatchOf(got, want)
	if x != nil && r.isScoreFile() { // artifacts of earlier releases name the file itself
		if got, err = fileIdentity(r); err != nil || mismatchOf(got, want) == nil {
			return err
		}
	}
	return wrongRouter(path, a, got, x)
}

// wrongRouter returns the error about the part x in which a router differs from the one that was
// calibrated; nil for none.
func wrongRouter(path string, a *results.Artifact, got results.ArtifactRouter, x *mismatch) error {
	if x == nil {
		return nil
	}
	var err error
	want := a.Router
	switch {
	case x.what == "digest" && got.Spec == want.Spec:
		err = fmt.Errorf("%q was calibrated for another version of the router %q: found the model %.12s, expected %.12s", path, want.Spec, x.got, x.want)
	case x.what == "router" || x.what == "digest":
		err = fmt.Errorf("%q was calibrated for %s: found %s", path, describe(want), describe(got))
	default:
		err = fmt.Errorf("%q was calibrated for the router %q: found the %s %q, expected %q", path, want.Spec, x.what, x.got, x.want)
	}
	return hint.With(err, again(path, a, got.Spec)...)
}

// OpenThreshold reads an artifact to evaluate its threshold. It also returns the name of
// the artifact's router.
func OpenThreshold(path string, o RouterOptions) (*Calibrated, string, error) {
	a, r, err := ReadArtifact(path, "", o)
	if err != nil {
		return nil, "", err
	}
	if r.isClosedForm() {
		return nil, "", fmt.Errorf("%q: router %q is evaluated in closed form, without scores to compare with a threshold", path, r.Spec.Label)
	}
	digest, err := datasets.Digest(path)
	return &Calibrated{results.Input{Path: path, SHA256: digest}, a}, a.Router.Spec, err
}

// find returns the label of the artifact's router among the evaluated ones; "" for a nil
// threshold.
func (c *Calibrated) find(rs []Router) (string, error) {
	if c == nil {
		return "", nil
	}
	for _, r := range rs {
		if CheckIdentity(c.input.Path, c.artifact, r) == nil {
			return r.Spec.Label, nil
		}
	}
	return "", hint.With(fmt.Errorf("%q was calibrated for the router %q, which is not among the routers to evaluate", c.input.Path, c.artifact.Router.Spec),
		"thresholds of one router mean nothing to another", "leave out --router, or add --router "+c.artifact.Router.Spec)
}

// addTo measures the threshold on a benchmark.
func (c *Calibrated) addTo(m *measure.Benchmark, b *Benchmark, label string, scores []float64) error {
	strong := make([]bool, b.samples.Outcomes.N())
	for i, score := range scores {
		strong[i] = score >= c.artifact.Cut()
	}
	if err := m.AddDecisions(label+" calibrated", results.FromThreshold, c.artifact.Threshold, strong); err != nil {
		return err
	}
	if warning := c.originIn(b).warning(b.used); warning != "" {
		m.WarnRouter(warning)
	}
	if p := c.artifact.Pair; p != b.pair && p != (results.Pair{}) {
		m.WarnRouter(fmt.Sprintf("its threshold was calibrated for %s / %s, not for these models", p.Strong, p.Weak))
	}
	for _, warning := range ArtifactWarnings(c.artifact) {
		m.WarnRouter(warning)
	}
	return nil
}
