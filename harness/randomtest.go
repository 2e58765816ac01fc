package harness

import (
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// testRandom tests a router against random. trained reports whether it has held-out scores of
// prompts that it was trained on. Each of these is predicted from others that the test counts too, so
// that they depend on each other: of routers without skill, 6 to 12 % look worse than random there,
// where 2.5 % would by chance, and 25 to 49 % if their model file is from an earlier release. Such a
// finding means nothing.
func testRandom(o eval.Outcomes, clusters []int, scores []float64, trained bool, confidence float64) (*results.Test, error) {
	t, err := eval.RandomTest(o, clusters, scores, confidence)
	if err != nil {
		return nil, err
	}
	test := results.NewTest(t, confidence)
	if trained && test.Verdict == string(eval.Worse) {
		test.Verdict = string(eval.Inconclusive)
	}
	return test, nil
}

// holdsOutAny reports whether a router has a held-out score of any prompt, by normalised digest.
func holdsOutAny(r routers.Router, norms []string) bool {
	h, ok := routers.As[routers.HeldOut](r)
	return ok && slices.ContainsFunc(norms, func(norm string) bool {
		_, held := h.HeldOut(norm)
		return held
	})
}

// ArtifactWarnings returns what users of a threshold must know about its router: that it was
// not better than random on the calibration data, or was trained on prompts of other kinds.
func ArtifactWarnings(a *results.Artifact) []string {
	warnings := randomWarnings(a.AgainstRandom, " on the calibration data")
	if w := unlikeWarning(a); w != "" {
		warnings = append(warnings, w)
	}
	return warnings
}

// randomWarnings warns if a router is not better than random; t may be nil.
func randomWarnings(t *results.Test, where string) []string {
	if t == nil {
		return nil
	}
	return measure.RandomWarnings(*t, where)
}
