package causal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

func TestAdapt(t *testing.T) {
	r := newRouter(t, Options{Endpoint: "http://127.0.0.1:1/v1", Model: "m"})
	dir := t.TempDir()
	if _, err := Adapt(r, dir); err == nil || !strings.Contains(err.Error(), adapterFile) || len(datasets.Hints(err)) == 0 {
		t.Errorf("error %v of a folder without an adapter", err)
	}
	if err := os.WriteFile(filepath.Join(dir, adapterFile), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	a, err := Adapt(r, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.(routers.Model).SHA256(); got != datasets.DigestBytes([]byte("x")) {
		t.Errorf("digest %s", got)
	}
	if n := len(a.(routers.Trained).TrainingPrompts()); n != 0 {
		t.Errorf("%d training prompts that nothing names", n)
	}
}

// TestShippedAdapter checks the folder model.
func TestShippedAdapter(t *testing.T) {
	a, err := Adapt(newRouter(t, Options{Endpoint: "http://127.0.0.1:1/v1", Model: "m"}), "model")
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join("model", adapterFile)); err != nil || info.Size() > 1e6 {
		t.Errorf("%v, %v, want at most 1 MB", info, err)
	}
	if got := a.(routers.Model).SHA256(); got != AdapterSHA256 {
		t.Errorf("digest %s, want %s, whose scores are embedded: make scores", got, AdapterSHA256)
	}
	// 9,274 votes, 299 grades, 1,800 outcomes; some prompts are there twice.
	if n := len(a.(routers.Trained).TrainingPrompts()); n < 10000 || n > 11373 {
		t.Errorf("%d training prompts", n)
	}
}
