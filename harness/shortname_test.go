package harness

import (
	"testing"

	"github.com/routellm/routellm/datasets"
)

// TestShortNameHasNoFolder: results name a data set without a name of its own after its file, and
// eval -o writes its pictures under that name.
func TestShortNameHasNoFolder(t *testing.T) {
	path, _ := scoredFile(t, 6, false)
	f, err := datasets.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := ShortName(f); got != "data" {
		t.Errorf("the data set %q is called %q, want \"data\"", path, got)
	}
}
