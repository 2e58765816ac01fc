package cmdutil

import (
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// WarnArtifact warns if the router of an artifact was not better than random when it was
// calibrated, or not trained on prompts like those of the calibration.
func (s Streams) WarnArtifact(a *results.Artifact) {
	for _, warning := range harness.ArtifactWarnings(a) {
		s.Feedback().Note("warning: " + a.Router.Spec + ": " + warning)
	}
}
