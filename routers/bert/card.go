package bert

import (
	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/routers/training"
)

// ModelSHA256 is the digest of the network in the repository's folder model, which made
// the embedded scores of the built-in benchmarks.
const ModelSHA256 = "294a299faf74efb9915299645b1ccde985e370513989fe37bca60da7ce4d3960"

// trainedClassifier is a classifier with a training card.
type trainedClassifier struct {
	*classifier
	card *training.Card
}

// TrainingPrompts returns the normalised digests of the training prompts, including those
// that chose the settings.
func (t *trainedClassifier) TrainingPrompts() []string { return t.card.TrainingPrompts() }

// Signatures returns the signatures of the training prompts that are in no built-in data set.
func (t *trainedClassifier) Signatures() nearcopy.Set { return t.card.Signed }

// Pair returns the models that the classifier was trained for.
func (t *trainedClassifier) Pair() (strong, weak string) { return t.card.Pair() }
