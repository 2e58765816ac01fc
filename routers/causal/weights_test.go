package causal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// adapterFolder makes the folder of an adapter.
func adapterFolder(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, adapterFile), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAdapt(t *testing.T) {
	o := Options{Endpoint: "http://127.0.0.1:1/v1", Model: "m"}
	if _, err := Adapt(o, t.TempDir()); err == nil || !strings.Contains(err.Error(), adapterFile) || len(datasets.Hints(err)) == 0 {
		t.Errorf("error %v of a folder without an adapter", err)
	}
	dir := adapterFolder(t, "x")
	if a, err := Adapt(Options{}, dir); a != nil || err == nil || !strings.Contains(err.Error(), "no endpoint") {
		t.Errorf("%v, %v without an endpoint", a, err)
	}
	a, err := Adapt(o, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.SHA256(); got != datasets.DigestBytes([]byte("x")) {
		t.Errorf("digest %s", got)
	}
	if n := len(a.TrainingPrompts()); n != 0 {
		t.Errorf("%d training prompts that nothing names", n)
	}
}

// TestShippedAdapter checks the folder model.
func TestShippedAdapter(t *testing.T) {
	a, err := Adapt(Options{Endpoint: "http://127.0.0.1:1/v1", Model: "m"}, "model")
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join("model", adapterFile)); err != nil || info.Size() > 1e6 {
		t.Errorf("%v, %v, want at most 1 MB", info, err)
	}
	if got := a.SHA256(); got != AdapterSHA256 {
		t.Errorf("digest %s, want %s, whose scores are embedded: make scores", got, AdapterSHA256)
	}
	// 9,274 votes, 299 grades, 1,800 outcomes; some prompts are there twice.
	if n := len(a.TrainingPrompts()); n < 10000 || n > 11373 {
		t.Errorf("%d training prompts", n)
	}
}
