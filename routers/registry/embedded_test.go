package registry

import (
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/mf"
)

// TestEmbeddedRoutersLearnedFromThePromptsOfMF holds what embedded assumes. causal learned from no votes.
func TestEmbeddedRoutersLearnedFromThePromptsOfMF(t *testing.T) {
	m, err := mf.Builtin("")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, norm := range m.TrainingPrompts() {
		known[norm] = true
	}
	for name, want := range map[string]int{"bert": len(m.TrainingPrompts()), "causal": 2099} {
		card, err := modelfile.FolderCard(filepath.Join("..", name, "model"), "routellm-"+name)
		if err != nil || card == nil {
			t.Fatalf("%s: card %v, %v", name, card, err)
		}
		if n := len(card.TrainingPrompts()); n != want {
			t.Errorf("%s learned from %d prompts, want %d", name, n, want)
		}
		for _, norm := range card.TrainingPrompts() {
			if !known[norm] {
				t.Fatalf("%s learned from %s, unlike mf", name, norm)
			}
		}
	}
}
