package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// fillArtifact notes a threshold with all that --artifact keeps of it.
func (c *calibration) fillArtifact(threshold float64, g result.Guarantee, pair result.Pair) error {
	if c.o.Artifact == "" && c.o.Drift == "" {
		return nil
	}
	router, err := identityOf(c.entrant)
	if err != nil {
		return err
	}
	c.artifact = result.Artifact{
		Kind: result.ArtifactKind, SchemaVersion: result.SchemaVersion, Tool: c.doc.Tool, Router: router,
		Inputs: []result.Input{c.doc.Reference}, Pair: pair, Guarantee: g,
		Scores: int64(len(c.scores)), Quantiles: eval.Quantiles(c.scores, eval.MaxReference),
	}
	c.artifact.SetCut(threshold)
	return nil
}

// identityOf tells a router from every other, as far as it has a digest.
func identityOf(n entrant) (result.ArtifactRouter, error) {
	out := result.ArtifactRouter{Spec: n.spec.String()}
	if n.isScoreFile() {
		var err error
		out.SHA256, err = datasets.Digest(n.spec.Arg)
		return out, err
	}
	if m, ok := n.router.(routers.Weighted); ok {
		out.SHA256 = m.SHA256()
	}
	if k, ok := kindOf(n.router); ok {
		out.Encoder, out.EncoderSHA256 = k.name, k.sha256
	}
	return out, nil
}

// parseArtifact reads a file that calibrate wrote.
func parseArtifact(path string) (*result.Artifact, error) {
	raw, err := os.ReadFile(path)
	var system *os.PathError
	if errors.As(err, &system) {
		return nil, hint.With(fmt.Errorf("%q: %w", path, system.Err), "routellm calibrate --artifact writes it")
	}
	a, err := result.ReadArtifact(raw)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return a, nil
}

// readArtifact reads an artifact and opens its router, which has to be the one that was
// calibrated. given is the value of --router, "" for the artifact's own.
func readArtifact(path, given string, o registry.Options) (*result.Artifact, entrant, error) {
	a, err := parseArtifact(path)
	if err != nil {
		return nil, entrant{}, err
	}
	if given == "" {
		given = a.Router.Spec
	}
	n, err := openCalibrated(given, o)
	if err != nil {
		return nil, n, fmt.Errorf("%q: %w", path, err)
	}
	return a, n, checkIdentity(path, a, n)
}

// checkIdentity refuses another router than the one that was calibrated.
func checkIdentity(path string, a *result.Artifact, n entrant) error {
	got, err := identityOf(n)
	if err != nil {
		return err
	}
	want := a.Router
	if want.SHA256 != "" { // a file may have been moved
		got.Spec = want.Spec
	}
	for _, x := range []struct{ what, got, want string }{
		{"router", got.Spec, want.Spec}, {"digest", got.SHA256, want.SHA256},
		{"encoder", got.Encoder, want.Encoder}, {"encoder's digest", got.EncoderSHA256, want.EncoderSHA256},
	} {
		if x.got != x.want {
			return hint.With(fmt.Errorf("%q was calibrated for the router %q: found the %s %q, expected %q", path, want.Spec, x.what, x.got, x.want),
				"thresholds of one router mean nothing to another: calibrate this one")
		}
	}
	return nil
}

// load takes the calibration of --from.
func (c *calibration) load(o registry.Options) error {
	a, n, err := readArtifact(c.o.From, c.o.Router, o)
	if err != nil {
		return err
	}
	c.artifact, c.entrant = *a, n
	c.doc.Router, c.doc.Prompts = n.spec.Label, a.Scores
	if len(a.Inputs) > 0 {
		c.doc.Reference = a.Inputs[0]
	}
	return nil
}
