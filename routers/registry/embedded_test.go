package registry

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/mf"
)

// TestEmbeddedRoutersLearnedFromThePromptsOfMF holds what embedded assumes.
func TestEmbeddedRoutersLearnedFromThePromptsOfMF(t *testing.T) {
	m, err := mf.Builtin("")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bert", "causal"} {
		card, err := modelfile.FolderCard(filepath.Join("..", name, "model"), "routellm-"+name)
		if err != nil || card == nil {
			t.Fatalf("%s: card %v, %v", name, card, err)
		}
		if !slices.Equal(card.TrainingPrompts(), m.TrainingPrompts()) {
			t.Errorf("%s learned from %d prompts, not from the %d of mf", name, len(card.TrainingPrompts()), len(m.TrainingPrompts()))
		}
	}
}
