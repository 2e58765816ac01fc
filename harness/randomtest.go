package harness

import (
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
)

// testRandom tests a router against random.
func testRandom(o eval.Outcomes, clusters []int, scores []float64, confidence float64) (*results.Test, error) {
	t, err := eval.RandomTest(o, clusters, scores, confidence)
	if err != nil {
		return nil, err
	}
	return results.NewTest(t, confidence), nil
}

// ArtifactWarnings returns what users of a threshold must know about its router: that it was
// not better than random on the calibration data.
func ArtifactWarnings(a *results.Artifact) []string {
	return randomWarnings(a.AgainstRandom, " on the calibration data")
}

// randomWarnings warns if a router is not better than random; t may be nil.
func randomWarnings(t *results.Test, where string) []string {
	if t == nil {
		return nil
	}
	return measure.RandomWarnings(*t, where)
}
