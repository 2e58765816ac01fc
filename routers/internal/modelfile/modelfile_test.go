package modelfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFolderCard(t *testing.T) {
	dir := t.TempDir()
	if card, err := FolderCard(dir, "routellm-x"); card != nil || err != nil {
		t.Errorf("%v, %v where there is none", card, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "training.safetensors"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := FolderCard(dir, "routellm-x"); err == nil || !strings.Contains(err.Error(), "training.safetensors") {
		t.Errorf("error %v, want one about training.safetensors", err)
	}
}
