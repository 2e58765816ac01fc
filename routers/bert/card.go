package bert

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

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

// readCard reads the account of the training in a folder, nil where there is none.
func readCard(dir string) (*training.Card, error) {
	path := filepath.Join(dir, "training.safetensors")
	card, err := training.Open(path, func(f *safetensors.File, digest string) (*training.Card, error) {
		c, err := training.ReadCard(f, "routellm-bert", digest)
		return &c, err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return card, err
}
