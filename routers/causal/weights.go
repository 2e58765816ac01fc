package causal

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/training"
)

// AdapterSHA256 is the digest of the adapter in the repository's folder model, which made
// the embedded scores of the built-in benchmarks.
const AdapterSHA256 = "87eeaa2af39254a4f9e79586742cba8acdd42532132f25f16a6bc0e32e2c1e24"

// adapterFile is the name of the adapter, which the server adds to the base model.
const adapterFile = "adapter.gguf"

// Adapted is a router whose server has loaded an adapter, according to the caller.
type Adapted struct {
	*Router
	sha256 string
	card   *training.Card
}

var _ interface {
	routers.Router
	routers.Weighted
	routers.Trained
	routers.Paired
} = (*Adapted)(nil)

// SHA256 returns the digest of the adapter.
func (a *Adapted) SHA256() string { return a.sha256 }

// TrainingPrompts returns the normalised digests of the adapter's training prompts.
func (a *Adapted) TrainingPrompts() []string { return a.card.TrainingPrompts() }

// Signatures returns the signatures of the training prompts that are in no built-in data set.
func (a *Adapted) Signatures() nearcopy.Set { return a.card.Signed }

// Pair returns the models that the adapter was trained for.
func (a *Adapted) Pair() (strong, weak string) { return a.card.Pair() }

// Adapt does what [New] does, for a server that has loaded the adapter in the folder dir:
// adapter.gguf, and training.safetensors with the digests of the training prompts. It
// cannot check that the server has loaded this adapter; llama.cpp's server is asked
// whether it has loaded any.
func Adapt(o Options, dir string) (*Adapted, error) {
	digest, err := datasets.Digest(filepath.Join(dir, adapterFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hint.With(err, "an adapter's folder holds adapter.gguf and training.safetensors, as scripts/train_causal.py writes them")
	}
	if err != nil {
		return nil, err
	}
	card, err := modelfile.FolderCard(dir, "routellm-causal")
	if err != nil {
		return nil, err
	}
	if card == nil {
		card = &training.Card{}
	}
	o.adapter = digest
	r, err := New(o)
	if err != nil {
		return nil, err
	}
	return &Adapted{r, digest, card}, nil
}
