package bert

import "github.com/routellm/routellm/routers/training"

// ModelSHA256 is the digest of the network in the folder model, whose scores of the
// built-in benchmarks are embedded.
const ModelSHA256 = "eb2b361cc14f72ad41d4a68c4e4df7fde8be4f689171582a254ac4f0c35879dc"

// trainedClassifier is a classifier that knows what it was trained on.
type trainedClassifier struct {
	*classifier
	card *training.Card
}

// TrainingPrompts returns the normalised digests of the training prompts, those that
// chose its settings among them.
func (t *trainedClassifier) TrainingPrompts() []string { return t.card.TrainingPrompts() }

// Pair returns the models it was trained for.
func (t *trainedClassifier) Pair() (strong, weak string) { return t.card.Pair() }
