package harness

import (
	"fmt"

	"github.com/routellm/routellm/results"
)

// ReadPoolArtifact reads an artifact with a policy for several models and opens its router. given
// names the router instead; "" stands for the artifact's own. Any router but the one that was
// calibrated is an error, and so is an artifact with a threshold for two models.
func ReadPoolArtifact(path, given string, o RouterOptions) (*results.Artifact, Predictor, error) {
	a, err := ParseArtifact(path)
	if err != nil {
		return nil, Predictor{}, err
	}
	if a.Pool == nil {
		return nil, Predictor{}, fmt.Errorf("%q: found a threshold for two models, expected a policy for several", path)
	}
	if given == "" {
		given = a.Router.Spec
	}
	p, err := OpenPredictor(given, o)
	if err != nil {
		return nil, p, fmt.Errorf("%q: %w", path, err)
	}
	return a, p, CheckPredictor(path, a, p)
}

// OpenPredictor opens the one router among several models that a name stands for.
func OpenPredictor(name string, o RouterOptions) (Predictor, error) {
	if _, err := oneSpec(name); err != nil {
		return Predictor{}, err
	}
	all, err := OpenPredictors([]string{name}, o)
	if err != nil {
		return Predictor{}, err
	}
	return all[0], nil
}

// CheckPredictor refuses any router but the one that was calibrated.
func CheckPredictor(path string, a *results.Artifact, p Predictor) error {
	got, err := IdentityOfPredictor(p)
	if err != nil {
		return err
	}
	return wrongRouter(path, a, got, mismatchOf(got, a.Router))
}
